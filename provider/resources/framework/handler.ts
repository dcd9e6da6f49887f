import { isDeepStrictEqual } from "node:util";
import type { ControlPlaneAddress } from "../../control-planes/connect";
import { poolKey, serviceKey } from "../ownership/claim-keys";
import type { Claim } from "../ownership/claims";
import { conflictsOf } from "../ownership/conflicts";
import { type Pinned, requirePinned } from "../ownership/service-pin";
import { poolIdOf } from "../pool-reference";
import { announce } from "./announce";
import { changesBetween, type PropertyChange, topOf } from "./changes";
import { type Checked, checkInputs, withDefaults } from "./check";
import type {
  Created,
  Known,
  Lifecycle,
  LifecycleContext,
  Observed,
  Properties,
  RotationPart,
} from "./lifecycle";
import { containsUnknown } from "./unknown";
import type { Violation } from "./violation";

/** A property that changes, and whether that makes a new resource. */
export interface ResourceChange extends PropertyChange {
  readonly replaces: boolean;
}

/** What an update of a resource would change. */
export interface Difference {
  readonly changes: readonly ResourceChange[];
  /** The control plane has changed, so an update is needed although no input changed. */
  readonly needsUpdate: boolean;
}

/** What a check may know besides the inputs. */
export interface CheckOptions {
  /** Inputs of the last deployment; absent for a resource that is new. */
  readonly previous?: Properties | undefined;
  /** Name of the resource, where it is known. */
  readonly resourceName?: string | undefined;
  /** Part of the token in a rotation, where it has one. */
  readonly rotation?: RotationPart | undefined;
  /** The part that it had in the last deployment, where that is known. */
  readonly formerRotation?: RotationPart | undefined;
  /** False: credentials are not known yet, so nothing is asked. Default: true. */
  readonly isReachable?: boolean;
}

/** What a comparison compares. */
export interface Versions {
  /** Inputs of the last deployment; where the engine does not say them, state holds them too. */
  readonly before?: Properties | undefined;
  readonly state: Properties;
  readonly wanted: Properties;
}

/**
 * What the engine asks of a resource, over plain values: both adapters hand their requests to this and only translate.
 * It keeps the deployment's claims, so that what is deleted later can be told from what moved.
 */
export class ResourceHandler {
  private readonly lifecycle: Lifecycle;

  constructor(lifecycle: Lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** Validates inputs and notes what they declare. It never throws on bad input. */
  check(given: Properties, context: LifecycleContext, options: CheckOptions = {}): Promise<Checked> {
    return context.claims.registration.during(() => this.checkNow(given, context, options));
  }

  private async checkNow(
    given: Properties,
    context: LifecycleContext,
    options: CheckOptions,
  ): Promise<Checked> {
    const { previous, resourceName, rotation, formerRotation, isReachable = true } = options;
    const { inputs, violations } = checkInputs(this.lifecycle, given, context, {
      previous,
      resourceName,
      rotation,
      formerRotation,
      skipCredentials: !isReachable,
    });
    if (violations.length > 0 || !isReachable) return { inputs, violations };
    // A resource that stays as it is was compared with others when it was made.
    const isNew = previous === undefined;
    if (containsUnknown(inputs)) {
      return { inputs, violations: isNew ? await this.foresee(inputs, context) : [] };
    }
    // The engine checks a replacement twice.
    const isKnown = context.claims.ofOwner(ownerOf(context)) !== undefined;
    const asks = isNew || changesBetween(this.knownInputs(previous), inputs).length > 0;
    const reasons = await conflictsOf(this.declare(inputs, context), context, { asks });
    const conflicts = reasons.map((reason) => ({ property: "", reason }));
    if (conflicts.length > 0 || !isNew || isKnown) return { inputs, violations: conflicts };
    return { inputs, violations: await announce(this.lifecycle.plan?.(inputs, undefined, context), context) };
  }

  /** Says what can be said while some inputs are not known yet. */
  private async foresee(inputs: Properties, context: LifecycleContext): Promise<readonly Violation[]> {
    const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
    if (known["controlPlane"] === undefined) return [];
    return announce(this.lifecycle.foresee?.(known as Known<Properties>, context), context);
  }

  /**
   * Compares what is wanted with what is there.
   * @throws Error where the resource lives on another service than the one that is configured now.
   */
  diff(versions: Versions, context: LifecycleContext, { isReachable = true } = {}): Promise<Difference> {
    return context.claims.registration.during(() => this.diffNow(versions, context, isReachable));
  }

  private async diffNow(
    { before, state, wanted }: Versions,
    context: LifecycleContext,
    isReachable: boolean,
  ): Promise<Difference> {
    const isKnown = isReachable && !containsUnknown(wanted);
    if (isKnown && (await this.isSameAddress(state, wanted, context)))
      requirePinned(context, state as unknown as Pinned);
    const replaced = new Set(await this.replacedProperties(state, wanted, context, isKnown));
    const changes = changesBetween(this.knownInputs(before ?? state), wanted);
    // State can differ from the inputs of last time, as after an update that failed half way.
    const unseen = [...replaced].filter((key) => !changes.some(({ path }) => topOf(path) === key));
    const all = [...changes, ...unseen.map((path) => ({ path, kind: "update" as const }))].map((change) => ({
      ...change,
      replaces: replaced.has(topOf(change.path)),
    }));
    if (!isKnown) return { changes: all, needsUpdate: false };
    this.noteHeld(state, context);
    if (replaced.size === 0) this.renewClaims(wanted, state, context);
    const needsUpdate =
      replaced.size === 0 && ((await this.lifecycle.needsUpdate?.(state, wanted, context)) ?? false);
    // A refresh compares, too, and changes nothing.
    const isDeclared = context.claims.ofOwner(ownerOf(context)) !== undefined;
    if (isDeclared && (needsUpdate || all.length > 0)) {
      const isReplaced = replaced.size > 0;
      const [updatedState, replacedState] = isReplaced ? [undefined, state] : [state, undefined];
      const plan = this.lifecycle.plan?.(wanted, updatedState, context, replacedState);
      const refusals = await announce(plan, context);
      for (const { reason } of refusals) context.warn(`${context.subject}: ${reason}`);
    }
    return { changes: all, needsUpdate };
  }

  async create(inputs: Properties, context: LifecycleContext): Promise<Created<Properties>> {
    requireRunning(context, "created");
    await this.requireNoConflict(inputs, context);
    const created = await this.lifecycle.create(inputs, context);
    this.declare(inputs, context, created.state);
    return created;
  }

  read(
    id: string,
    state: Properties,
    context: LifecycleContext,
  ): Promise<Observed<Properties, Properties> | undefined> {
    return this.lifecycle.read(id, state, context);
  }

  async update(
    id: string,
    state: Properties,
    inputs: Properties,
    context: LifecycleContext,
  ): Promise<Properties> {
    requireRunning(context, "updated");
    await this.requireNoConflict(inputs, context, state);
    const updated = await this.lifecycle.update(id, state, inputs, context);
    this.declare(inputs, context, updated);
    return updated;
  }

  async delete(id: string, state: Properties, context: LifecycleContext): Promise<void> {
    requireRunning(context, "deleted");
    return this.lifecycle.delete(id, state, context);
  }

  /** Notes what is declared. */
  private declare(inputs: Properties, context: LifecycleContext, state?: Properties): readonly Claim[] {
    const claims = this.claimsOf(inputs, context, state);
    for (const claim of claims) context.claims.declare(claim);
    return claims;
  }

  /** State says the ids of what is declared, which saves asking for them. */
  private renewClaims(wanted: Properties, state: Properties, context: LifecycleContext): void {
    for (const claim of this.claimsOf(wanted, context, state)) context.claims.renew(claim);
  }

  private claimsOf(inputs: Properties, context: LifecycleContext, state?: Properties): readonly Claim[] {
    const address = inputs["controlPlane"] as ControlPlaneAddress;
    const service = serviceKey({ kind: address.kind, url: context.connections.urlOf(address) });
    return (this.lifecycle.claims?.(inputs, context, state) ?? []).map((claim) => ({ ...claim, service }));
  }

  /** @throws Error where another resource of the program declares the same for another pool. */
  private async requireNoConflict(
    inputs: Properties,
    context: LifecycleContext,
    state?: Properties,
  ): Promise<void> {
    const [reason] = await conflictsOf(this.declare(inputs, context, state), context);
    if (reason !== undefined) throw new Error(`${context.subject}: ${reason}`);
  }

  /** What state holds is this deployment's to move, also when a replacement does it. */
  private noteHeld(state: Properties, { claims, connections, subject, urn }: LifecycleContext): void {
    const { controlPlane } = state as unknown as Pinned;
    for (const { poolId, target } of this.lifecycle.holds?.(state) ?? []) {
      const pool = poolKey({ kind: controlPlane.kind, url: connections.urlOf(controlPlane) }, poolId);
      if (target) claims.noteHeld(pool, { ...target, poolId }, { owner: subject, urn });
      else claims.notePool(pool, { owner: subject, urn });
    }
  }

  /** The inputs among known properties, with the defaults that have come since. */
  private knownInputs(properties: Properties): Properties {
    const { shape } = this.lifecycle.definition.inputs;
    const inputs = Object.entries(properties).filter(([key]) => key in shape);
    return withDefaults(shape, Object.fromEntries(inputs));
  }

  private async replacedProperties(
    state: Properties,
    wanted: Properties,
    context: LifecycleContext,
    isKnown: boolean,
  ): Promise<readonly string[]> {
    const known = this.knownInputs(state);
    const isSamePlace = await this.isSameAddress(state, wanted, context);
    const changed = this.lifecycle.definition.replaceOn.filter(
      (key) =>
        !isDeepStrictEqual(known[key], wanted[key]) &&
        !(key === "controlPlane" && isSamePlace) &&
        !(key === "pool" && isSamePlace && isSamePool(known[key], wanted[key])),
    );
    if (!isKnown || changed.length > 0) return changed;
    return (await this.lifecycle.replaces?.(state, wanted, context)) ?? [];
  }

  /** What was imported names no URL, so one that is stated later may be the same that the environment had named. */
  private async isSameAddress(
    { controlPlane, serviceUrl }: Properties,
    wanted: Properties,
    { connections }: LifecycleContext,
  ): Promise<boolean> {
    const known = controlPlane as ControlPlaneAddress | undefined;
    const next = wanted["controlPlane"] as ControlPlaneAddress | undefined;
    if (!known || !next || containsUnknown(next)) return false;
    if (isDeepStrictEqual(known, next)) return true;
    return connections.isSame({ ...known, url: known.url ?? (serviceUrl as string | undefined) }, next);
  }
}

/** Ids of pools name the organization, which can have two names. */
function isSamePool(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string" && poolIdOf(one) === poolIdOf(other);
}

function ownerOf({ subject, urn }: LifecycleContext): { owner: string; urn: string | undefined } {
  return { owner: subject, urn };
}

/** What is under way is finished, and nothing new begins. */
function requireRunning({ cancelled, subject }: LifecycleContext, done: string): void {
  if (cancelled?.aborted) throw new Error(`${subject} was not ${done}: the deployment was cancelled.`);
}

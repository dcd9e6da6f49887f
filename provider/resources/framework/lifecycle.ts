import type { Clock } from "../../clock";
import type { Connections } from "../../control-planes/connect";
import type { Claim, Claims, HeldTarget } from "../ownership/claims";
import type { ResourceDefinition } from "./definition";
import type { Violation } from "./violation";

/** Properties of a resource whose types are not known where they pass through. */
export type Properties = Record<string, unknown>;

/** What a lifecycle may use of the deployment that it works for. */
export interface LifecycleContext {
  readonly connections: Connections;
  /** What this deployment declares. */
  readonly claims: Claims;
  /** How messages name the resource, for example `StackPoolAssignment "network-prod"`. */
  readonly subject: string;
  /** URN of the resource, where the adapter knows it. */
  readonly urn?: string | undefined;
  /** Address of the engine that takes the results, where it is known. */
  readonly engineAddress?: string | undefined;
  /** Tells the user what is likely to be wrong, or what has a consequence that nobody may miss, though the operation goes on. */
  warn(message: string): void;
  /** Tells the user what an update does; previews show it. */
  inform(message: string): void;
  /** Tells the user how a wait goes on. */
  progress(message: string): void;
  /** Aborted when the deployment is cancelled: a wait must end then. */
  readonly cancelled?: AbortSignal | undefined;
  /** The waits and deadlines of lifecycles go by it. */
  readonly clock: Clock;
}

/** What a token is in a `RotatingPoolToken`: of this generation, or of the one before. */
export type RotationPart = "current" | "previous";

/** What a rule may want to know besides the inputs. */
export interface CheckContext {
  /** Whether a property has a value that is not known yet. */
  isUnknown(property: string): boolean;
  /** Inputs of the last deployment; absent for a resource that is new. */
  readonly previous?: Properties | undefined;
  /** Part of the token in a rotation; absent for one that no `RotatingPoolToken` made. */
  readonly rotation?: RotationPart | undefined;
  /** The part that it had in the last deployment; absent for one that is new, or that an earlier version made. */
  readonly formerRotation?: RotationPart | undefined;
}

/** A pool that a resource manages; with `target`, a pool to which it assigned that target. */
export interface Held {
  readonly poolId: string;
  readonly target?: Omit<HeldTarget, "poolId">;
}

/** Inputs in a preview: some may not be known yet, but the control plane is. */
export type Known<Inputs extends Properties> = Partial<Inputs> & {
  readonly controlPlane: Inputs["controlPlane"];
};

/** A resource that was just made. */
export interface Created<State> {
  readonly id: string;
  readonly state: State;
}

/** A resource as it really is, with the inputs that would have made it so. */
export interface Observed<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/**
 * What happens to one kind of resource, told apart from how Pulumi is spoken to and from HTTP. Methods get checked
 * inputs. Any of them may throw; {@link PartialFailure} where something was made all the same.
 */
export interface Lifecycle<Inputs extends Properties = Properties, State extends Properties = Properties> {
  readonly definition: ResourceDefinition;
  /** Nobody can change the real thing, so a read of what state knows finds the same inputs. */
  readonly isWithoutDrift?: true;
  /** Rules that need more than one property. Called only when those present are valid; unknown ones are absent. */
  rules(inputs: Partial<Inputs>, context: CheckContext): Violation[];
  /**
   * Inputs in one canonical form, so that equal things compare equal.
   * @param previous inputs of the last deployment; absent for a resource that is new.
   */
  normalize?(inputs: Inputs, previous?: Properties): Inputs;
  /**
   * What the resource declares, so that deleting another resource leaves it alone. Makes no request.
   * @param state of the resource, where it exists.
   */
  claims?(inputs: Inputs, context: LifecycleContext, state?: State): readonly Claim[];
  /** What a state holds: the pool that it manages, or targets that it gave to a pool. */
  holds?(state: State): readonly Held[];
  /** Properties besides `replaceOn` whose change, between state and inputs, makes a new resource. */
  replaces?(state: State, inputs: Inputs, context: LifecycleContext): Promise<readonly string[]>;
  /** Whether the control plane has changed so that an update is needed although no input changed. */
  needsUpdate?(state: State, inputs: Inputs, context: LifecycleContext): Promise<boolean>;
  /**
   * What the next create (no state) or update does, one sentence each, for previews.
   * @param replaced state of the resource that the one to be created takes the place of.
   */
  plan?(
    inputs: Inputs,
    state: State | undefined,
    context: LifecycleContext,
    replaced?: State,
  ): Promise<readonly string[]>;
  /**
   * As `plan`, of a resource to be made of which not everything is known yet, as in the first preview of a program.
   * @param known the inputs that are known as a whole, the control plane among them.
   */
  foresee?(known: Known<Inputs>, context: LifecycleContext): Promise<readonly string[]>;
  create(inputs: Inputs, context: LifecycleContext): Promise<Created<State>>;
  /** Undefined: the resource is gone. `state` is empty where only the id is known. */
  read(
    id: string,
    state: Partial<State>,
    context: LifecycleContext,
  ): Promise<Observed<Inputs, State> | undefined>;
  update(id: string, state: State, inputs: Inputs, context: LifecycleContext): Promise<State>;
  /** Something already gone is a success. */
  delete(id: string, state: State, context: LifecycleContext): Promise<void>;
}

/** The resource exists, but not all of it succeeded: it is kept in state and updated by the next deployment. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly reasons: readonly string[];

  constructor(id: string, state: Readonly<Record<string, unknown>>, reasons: readonly string[]) {
    super(reasons.join("; "));
    this.id = id;
    this.state = state;
    this.reasons = reasons;
  }
}

import type { ControlPlane, Target } from "../../control-planes/control-plane";
import type { ControlPlaneKind } from "../../control-planes/planes";
import { describeTarget } from "../../control-planes/target-words";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../framework/definition";
import type { Lifecycle, LifecycleContext } from "../framework/lifecycle";
import { makeId, requireId } from "../ids";
import { organizationText, poolKey } from "../ownership/claim-keys";
import { givenUp, heldBefore, poolsOf, stillLeaving, targetsAt, withIds } from "../ownership/leaving";
import { connectPinned } from "../ownership/service-pin";
import { canonicalPool, describePool, missingPool, poolIdOf, requirePool } from "../pool-reference";
import { assignmentKeys } from "../targets/assigning";
import { lookFor, missingNow, type Seen, takenNow } from "../targets/foresee";
import { inParallel } from "../targets/in-parallel";
import {
  listOfTargets,
  nameWithoutOrganization,
  pluralOf,
  targetKinds,
  targetText,
} from "../targets/targets";
import { converge, differenceTo } from "./converge";
import { stackPoolAssignments } from "./definition";
import { byText, type Member, membersOf, stateOf } from "./members";
import { driftOf, everyTarget, knownMembers, listByKind, whereAre } from "./observe";
import { mostReleases, releaseSet } from "./release";
import { assignmentsRules } from "./rules";
import { describeSelector, identityOf, isPlainName, select, selectorsOf, warnOfEmpty } from "./selection";

type Inputs = InputsOf<typeof stackPoolAssignments>;
type State = StateOf<typeof stackPoolAssignments>;

/** Lifecycle of `StackPoolAssignments`: keeps a set of targets at one pool by the difference to what it did before. */
export const stackPoolAssignmentsLifecycle: Lifecycle<Inputs, State> = {
  definition: stackPoolAssignments,

  rules: assignmentsRules,

  normalize(inputs) {
    const { controlPlane, pool, targets, exclude } = inputs;
    return {
      ...inputs,
      pool: canonicalPool(controlPlane, pool),
      targets: withoutOrganization(controlPlane.kind, targets),
      ...(exclude && { exclude: withoutOrganization(controlPlane.kind, exclude) }),
    };
  },

  claims(inputs, context, state) {
    const { connections, subject, urn } = context;
    const { kind } = inputs.controlPlane;
    const organization = organizationText(context, inputs.controlPlane);
    const url = connections.urlOf(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    return [
      {
        owner: subject,
        urn,
        pool: poolKey({ kind, url }, poolId),
        activeWorkTimeoutSeconds: inputs.activeWorkTimeoutSeconds,
        ...(inputs.maxReleases !== undefined && { maxReleases: inputs.maxReleases }),
        declared: selectorsOf(inputs.targets).map(
          ({ kind: target, by, text }) =>
            `${describeTarget({ kind: target, name: by === "name" ? text : `with ${by} ${text}` })} of ${organization}`,
        ),
        async resolve() {
          const plane = connections.connect(inputs.controlPlane);
          const known = state && byText(membersOf(state).values());
          const { targets } = await select(plane, inputs, known);
          const keys = await Promise.all(
            [...targets.values()].map((target) => assignmentKeys(plane, target, poolId)),
          );
          return keys.flat();
        },
      },
    ];
  },

  holds(state) {
    const held = [...membersOf(state).values()].map((target) => ({ poolId: state.poolId, target }));
    // What a refresh has shown at another pool is taken back, and what the set gave up is the program's to move.
    const drifted = targetsAt({ ...state.leaving, ...state.elsewhere }, state.targetIds);
    return [...held, ...drifted.map(({ poolId, ...target }) => ({ poolId, target }))];
  },

  /** What leaves a set is given back when the old resource is deleted: not before everything else is declared. */
  async replaces(state, inputs, context) {
    const { isLosing } = await differenceTo(connectPinned(context, state), state, inputs);
    return isLosing ? ["targets"] : [];
  },

  async needsUpdate(state, inputs, context) {
    const { toAssign } = await differenceTo(connectPinned(context, state), state, inputs);
    return toAssign.length > 0;
  },

  async plan(inputs, state, context, replaced) {
    const plane = context.connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    const nothing = { assigned: [], accessGranted: [] };
    const before = state ?? (replaced?.poolId === poolId ? replaced : nothing);
    const noPool = state || replaced ? undefined : await missingPool(plane, poolId);
    if (noPool) context.warn(`${context.subject}: ${noPool} The deployment fails.`);
    const { toAssign, selected } = await differenceTo(plane, before, inputs);
    const pool = await describePool(plane, poolId);
    const missing = state || replaced ? new Set() : await warnOfMissing(plane, inputs, context);
    warnOfEmpty(selected, context);
    const there = toAssign.filter((target) => !missing.has(targetText(target)));
    const taken = await announceTaken(plane, there, { ...inputs, poolId }, context);
    const free = there.filter((target) => !taken.has(target));
    return [
      ...(free.length > 0 && !noPool ? [`assigns ${countOf(free)} to ${pool}: ${listOfTargets(free)}`] : []),
      ...(replaced ? await leavingWith(replaced, inputs, selected.targets, plane, context) : []),
    ];
  },

  async foresee({ controlPlane, targets, exclude, overwrite = false }, context) {
    if (!targets) return [];
    const plane = context.connections.connect(controlPlane);
    const missing = await warnOfMissing(plane, { targets }, context);
    const selected = await select(plane, { targets, exclude });
    warnOfEmpty(selected, context);
    const found = [...selected.targets.values()].filter((target) => !missing.has(targetText(target)));
    await announceTaken(plane, found, { overwrite }, context);
    return found.length > 0 ? [`selects ${countOf(found)}: ${listOfTargets(found)}`] : [];
  },

  async create(inputs, context) {
    const plane = context.connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    const before = heldBefore(plane, context);
    const here = before.filter((member) => member.poolId === poolId);
    const elsewhere = poolsOf(before.filter((member) => member.poolId !== poolId)).pools;
    // What takes another set's place at its pool needs no more permissions than an update: not to read pools.
    if (here.length === 0) await requirePool(plane, poolId);
    const id = makeId(inputs.controlPlane, "assignments", poolId);
    const { targets } =
      before.length > 0 ? await select(plane, inputs, byText(here)) : { targets: new Map() };
    const isSelected = (member: Member) => targets.has(identityOf(member));
    const kept = stateOf(here.filter(isSelected));
    const leaving = await givenUp(
      plane,
      before.filter((member) => !isSelected(member)),
      context,
    );
    const start: State = { ...inputs, poolId, serviceUrl: plane.url, elsewhere, ...withIds(kept, leaving) };
    return { id, state: await converge(id, plane, start, inputs, context) };
  },

  async read(id, known, context) {
    const { kind, organization, rest } = requireId(id, "assignments/<poolId>", 2);
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connectPinned(context, { ...known, controlPlane });
    const poolId = known.poolId ?? rest[1] ?? "";
    const candidates = knownMembers(known) ?? (await everyTarget(plane));
    const { held, drifted } = await whereAre(plane, poolId, candidates, context);
    if (held.length === 0 && !known.targets) return undefined;
    const inputs: Inputs = inputsWithDefaults(stackPoolAssignments, {
      ...known,
      controlPlane,
      pool: known.pool ?? canonicalPool(controlPlane, poolId),
      targets: known.targets ?? listByKind(held),
    });
    const { declaredAs } = known;
    const state = {
      ...inputs,
      poolId,
      serviceUrl: plane.url,
      ...withIds(stateOf(held), await stillLeaving(plane, known)),
      ...(declaredAs && { declaredAs }),
    };
    // An import takes what the pool has, and nothing is missing from that.
    const isDrift = known.assigned !== undefined && drifted.length > 0;
    const drift = isDrift ? driftOf(drifted, state, known.accessGranted ?? []) : undefined;
    return { id, inputs, state: { ...state, ...drift } };
  },

  async update(id, state, inputs, context) {
    const plane = connectPinned(context, state);
    const { leaving: _, ...kept } = state;
    const start = { ...kept, ...withIds(kept, await stillLeaving(plane, state)) };
    return converge(id, plane, start, inputs, context);
  },

  async delete(_id, state, context) {
    const plane = connectPinned(context, state);
    await context.claims.releases.of(poolKey(plane, state.poolId), () => releaseSet(plane, state, context));
  },
};

/** A plain name that stands for nothing is most likely misspelt. @returns those, by {@link targetText}. */
async function warnOfMissing(
  plane: ControlPlane,
  { targets }: Pick<Inputs, "targets">,
  { warn, subject }: LifecycleContext,
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  await inParallel(selectorsOf(targets).filter(isPlainName), async (selector) => {
    const { kind, text: name } = selector;
    const reference = { kind, name: nameWithoutOrganization(plane.kind, { kind, name }) };
    if (await lookFor(plane, reference)) return;
    missing.add(targetText(reference));
    warn(`${subject}: ${describeSelector(selector)}: ${missingNow(plane, reference)}`);
  });
  return missing;
}

/** Tells of targets that may not be ours to take from the pool that they have, as far as lists say it. @returns those. */
async function announceTaken(
  plane: ControlPlane,
  targets: readonly Target[],
  { poolId, overwrite }: { readonly poolId?: string; readonly overwrite: boolean },
  { claims, inform, subject }: LifecycleContext,
): Promise<ReadonlySet<Target>> {
  const pools = Map.groupBy(targets, (target: Seen) => target.poolId);
  const taken = new Set<Target>();
  for (const [other, theirs] of overwrite ? [] : pools) {
    if (other === undefined || other === poolId) continue;
    const refused = theirs.filter((target) => !claims.mayTakeFrom(poolKey(plane, other), target));
    if (refused.length > 0) inform(`${subject}: ${takenNow(refused, await describePool(plane, other))}`);
    for (const target of refused) taken.add(target);
  }
  return taken;
}

/** What a set that is replaced gives back: the members that the new one does not select. */
async function leavingWith(
  replaced: State,
  inputs: Inputs,
  selected: ReadonlyMap<string, Target>,
  plane: ControlPlane,
  { connections }: LifecycleContext,
): Promise<string[]> {
  const former = connections.connect(replaced.controlPlane);
  const members = membersOf(replaced);
  const leaving = [...members]
    .filter(([identity]) => former !== plane || !selected.has(identity))
    .map(([, member]) => member);
  if (leaving.length === 0) return [];
  const pool = await describePool(former, replaced.poolId);
  const most = mostReleases(inputs, members.size);
  const limit =
    leaving.length > most
      ? ` (at most ${most} are allowed; what other resources declare does not count)`
      : "";
  return [`releases ${countOf(leaving)} from ${pool}${limit}: ${listOfTargets(leaving)}`];
}

function withoutOrganization(plane: ControlPlaneKind, lists: Inputs["targets"]): Inputs["targets"] {
  const kinds = new Map([...targetKinds.keys()].map((kind) => [pluralOf(kind), kind]));
  const named = Object.entries(lists).map(([property, texts]) => {
    const kind = kinds.get(property);
    return [property, kind ? texts?.map((name) => nameWithoutOrganization(plane, { kind, name })) : texts];
  });
  return Object.fromEntries(named) as Inputs["targets"];
}

function countOf(targets: readonly unknown[]): string {
  return targets.length === 1 ? "1 target" : `${targets.length} targets`;
}

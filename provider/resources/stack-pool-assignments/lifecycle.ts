import type { ControlPlane, Target } from "../../control-planes/control-plane";
import type { ControlPlaneKind } from "../../control-planes/planes";
import { describeTarget } from "../../control-planes/target-words";
import { assignmentKeys } from "../assigning";
import { organizationText, poolKey } from "../claim-keys";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../definition";
import { makeId, requireId } from "../ids";
import type { Lifecycle, LifecycleContext } from "../lifecycle";
import { canonicalPool, describePool, poolIdOf, requirePool } from "../pool-reference";
import { connectPinned } from "../service-pin";
import {
  listOfTargets,
  nameWithoutOrganization,
  pluralOf,
  targetFromText,
  targetKinds,
  targetText,
} from "../targets";
import { converge, differenceTo } from "./converge";
import { stackPoolAssignments } from "./definition";
import { byText, type Member, membersOf, stateOf } from "./members";
import { driftOf, everyTarget, knownMembers, listByKind, whereAre } from "./observe";
import { mostReleases, releaseSet } from "./release";
import { assignmentsRules } from "./rules";
import { describeSelector, identityOf, select, selectorsOf } from "./selection";

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
    // What a refresh has shown at another pool is taken back.
    const drifted = Object.entries(state.elsewhere ?? {}).map(([text, poolId]) => ({
      poolId,
      target: { ...targetFromText(text), id: state.targetIds?.[text] ?? targetFromText(text).name },
    }));
    return [...held, ...drifted];
  },

  /** What leaves a set is given back when the old resource is deleted: not before everything else is declared. */
  async replaces(state, inputs, context) {
    const { toRelease } = await differenceTo(connectPinned(context, state), state, inputs);
    return toRelease.length > 0 ? ["targets"] : [];
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
    const { toAssign, selected } = await differenceTo(plane, before, inputs);
    const pool = await describePool(plane, poolId);
    return [
      ...(toAssign.length > 0 ? [`assigns ${countOf(toAssign)} to ${pool}: ${listOfTargets(toAssign)}`] : []),
      ...(replaced ? await leavingWith(replaced, inputs, selected.targets, plane, context) : []),
      ...selected.empty.map((selector) => `${describeSelector(selector)} selects nothing at present`),
    ];
  },

  async create(inputs, context) {
    const plane = context.connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    const { here, elsewhere } = heldBefore(plane, poolId, context);
    // What takes another set's place at its pool needs no more permissions than an update: not to read pools.
    if (here.length === 0) await requirePool(plane, poolId);
    const id = makeId(inputs.controlPlane, "assignments", poolId);
    const kept = stateOf(await stillSelected(plane, here, inputs));
    const start: State = { ...inputs, poolId, serviceUrl: plane.url, ...kept, elsewhere };
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
      ...stateOf(held),
      ...(declaredAs && { declaredAs }),
    };
    // An import takes what the pool has, and nothing is missing from that.
    const isDrift = known.assigned !== undefined && drifted.length > 0;
    const drift = isDrift ? driftOf(drifted, state, known.accessGranted ?? []) : undefined;
    return { id, inputs, state: { ...state, ...drift } };
  },

  async update(id, state, inputs, context) {
    return converge(id, connectPinned(context, state), state, inputs, context);
  },

  async delete(_id, state, context) {
    await releaseSet(connectPinned(context, state), state, context);
  },
};

/** What the set whose place this one takes has at the pool, and the other pools of what it has elsewhere. */
function heldBefore(
  plane: ControlPlane,
  poolId: string,
  { claims, subject, urn }: LifecycleContext,
): { here: Member[]; elsewhere: Record<string, string> } {
  const key = poolKey(plane, poolId);
  const held = claims.heldBy({ owner: subject, urn });
  const here = held
    .filter(({ pool }) => pool === key)
    .map(({ target: { kind, id, name = id, accessGranted = false } }) => ({ kind, id, name, accessGranted }));
  const others = held.filter(({ pool, target }) => pool !== key && pool === poolKey(plane, target.poolId));
  const elsewhere = others.map(({ target: { kind, id, name = id, poolId: other } }) => [
    targetText({ kind, name }),
    other,
  ]);
  return { here, elsewhere: Object.fromEntries(elsewhere) as Record<string, string> };
}

/** Those of the members that the inputs select. */
async function stillSelected(
  plane: ControlPlane,
  members: readonly Member[],
  inputs: Inputs,
): Promise<Member[]> {
  if (members.length === 0) return [];
  const { targets } = await select(plane, inputs, byText(members));
  return members.filter((member) => targets.has(identityOf(member)));
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

import type { AssignedTarget, TargetReference } from "../../control-planes/control-plane";
import { describeTarget } from "../../control-planes/target-words";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../framework/definition";
import type { Lifecycle } from "../framework/lifecycle";
import { makeId, requireId } from "../ids";
import { organizationText, poolKey } from "../ownership/claim-keys";
import { announceHostedRunners } from "../ownership/hosted-runners";
import { givenUp, heldBefore, stillLeaving, targetsAt } from "../ownership/leaving";
import { connectPinned } from "../ownership/service-pin";
import { canonicalPool, describePool, poolIdOf, requirePool } from "../pool-reference";
import { assignmentKeys, assignTarget, identify, releaseTarget } from "../targets/assigning";
import { foreseeAssignment } from "../targets/foresee";
import { nameWithoutOrganization, targetFromPath, targetPath } from "../targets/targets";
import { stackPoolAssignment } from "./definition";
import { assignmentRules, namedKinds } from "./rules";

type Inputs = InputsOf<typeof stackPoolAssignment>;
type State = StateOf<typeof stackPoolAssignment>;

/** Lifecycle of `StackPoolAssignment`: owns one key of a target's settings, and nothing else of it. */
export const stackPoolAssignmentLifecycle: Lifecycle<Inputs, State> = {
  definition: stackPoolAssignment,

  rules: assignmentRules,

  normalize(inputs) {
    const { controlPlane, pool } = inputs;
    const { kind, name } = targetOf(inputs);
    const target = { [kind]: nameWithoutOrganization(controlPlane.kind, { kind, name }) };
    return { ...inputs, pool: canonicalPool(controlPlane, pool), target };
  },

  claims(inputs, context, state) {
    const { connections, subject, urn } = context;
    const poolId = poolIdOf(inputs.pool);
    const { kind, name } = targetOf(inputs);
    const url = connections.urlOf(inputs.controlPlane);
    const knownId = state && isSameName(state, inputs) ? state.targetId : undefined;
    return [
      {
        owner: subject,
        urn,
        pool: poolKey({ kind: inputs.controlPlane.kind, url }, poolId),
        declared: [`${describeTarget({ kind, name })} of ${organizationText(context, inputs.controlPlane)}`],
        async resolve() {
          const plane = connections.connect(inputs.controlPlane);
          const id = knownId ?? (await identify(plane, { kind, name }))?.id;
          return id === undefined ? [] : assignmentKeys(plane, { kind, id }, poolId);
        },
      },
    ];
  },

  holds(state) {
    const { kind, name } = targetIn(state);
    const target = { kind, id: name };
    // What a refresh has shown at another pool is taken back.
    const held = [state.poolId, poolIdOf(state.pool)].map((poolId) => ({ poolId, target }));
    return [...held, ...targetsAt(state.leaving).map(({ poolId, ...left }) => ({ poolId, target: left }))];
  },

  /** A name and an id of one thing are one target. */
  async replaces(state, inputs, context) {
    if (isSameName(state, inputs)) return [];
    const target = targetOf(inputs);
    if (state.targetId === undefined || target.kind !== targetOf(state).kind) return ["target"];
    const plane = connectPinned(context, state);
    const found = await plane.assignments.find(target);
    if (found) return found.id === state.targetId ? [] : ["target"];
    const ours = await plane.assignments.find({ ...target, name: state.targetId });
    if (!ours) return ["target"];
    throw new Error(
      `${plane.displayName}: there is no ${describeTarget(target)} in organization ${plane.organization}. The one that this assignment has is called ${ours.name}: if it was renamed, write its new name.`,
    );
  },

  async needsUpdate(state) {
    return state.accessLost === true;
  },

  async plan(inputs, state, context) {
    const poolId = poolIdOf(inputs.pool);
    if (state && poolIdOf(state.pool) === poolId && !state.accessLost) return [];
    const plane = context.connections.connect(inputs.controlPlane);
    const target = targetOf(inputs);
    if (state) return [`assigns ${describeTarget(target)} to ${await describePool(plane, poolId)}`];
    return foreseeAssignment(plane, target, { poolId, overwrite: inputs.overwrite }, context);
  },

  async foresee({ controlPlane, target, overwrite }, context) {
    if (!target) return [];
    const plane = context.connections.connect(controlPlane);
    return foreseeAssignment(plane, targetOf({ target }), { overwrite }, context);
  },

  async create(inputs, context) {
    const plane = context.connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    const target = targetOf(inputs);
    await requirePool(plane, poolId);
    const { id: targetId, accessGranted } = await assignTarget(plane, target, { ...inputs, poolId }, context);
    const former = heldBefore(plane, context).filter(({ id }) => id !== targetId);
    const leaving = await givenUp(plane, former, context);
    return {
      id: makeId(inputs.controlPlane, ...targetPath(target)),
      state: { ...inputs, poolId, targetId, accessGranted, serviceUrl: plane.url, ...leaving },
    };
  },

  async read(id, known, context) {
    const { kind, organization, rest } = requireId(id, "<kind of target>/<name>");
    const reference = targetFromPath(rest);
    if (!reference) {
      throw new Error(
        `"${id}" names no target: expected for example ${kind}/${organization}/stack/network/prod.`,
      );
    }
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connectPinned(context, { ...known, controlPlane });
    const target = known.target ? targetOf({ target: known.target }) : reference;
    const found = await plane.assignments.find({ ...target, name: known.targetId ?? target.name });
    if (!found) await plane.assignments.confirmGone({ ...target, name: known.targetId ?? target.name });
    if (!found?.poolId) {
      if (found && known.poolId !== undefined) {
        context.warn(
          `${context.subject}: somebody took ${describeTarget(found)} from ${await describePool(plane, known.poolId)}. It has no pool of its own now, so its work may run on the vendor's hosted runners. The next update assigns it again.`,
        );
      }
      return undefined;
    }
    // The pool that we gave the target to stays known: only from that one a delete may take it.
    const poolId = known.poolId ?? found.poolId;
    const isOurs = found.poolId === poolId;
    // Without access the assignment is void. It still stands, and keeps its pool from being deleted.
    const accessLost = isOurs && found.access === "none";
    const isSamePool = known.pool !== undefined && poolIdOf(known.pool) === found.poolId;
    const inputs = inputsWithDefaults(stackPoolAssignment, {
      ...known,
      controlPlane,
      pool: isSamePool ? known.pool : canonicalPool(controlPlane, found.poolId),
      target: observedTarget(found, known.target ?? { [reference.kind]: reference.name }),
    });
    const accessGranted = (known.accessGranted ?? true) && (found.access === "list" || !isOurs);
    return {
      id,
      inputs,
      state: {
        ...inputs,
        poolId,
        targetId: found.id,
        accessGranted,
        serviceUrl: plane.url,
        ...(accessLost && { accessLost }),
        ...(await stillLeaving(plane, { leaving: known.leaving })),
      },
    };
  },

  async update(_id, state, inputs, context) {
    const plane = connectPinned(context, state);
    const poolId = poolIdOf(inputs.pool);
    const { targetId, accessGranted } = state;
    // After a refresh the pool that is there can be another one than the one that we gave.
    const isThere = poolId === state.poolId && poolId === poolIdOf(state.pool) && !state.accessLost;
    const leaving = await stillLeaving(plane, { leaving: state.leaving });
    if (isThere) return { ...inputs, poolId, targetId, accessGranted, serviceUrl: plane.url, ...leaving };
    await requirePool(plane, poolId);
    const former = { poolId: state.poolId, accessGranted };
    const assigned = await assignTarget(plane, targetIn(state), { ...inputs, poolId, former }, context);
    return {
      ...inputs,
      poolId,
      targetId: assigned.id,
      accessGranted: assigned.accessGranted,
      serviceUrl: plane.url,
      ...leaving,
    };
  },

  async delete(_id, state, context) {
    const plane = connectPinned(context, state);
    const { poolId, accessGranted } = state;
    const { onDestroy: fallback, activeWorkTimeoutSeconds } = inputsWithDefaults(stackPoolAssignment, state);
    const releasing = { poolId, accessGranted, fallback, activeWorkTimeoutSeconds };
    const released = await context.claims.releases.of(poolKey(plane, poolId), () =>
      releaseTarget(plane, targetIn(state), releasing, context),
    );
    if (released === "to-hosted-runners") announceHostedRunners(plane, [targetOf(state)], context);
  },
};

function isSameName(state: Pick<Inputs, "target">, inputs: Pick<Inputs, "target">): boolean {
  const [one, other] = [targetOf(state), targetOf(inputs)];
  return one.kind === other.kind && one.name === other.name;
}

function targetOf({ target }: Pick<Inputs, "target">): TargetReference {
  const [kind] = namedKinds(target);
  if (!kind) throw new TypeError("an assignment without a target passed its check");
  return { kind, name: target[kind] ?? "" };
}

/** The target of a state: by its id, which outlives its name. */
function targetIn(state: State): TargetReference {
  const { kind, name } = targetOf(state);
  return { kind, name: state.targetId ?? name };
}

/** The target as it was declared, as long as that still names it. */
function observedTarget({ kind, id, name }: AssignedTarget, declared: Inputs["target"]) {
  const known = declared[kind];
  return { [kind]: known !== undefined && (known === id || known === name) ? known : name };
}

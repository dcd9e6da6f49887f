import { type TargetKind, targetKinds } from "../../control-planes/capabilities";
import type { ControlPlane, Target } from "../../control-planes/control-plane";
import type { Circumstances, Failure } from "../check";
import type { InputsOf, StateOf } from "../definition";
import { makeId, requireId } from "../ids";
import type { Lifecycle, LifecycleContext } from "../lifecycle";
import { canonicalPool, poolIdOf, poolRules, requirePool } from "../pool-reference";
import {
  fallbackRules,
  kindRules,
  stackRules,
  stackWithoutOrganization,
  targetFromPath,
  targetPath,
} from "../targets";
import { stackPoolAssignment } from "./definition";

type Inputs = InputsOf<typeof stackPoolAssignment>;
type State = StateOf<typeof stackPoolAssignment>;

/** Lifecycle of `StackPoolAssignment`: owns one key of a target's settings, and nothing else of it. */
export const stackPoolAssignmentLifecycle: Lifecycle<Inputs, State> = {
  definition: stackPoolAssignment,

  rules(inputs, circumstances) {
    return [
      ...poolRules(inputs.controlPlane, inputs.pool),
      ...fallbackRules(inputs.controlPlane?.kind, inputs.onDestroy),
      ...targetRules(inputs, circumstances),
    ];
  },

  normalize(inputs) {
    const { stack } = inputs.target;
    return {
      ...inputs,
      pool: canonicalPool(inputs.controlPlane, inputs.pool),
      ...(stack && { target: { stack: stackWithoutOrganization(stack) } }),
    };
  },

  async create(inputs, { connections }) {
    const plane = connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    const target = targetOf(inputs);
    await requirePool(plane, poolId);
    const { accessGranted } = await plane.assign(target, poolId);
    return {
      id: makeId(inputs.controlPlane, ...targetPath(target)),
      state: { ...inputs, poolId, accessGranted },
    };
  },

  async read(id, known, { connections }) {
    const { kind, organization, rest } = requireId(id, "stack/<project>/<stack>");
    const target = targetFromPath(rest);
    if (!target)
      throw new Error(
        `"${id}" names no target: expected for example ${kind}/${organization}/stack/network/prod.`,
      );
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connections.connect(controlPlane);
    const found = await plane.findAssignment(target);
    if (!found) await plane.verifyAccess();
    // Without access the assignment is void: it is made anew, which grants access again.
    if (!found?.poolId || found.access === "none") return undefined;
    const same = known.pool !== undefined && poolIdOf(known.pool) === found.poolId;
    const inputs: Inputs = {
      controlPlane,
      pool: same && known.pool ? known.pool : canonicalPool(controlPlane, found.poolId),
      target: known.target ?? { [target.kind]: target.name },
      onDestroy: known.onDestroy ?? "inherit",
    };
    const accessGranted = found.access === "list";
    return { id, inputs, state: { ...inputs, poolId: found.poolId, accessGranted } };
  },

  async update(_id, state, inputs, { connections }) {
    const poolId = poolIdOf(inputs.pool);
    if (poolId === state.poolId) return { ...inputs, poolId, accessGranted: state.accessGranted };
    const plane = connections.connect(inputs.controlPlane);
    await requirePool(plane, poolId);
    const { accessGranted } = await plane.assign(targetOf(inputs), poolId);
    await leaveOldPool(plane, targetOf(inputs), state);
    return { ...inputs, poolId, accessGranted };
  },

  async delete(_id, { poolId, accessGranted, onDestroy, ...inputs }, context) {
    const plane = context.connections.connect(inputs.controlPlane);
    const target = targetOf(inputs);
    const options = { fallback: onDestroy, revokeAccess: accessGranted };
    if (await plane.unassign(target, poolId, options)) await warnOfHostedRunners(plane, target, context);
  },
};

/** The pool that the target used before must not go on allowing it. */
async function leaveOldPool(
  plane: ControlPlane,
  target: Target,
  { poolId, accessGranted }: { poolId: string; accessGranted: boolean },
): Promise<void> {
  if (accessGranted) await plane.unassign(target, poolId, { fallback: "inherit", revokeAccess: true });
}

/** Work that leaves the private network is a security event, so it never happens in silence. */
async function warnOfHostedRunners(plane: ControlPlane, { kind, name }: Target, context: LifecycleContext) {
  if (plane.kind !== "pulumi-cloud" || (await plane.findDefaultPool())) return;
  context.warn(
    `${kind} ${name} has no runner pool any more and organization ${plane.organization} has no default pool: its work now runs on the vendor's hosted runners.`,
  );
}

function targetOf({ target }: Pick<Inputs, "target">): Target {
  const kind = given(target)[0];
  if (!kind) throw new TypeError("an assignment without a target passed its check");
  return { kind, name: target[kind] ?? "" };
}

function given(target: Inputs["target"]): TargetKind[] {
  return targetKinds.filter((kind) => target[kind] !== undefined);
}

function targetRules(inputs: Partial<Inputs>, { isUnknown }: Circumstances): Failure[] {
  const { target, controlPlane } = inputs;
  if (!target) return [];
  const kinds = given(target);
  if (kinds.length > 1) {
    return [
      { property: "target", reason: `names ${kinds.join(" and ")}: an assignment has exactly one target` },
    ];
  }
  if (kinds.length === 0 && !isUnknown("target")) {
    return [{ property: "target", reason: `names no target: give one of ${targetKinds.join(", ")}` }];
  }
  return [
    ...kindRules(controlPlane?.kind, kinds, (kind) => `target.${kind}`),
    ...(target.stack ? stackRules(controlPlane?.organization, target.stack, "target.stack") : []),
  ];
}

import type {
  AssignedTarget,
  ControlPlane,
  Fallback,
  Target,
  TargetReference,
} from "../../control-planes/control-plane";
import { ControlPlaneError } from "../../control-planes/http/error";
import { describePlane } from "../../control-planes/planes";
import { describeTarget } from "../../control-planes/target-words";
import type { LifecycleContext } from "../framework/lifecycle";
import { accessKey, poolKey, serviceKey, targetKey } from "../ownership/claim-keys";
import { announceUnknownRunners } from "../ownership/hosted-runners";
import { describePool } from "../pool-reference";
import { atRest } from "./active-work";
import { requireNotCancelled } from "./in-parallel";

/** The target that a name or an id stands for. Where the name is the identity, nothing is asked. */
export async function identify(plane: ControlPlane, reference: TargetReference): Promise<Target | undefined> {
  const { kind, name } = reference;
  return describePlane(plane.kind).targets[kind]?.nameIsId
    ? { kind, id: name, name }
    : plane.assignments.find(reference);
}

/** How a target comes to a pool. */
export interface Assigning {
  readonly poolId: string;
  /** The pool that state says the target has, and whether we gave it access to that one. */
  readonly former?: { readonly poolId: string; readonly accessGranted: boolean } | undefined;
  /** Take the target from a pool of somebody else. */
  readonly overwrite: boolean;
  /** How long to wait for work that a move would break. Seconds. */
  readonly activeWorkTimeoutSeconds: number;
}

/** A target that has its pool. */
export interface Assigned {
  readonly id: string;
  readonly name: string;
  /** The target is in the pool's list, and leaves it with the assignment. */
  readonly accessGranted: boolean;
}

/**
 * Points a target at a pool. One that has the pool already is taken over as it is; one that somebody else's pool has is
 * left alone unless told otherwise.
 * @throws Error that names both pools, the missing target, or the work that goes on for too long.
 */
export async function assignTarget(
  plane: ControlPlane,
  reference: TargetReference,
  assigning: Assigning,
  context: LifecycleContext,
): Promise<Assigned> {
  const { claims } = context;
  const { poolId, former } = assigning;
  const managesAccess = (id: string) => claims.managesAccess(poolKey(plane, id));
  return withTarget(plane, reference, context, async (found, key) => {
    if (!found) throw missingTarget(plane, reference);
    const target = await readyForPool(plane, found, assigning, context);
    const { id, name } = target;
    // Both the setting and the entry in the list make one assignment, so both are taken over.
    const accessGranted = hasPool(target, poolId)
      ? target.access === "list"
      : (await plane.assignments.assign(target, poolId)).accessGranted || managesAccess(poolId);
    await claims.things.departed(key);
    const left = new Set<string>();
    if (former?.accessGranted) left.add(former.poolId);
    if (target.poolId !== undefined && managesAccess(target.poolId)) left.add(target.poolId);
    left.delete(poolId);
    for (const pool of left) await revokeAccess(plane, target, pool, context);
    return { id, name, accessGranted };
  });
}

function hasPool({ poolId, access }: AssignedTarget, wanted: string): boolean {
  return poolId === wanted && access !== "none";
}

/** The target as it is once it may be moved to the pool. */
async function readyForPool(
  plane: ControlPlane,
  found: AssignedTarget,
  assigning: Assigning,
  context: LifecycleContext,
): Promise<AssignedTarget> {
  const { poolId, activeWorkTimeoutSeconds } = assigning;
  await requireFree(plane, found, assigning, context);
  if (found.poolId === poolId) return found;
  const target = await atRest(plane, found, activeWorkTimeoutSeconds, context);
  if (!target) throw missingTarget(plane, found);
  await requireFree(plane, target, assigning, context);
  requireNotCancelled(context.cancelled);
  return target;
}

/** How a target leaves a pool. */
export interface Releasing {
  readonly poolId: string;
  readonly fallback: Fallback;
  /** We gave the target access to the pool. */
  readonly accessGranted: boolean;
  readonly activeWorkTimeoutSeconds: number;
}

/** What became of a target that was to leave its pool. */
export type Released = "gone" | "left-alone" | "to-hosted-runners" | "to-inherited-pool";

/**
 * Ends a target's setting while it is this pool, unless another resource of the deployment declares the target now; and
 * takes back the access that was given for it, unless another resource declares that.
 */
export async function releaseTarget(
  plane: ControlPlane,
  reference: TargetReference,
  releasing: Releasing,
  context: LifecycleContext,
): Promise<Released> {
  const { claims } = context;
  const { poolId, fallback, activeWorkTimeoutSeconds } = releasing;
  // This can take a while, and between the look at the target and the change of it no time may pass.
  await claims.resolved(serviceKey(plane));
  return withTarget(plane, reference, context, async (found, key) => {
    const isDeclared = async () => (await claims.on(key)).length > 0;
    const isToLeave = found?.poolId === poolId && !(await isDeclared());
    const target = isToLeave ? await atRest(plane, found, activeWorkTimeoutSeconds, context) : found;
    if (!target) {
      await plane.assignments.confirmGone(reference);
      return "gone";
    }
    requireNotCancelled(context.cancelled);
    const isOurs = target.poolId === poolId;
    const staysDeclared = isOurs && (await isDeclared());
    if (isOurs && !staysDeclared) await release(plane, target, fallback, context);
    if (releasing.accessGranted || claims.managesAccess(poolKey(plane, poolId))) {
      const revoke = () => revokeAccess(plane, target, poolId, context);
      // The other resource moves the target in a moment; until then it needs the access that it has.
      if (staysDeclared) claims.things.onDeparture(key, revoke);
      else await revoke();
    }
    if (!isOurs || staysDeclared) return "left-alone";
    if (fallback === "hosted") return "to-hosted-runners";
    return plane.assignments.inheritedPool(target, { fresh: true }).then(
      (pool) => (pool === undefined ? "to-hosted-runners" : "to-inherited-pool"),
      (error: unknown) => {
        announceUnknownRunners(plane, target, error, context);
        return "to-inherited-pool";
      },
    );
  });
}

/** The next deployment finds nothing of ours where the service did the work and then failed: what that means is said now. */
async function release(
  plane: ControlPlane,
  target: AssignedTarget,
  fallback: Fallback,
  context: LifecycleContext,
): Promise<void> {
  try {
    await plane.assignments.release(target, fallback);
  } catch (error) {
    if (error instanceof ControlPlaneError && error.ambiguous) {
      announceUnknownRunners(plane, target, error, context);
    }
    throw error;
  }
}

/** Finds the target as it is now and works on it alone. */
async function withTarget<Result>(
  plane: ControlPlane,
  reference: TargetReference,
  { claims }: LifecycleContext,
  work: (found: AssignedTarget | undefined, key: string) => Promise<Result>,
): Promise<Result> {
  const seenAt = Date.now();
  const found = await plane.assignments.find(reference, { fresh: true });
  if (!found) return work(undefined, "");
  const key = targetKey(plane, await plane.organizationId(), found);
  return claims.things.exclusively(key, seenAt, async (changedSince) => {
    const now = changedSince
      ? await plane.assignments.find({ ...reference, name: found.id }, { fresh: true })
      : found;
    return work(now, key);
  });
}

/** A target that a stranger's pool has is theirs. A pool of this deployment may give its targets to another one. */
async function requireFree(
  plane: ControlPlane,
  target: AssignedTarget,
  { poolId, former, overwrite }: Assigning,
  { claims, cancelled }: LifecycleContext,
): Promise<void> {
  const { kind, id, poolId: current } = target;
  if (current === undefined || overwrite || [poolId, former?.poolId].includes(current)) return;
  const key = poolKey(plane, current);
  // The resource that tells that the pool is ours may be registered a moment later than this one.
  if (!claims.mayTakeFrom(key, { kind, id })) await claims.registration.quiet(cancelled);
  if (claims.mayTakeFrom(key, { kind, id })) return;
  const [theirs, ours] = await Promise.all([describePool(plane, current), describePool(plane, poolId)]);
  throw new Error(
    `${plane.displayName}: ${describeTarget(target)} is assigned to ${theirs}, which this program does not manage, and was not moved to ${ours}. To take it, set overwrite: true. To leave it where it is, remove it from this program.`,
  );
}

async function revokeAccess(
  plane: ControlPlane,
  target: AssignedTarget,
  poolId: string,
  { claims }: LifecycleContext,
): Promise<void> {
  const isDeclared = (await claims.on(accessKey(poolKey(plane, poolId), target.id))).length > 0;
  if (!isDeclared) await plane.assignments.revokeAccess?.(target, poolId);
}

function missingTarget(plane: ControlPlane, target: TargetReference): Error {
  return new Error(
    `${plane.displayName}: there is no ${describeTarget(target)} in organization ${plane.organization}, or the credential may not see it. Check its name; it must exist before a pool can be assigned to it.`,
  );
}

/** Keys of the things that an assignment of a target to a pool consists of. */
export async function assignmentKeys(
  plane: ControlPlane,
  target: { kind: string; id: string },
  poolId: string | undefined,
): Promise<string[]> {
  const organization = await plane.organizationId();
  const key = targetKey(plane, organization, target);
  return poolId === undefined ? [key] : [key, accessKey(poolKey(plane, poolId), target.id)];
}

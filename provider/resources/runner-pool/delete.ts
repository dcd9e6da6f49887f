import type { ControlPlane, Target } from "../../control-planes/control-plane";
import { ControlPlaneError, hasStatus } from "../../control-planes/http/error";
import { describePlane } from "../../control-planes/planes";
import type { LifecycleContext } from "../framework/lifecycle";
import { poolKey } from "../ownership/claim-keys";
import { listOfTargets } from "../targets/targets";

/** What is deleted, and whether also while it is in use. */
export interface Deleting {
  readonly poolId: string;
  readonly name: string;
  readonly forceDestroy: boolean;
}

/**
 * Deletes a pool that nothing uses. Where it is in use, and this deployment takes it from its users at the same time, it is
 * tried once more after that.
 * @throws Error that says who uses it, and what to do.
 */
export async function deletePool(
  plane: ControlPlane,
  pool: Deleting,
  context: LifecycleContext,
): Promise<void> {
  const { releases } = context.claims;
  const key = poolKey(plane, pool.poolId);
  const endedBefore = releases.endedOf(key);
  try {
    await deleteNow(plane, pool, context);
  } catch (error) {
    const isOther = error instanceof ControlPlaneError && !hasStatus(error, 400, 409, 422);
    if (isOther || !(await releases.settle(key, endedBefore, context.cancelled))) throw error;
    await deleteNow(plane, pool, context);
  }
}

/** What would move work to the vendor's hosted runners is refused, or announced where it is forced. */
async function deleteNow(plane: ControlPlane, pool: Deleting, context: LifecycleContext): Promise<void> {
  const { poolId, name, forceDestroy } = pool;
  // Another resource of the program has adopted it.
  if ((await context.claims.on(poolKey(plane, poolId))).length > 0) return;
  const isDefault = (await plane.defaultPool.find({ fresh: true })) === poolId;
  if (isDefault && !forceDestroy) throw new Error(defaultPoolRefusal(plane, name));
  const users = await silentUsers(plane, poolId);
  if (users.length > 0 && !forceDestroy) throw new Error(inUseRefusal(plane, name, users));
  if (!(await deleteUnused(plane, pool, context))) await plane.pools.confirmGone(poolId);
  if (users.length > 0) {
    context.warn(
      `${plane.displayName}: pool "${name}" was deleted while in use, as forceDestroy says: the work of ${listOfTargets(users)} now runs on the vendor's hosted runners.`,
    );
  }
  if (isDefault) {
    context.warn(
      `${plane.displayName}: pool "${name}" was the default of organization ${plane.organization}: work without an assignment now runs on the vendor's hosted runners.`,
    );
  }
}

/** What uses the pool and does not keep the plane from deleting it. What the credential may not list, or the plan lacks, is not known. */
async function silentUsers(plane: ControlPlane, poolId: string): Promise<readonly Target[]> {
  const kinds = Object.keys(describePlane(plane.kind).targets);
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      try {
        return (await plane.assignments.listUnprotected?.(kind, poolId)) ?? [];
      } catch (error) {
        if (hasStatus(error, 402, 403, 404)) return [];
        throw error;
      }
    }),
  );
  return lists.flat();
}

async function deleteUnused(
  plane: ControlPlane,
  { poolId, name, forceDestroy }: Deleting,
  { warn }: LifecycleContext,
): Promise<boolean> {
  try {
    return await plane.pools.delete(poolId, { force: false });
  } catch (error) {
    if (!hasStatus(error, 400, 409, 422)) throw error;
    if (!forceDestroy)
      throw error.withAdvice(`${await usersInWords(plane, poolId)}${inUseAdvice(plane, name)}`);
    const isDeleted = await plane.pools.delete(poolId, { force: true });
    warn(
      `${plane.displayName}: pool "${name}" was deleted while in use, as forceDestroy says: that work now runs on the vendor's hosted runners. ${error.vendorMessage}`,
    );
    return isDeleted;
  }
}

/** Where the plane can list what uses a pool: who it is, as a sentence. A list that cannot be read hides no refusal. */
async function usersInWords(plane: ControlPlane, poolId: string): Promise<string> {
  const users = (await plane.assignments.listAssigned?.(poolId).catch(() => [])) ?? [];
  if (users.length === 0) return "";
  return `${listOfTargets(users)} ${users.length === 1 ? "uses" : "use"} it. `;
}

function defaultPoolRefusal(plane: ControlPlane, name: string): string {
  const { capabilities } = describePlane(plane.kind);
  const force = capabilities.forceDestroy
    ? " To delete it all the same, set forceDestroy: true, run `pulumi up`, then destroy."
    : "";
  return `${plane.displayName}: pool "${name}" was not deleted: it is the default of organization ${plane.organization}, and work without an assignment would move to the vendor's hosted runners. Make another pool the default first.${force}`;
}

function inUseRefusal(plane: ControlPlane, name: string, users: readonly Target[]): string {
  return `${plane.displayName}: pool "${name}" was not deleted: ${listOfTargets(users)} ${users.length === 1 ? "uses" : "use"} it, and that work would move to the vendor's hosted runners. ${inUseAdvice(plane, name)}`;
}

function inUseAdvice(plane: ControlPlane, name: string): string {
  const force = describePlane(plane.kind).capabilities.forceDestroy
    ? " To delete it all the same, and let that work move to the vendor's hosted runners, set forceDestroy: true, run `pulumi up`, then destroy."
    : "";
  return `Pool "${name}" is kept. Take it from everything that uses it first (assignments of this program are destroyed before their pool).${force}`;
}

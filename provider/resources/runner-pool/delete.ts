import type { ControlPlane } from "../../control-planes/control-plane";
import { hasStatus } from "../../control-planes/error";
import { describePlane } from "../../control-planes/planes";
import { poolKey } from "../claim-keys";
import type { LifecycleContext } from "../lifecycle";

/** What is deleted, and whether also while it is in use. */
export interface Deleting {
  readonly poolId: string;
  readonly name: string;
  readonly forceDestroy: boolean;
}

/** Deletes a pool that nothing uses. What would move work to the vendor's hosted runners is refused, or announced where it is forced. */
export async function deletePool(
  plane: ControlPlane,
  pool: Deleting,
  context: LifecycleContext,
): Promise<void> {
  const { poolId, name, forceDestroy } = pool;
  // Another resource of the program has adopted it.
  if ((await context.claims.on(poolKey(plane, poolId))).length > 0) return;
  const isDefault = (await plane.defaultPool.find({ fresh: true })) === poolId;
  if (isDefault && !forceDestroy) throw new Error(defaultPoolRefusal(plane, name));
  if (!(await deleteUnused(plane, pool, context))) await plane.pools.confirmGone(poolId);
  if (isDefault) {
    context.warn(
      `${plane.displayName}: pool "${name}" was the default of organization ${plane.organization}: work without an assignment now runs on the vendor's hosted runners.`,
    );
  }
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
    if (!forceDestroy) throw error.withAdvice(inUseAdvice(plane, name));
    const isDeleted = await plane.pools.delete(poolId, { force: true });
    warn(
      `${plane.displayName}: pool "${name}" was deleted while in use, as forceDestroy says: that work now runs on the vendor's hosted runners. ${error.vendorMessage}`,
    );
    return isDeleted;
  }
}

function defaultPoolRefusal(plane: ControlPlane, name: string): string {
  const { capabilities } = describePlane(plane.kind);
  const force = capabilities.forceDestroy
    ? " To delete it all the same, set forceDestroy: true, run `pulumi up`, then destroy."
    : "";
  return `${plane.displayName}: pool "${name}" was not deleted: it is the default of organization ${plane.organization}, and work without an assignment would move to the vendor's hosted runners. Make another pool the default first.${force}`;
}

function inUseAdvice(plane: ControlPlane, name: string): string {
  const force = describePlane(plane.kind).capabilities.forceDestroy
    ? " To delete it all the same, and let that work move to the vendor's hosted runners, set forceDestroy: true, run `pulumi up`, then destroy."
    : "";
  return `Pool "${name}" is kept. Take it from everything that uses it first (assignments of this program are destroyed before their pool).${force}`;
}

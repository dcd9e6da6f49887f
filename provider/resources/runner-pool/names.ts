import { randomBytes } from "node:crypto";
import type { ControlPlane, Pool } from "../../control-planes/control-plane";
import { ControlPlaneError } from "../../control-planes/error";
import { describePlane } from "../../control-planes/planes";
import { nameKey, poolKey } from "../claim-keys";
import type { Claim } from "../claims";
import type { LifecycleContext } from "../lifecycle";

/** How long another resource of the program may take to rename its pool, and the time between two looks. Milliseconds. */
const renameTime = 10_000;
const lookInterval = 250;

/**
 * Sees to it that a name is free. A pool whose place another one takes gives its name up: it is renamed, and soon deleted.
 * For a pool that this program names otherwise now, its own update is waited for.
 * @param own a pool that may have the name; absent for a pool that is made.
 * @throws ControlPlaneError that says which pool has it.
 */
export async function freeName(
  plane: ControlPlane,
  name: string,
  own: string | undefined,
  { claims, subject, urn, clock, cancelled }: LifecycleContext,
): Promise<void> {
  const taken = await namesake(plane, name, own);
  if (!taken) return;
  const pool = poolKey(plane, taken.id);
  const manager = claims.managerOf(pool);
  const isReplaced = own === undefined && claims.managedBefore(pool, { owner: subject, urn });
  if (isReplaced || (claims.isOwnPool(pool) && !manager)) {
    await plane.pools.update(taken.id, { name: passingName(name, "replaced") });
  } else if (manager && (await isNamedOtherwise(manager, pool, name))) {
    const giveBack = own === undefined ? undefined : await giveUpName(plane, own);
    const deadline = clock.now() + renameTime;
    while ((await namesake(plane, name, own)) && clock.now() < deadline) {
      if (!(await clock.pause(lookInterval, cancelled))) break;
    }
    if (await namesake(plane, name, own)) await giveBack?.();
  }
  await requireFreeName(plane, name, own);
}

/** The pool that is waited for may wait for this one's name in turn, as when two pools change names. */
async function giveUpName(plane: ControlPlane, own: string): Promise<() => Promise<unknown>> {
  const former = (await plane.pools.list()).find(({ id }) => id === own)?.name ?? own;
  await plane.pools.update(own, { name: passingName(former, "renaming") });
  return () => plane.pools.update(own, { name: former });
}

function passingName(name: string, why: string): string {
  return `${name}-${why}-${randomBytes(3).toString("hex")}`;
}

/** Whether the program gives the pool a name, and not this one. What it leaves open is the pool's own. */
async function isNamedOtherwise(manager: Claim, pool: string, name: string): Promise<boolean> {
  const names = (await manager.resolve()).filter((key) => key.startsWith(nameKey(pool, "")));
  return names.length > 0 && !names.includes(nameKey(pool, name));
}

/**
 * Refuses a name that another pool has, since two of one name can't be told apart.
 * @param own a pool that may have it.
 */
export async function requireFreeName(plane: ControlPlane, name: string, own?: string): Promise<void> {
  const taken = await namesake(plane, name, own);
  if (taken) throw takenName(plane, name, taken.id, own !== undefined);
}

async function namesake(
  plane: ControlPlane,
  name: string,
  own: string | undefined,
): Promise<Pool | undefined> {
  const pools = await plane.pools.list({ fresh: true });
  return pools.find((pool) => pool.name === name && pool.id !== own);
}

/** The refusal of a name that another pool has. */
export function takenName(
  plane: ControlPlane,
  name: string,
  takenBy: string,
  isRename: boolean,
): ControlPlaneError {
  const { capabilities, displayName } = describePlane(plane.kind);
  return new ControlPlaneError({
    plane: displayName,
    operation: isRename
      ? `rename ${capabilities.poolNoun} to "${name}" in organization ${plane.organization}`
      : createOperation(plane, name),
    status: 409,
    message: `the name is taken by pool ${takenBy}`,
    advice: isRename
      ? "Choose another name."
      : `Choose another name, or take that pool over with adopt: "${takenBy}"${plane.tokens ? "" : " (its token is known only to whoever made it)"}. If this program has it under another resource name, tell Pulumi with the option aliases.`,
  });
}

/** What was tried, under the name that the user gave. */
export function createOperation({ kind, organization }: ControlPlane, name: string): string {
  return `create ${describePlane(kind).capabilities.poolNoun} "${name}" in organization ${organization}`;
}

import { randomBytes } from "node:crypto";
import type { ControlPlane, Pool } from "../../control-planes/control-plane";
import { ControlPlaneError } from "../../control-planes/error";
import { describePlane } from "../../control-planes/planes";
import { nameKey, poolKey } from "../claim-keys";
import type { LifecycleContext } from "../lifecycle";

/**
 * Sees to it that a name is free. A pool that this deployment manages and that no resource declares under the name any
 * more, since another takes its place, gives it up: it is renamed, and soon deleted.
 * @param own a pool that may have the name.
 * @throws ControlPlaneError that says which pool has it.
 */
export async function freeName(
  plane: ControlPlane,
  name: string,
  own: string | undefined,
  { claims }: Pick<LifecycleContext, "claims">,
): Promise<void> {
  const taken = await namesake(plane, name, own);
  if (!taken) return;
  const key = poolKey(plane, taken.id);
  const isGivenUp = claims.isOwnPool(key) && (await claims.on(nameKey(key, name))).length === 0;
  if (!isGivenUp) throw takenName(plane, name, taken.id, own !== undefined);
  await plane.pools.update(taken.id, { name: `${name}-replaced-${randomBytes(3).toString("hex")}` });
  await requireFreeName(plane, name, own);
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

import { randomBytes } from "node:crypto";
import type { ControlPlane, Pool } from "../../control-planes/control-plane";
import { ControlPlaneError } from "../../control-planes/http/error";
import { describePlane } from "../../control-planes/planes";
import type { LifecycleContext } from "../framework/lifecycle";
import { nameKey, poolKey } from "../ownership/claim-keys";
import type { Claim } from "../ownership/claims";

/** Gives a pool that made way its name back, while nobody else has taken either. It never throws. */
export type GiveBack = () => Promise<void>;

/** A name that a pool is to have. */
interface Wanted {
  readonly name: string;
  /** The pool, which may have the name already; absent: it is yet to be made. */
  readonly own?: string | undefined;
  /** The pool is new, and may take the place of one that its resource had before. */
  readonly isNew: boolean;
}

/**
 * Gives a pool that exists a name. Another pool of the program that has the name and is to be called otherwise is called
 * `<name>-renaming-<mark>` until its own update, so that pools can change names in any order.
 * @param take changes the pool; where it fails, the other pool has its name back.
 * @throws ControlPlaneError that says which pool has the name.
 */
export function takeName<Result>(
  plane: ControlPlane,
  name: string,
  own: string,
  context: LifecycleContext,
  take: () => Promise<Result>,
): Promise<Result> {
  return inTurn(plane, context, async () => {
    const giveBack = await makeWay(plane, { name, own, isNew: false }, context);
    try {
      return await take();
    } catch (error) {
      await giveBack();
      throw error;
    }
  });
}

/**
 * Sees to it that a name is free for a new pool. A pool whose place it takes is called `<name>-replaced-<mark>`, until it
 * is deleted; for others see {@link takeName}.
 * @param own the new pool, where it is there already.
 * @returns what is to be called where the new pool does not come to be.
 * @throws ControlPlaneError that says which pool has the name.
 */
export async function freeName(
  plane: ControlPlane,
  name: string,
  own: string | undefined,
  context: LifecycleContext,
): Promise<GiveBack> {
  // Most names are free, and looks at the same time share one list. In turns, each pool would wait for those before it.
  if (!(await namesake(plane, name, own))) return async () => undefined;
  const giveBack = await inTurn(plane, context, () => makeWay(plane, { name, own, isNew: true }, context));
  return () => inTurn(plane, context, giveBack);
}

/**
 * Renames of one service are made one after the other: a pool that is given its own name meanwhile must not be given a
 * passing one by somebody who has looked before.
 */
function inTurn<Result>(
  { kind, url }: ControlPlane,
  { claims }: LifecycleContext,
  work: () => Promise<Result>,
): Promise<Result> {
  return claims.things.exclusively(`pool names ${kind} ${url}`, 0, work);
}

async function makeWay(plane: ControlPlane, wanted: Wanted, context: LifecycleContext): Promise<GiveBack> {
  const { name, own, isNew } = wanted;
  const taken = await namesake(plane, name, own);
  if (!taken) return async () => undefined;
  const why = await whyItMakesWay(plane, taken, wanted, context);
  if (!why) throw takenName(plane, name, taken.id, !isNew);
  const passing = passingName(name, why);
  const giveBack = async () => {
    try {
      const pools = await plane.pools.list({ fresh: true });
      const isAsLeft = pools.some((pool) => pool.id === taken.id && pool.name === passing);
      const isFree = pools.every((pool) => pool.name !== name);
      if (isAsLeft && isFree) await plane.pools.update(taken.id, { name });
    } catch {
      // What made this necessary is the failure to report.
    }
  };
  try {
    await plane.pools.update(taken.id, { name: passing });
    const other = await namesake(plane, name, own);
    if (other) throw takenName(plane, name, other.id, !isNew);
  } catch (error) {
    await giveBack();
    throw error;
  }
  return giveBack;
}

/** Why a pool that has a wanted name may be renamed; undefined: it may not, or nobody knows that it is this program's. */
async function whyItMakesWay(
  plane: ControlPlane,
  { id }: Pool,
  { name, isNew }: Wanted,
  { claims, subject, urn, cancelled }: LifecycleContext,
): Promise<"replaced" | "renaming" | undefined> {
  const pool = poolKey(plane, id);
  // The resource that has it may be registered a moment later than this one.
  if (!claims.isOwnPool(pool)) await claims.registration.quiet(cancelled);
  if (isNew && claims.managedBefore(pool, { owner: subject, urn })) return "replaced";
  const manager = claims.managerOf(pool);
  if (!manager) return claims.isOwnPool(pool) ? "replaced" : undefined;
  return (await isNamedOtherwise(manager, pool, name)) ? "renaming" : undefined;
}

function passingName(name: string, why: string): string {
  return `${name}-${why}-${randomBytes(3).toString("hex")}`;
}

/** Whether the program gives the pool a name, and not this one. What it leaves open is the pool's own. */
async function isNamedOtherwise(manager: Claim, pool: string, name: string): Promise<boolean> {
  const names = (await manager.resolve()).filter((key) => key.startsWith(nameKey(pool, "")));
  return names.length > 0 && !names.includes(nameKey(pool, name));
}

/** Refuses a name that another pool has, since two of one name can't be told apart. */
export async function requireFreeName(plane: ControlPlane, name: string): Promise<void> {
  const taken = await namesake(plane, name, undefined);
  if (taken) throw takenName(plane, name, taken.id, false);
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
      ? "Choose another name. If a resource of this program gives it up in the same deployment, neither of the two may depend on the other one."
      : `Choose another name, or take that pool over with adopt: "${takenBy}"${plane.tokens ? "" : " (its token is known only to whoever made it)"}. If this program has it under another resource name, tell Pulumi with the option aliases.`,
  });
}

/** What was tried, under the name that the user gave. */
export function createOperation({ kind, organization }: ControlPlane, name: string): string {
  return `create ${describePlane(kind).capabilities.poolNoun} "${name}" in organization ${organization}`;
}

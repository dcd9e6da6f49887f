import type { ControlPlane, CreatedPool, Pool } from "../../control-planes/control-plane";
import { ControlPlaneError, hasStatus } from "../../control-planes/error";
import { describePlane } from "../../control-planes/planes";
import { createOnce } from "../create-once";
import type { InputsOf } from "../definition";
import { makeId } from "../ids";
import { type LifecycleContext, PartialFailure } from "../lifecycle";
import type { runnerPool } from "./definition";
import { newSettings, shownName } from "./settings";

type Inputs = InputsOf<typeof runnerPool>;

/**
 * Makes a pool, exactly once. It is made under a name with a mark in it, and gets its own name then: what a request has
 * left whose answer got lost is known by the mark, and can be mistaken for nobody else's pool.
 */
export function createPool(
  plane: ControlPlane,
  inputs: Inputs,
  context: LifecycleContext,
): Promise<CreatedPool> {
  const name = shownName(inputs);
  const pendingName = (mark: string) => `${name}-pending-${mark}`;
  // Where the token is issued with the pool it was in the lost answer, so such a pool serves nobody.
  const canRecover = plane.tokens !== undefined;
  const making = createOnce<Pool, CreatedPool>(
    {
      key: [plane.kind, plane.url, plane.organization, "pool", name].join(" "),
      prepare: () => requireFreeName(plane, name),
      create: async (mark) =>
        giveName(
          plane,
          await plane.pools.create({ ...newSettings(inputs), name: pendingName(mark) }),
          inputs,
        ),
      find: async (mark) => {
        const pools = await plane.pools.list({ fresh: true });
        return pools.filter((pool) => pool.name === pendingName(mark));
      },
      ...(canRecover && { recover: (pool: Pool) => giveName(plane, { pool }, inputs) }),
      remove: async ({ id }) => void (await plane.pools.delete(id, { force: false })),
    },
    context,
  );
  return making.catch((error: unknown) => {
    throw error instanceof ControlPlaneError
      ? error.with({ operation: createOperation(plane, name) })
      : error;
  });
}

/**
 * Refuses a name that another pool has, since two of one name can't be told apart.
 * @param own a pool that may have it.
 */
export async function requireFreeName(plane: ControlPlane, name: string, own?: string): Promise<void> {
  const taken = (await plane.pools.list({ fresh: true })).find(
    (pool) => pool.name === name && pool.id !== own,
  );
  if (taken) throw takenName(plane, name, taken.id, own !== undefined);
}

/** Gives a pool that was just made its name. Where the name is taken meanwhile, the pool is removed again: nobody uses it yet. */
async function giveName(
  plane: ControlPlane,
  { pool, initialToken }: CreatedPool,
  inputs: Inputs,
): Promise<CreatedPool> {
  const name = shownName(inputs);
  try {
    const named = await plane.pools.update(pool.id, { name });
    const rival = await olderNamesake(plane, named);
    if (!rival) return { pool: named, initialToken };
    await plane.pools.delete(pool.id, { force: false });
    throw takenName(plane, name, rival.id, false);
  } catch (error) {
    if (error instanceof ControlPlaneError && error.status === 409 && error.operation.startsWith("create"))
      throw error;
    if (hasStatus(error, 409, 422)) {
      await plane.pools.delete(pool.id, { force: false });
      await requireFreeName(plane, name);
      throw error;
    }
    // The pool and its token are known: they are kept, and the next update gives the name.
    const state = {
      ...inputs,
      name: pool.name,
      poolId: pool.id,
      serviceUrl: plane.url,
      ...(initialToken && { initialToken }),
    };
    const reason = error instanceof Error ? error.message : String(error);
    throw new PartialFailure(makeId(inputs.controlPlane, pool.id), state, [reason]);
  }
}

/** Two deployments can take one name at the same moment where the control plane allows it: the smaller id keeps it. */
async function olderNamesake(plane: ControlPlane, { id, name }: Pool): Promise<Pool | undefined> {
  const namesakes = (await plane.pools.list({ fresh: true })).filter(
    (pool) => pool.name === name && pool.id !== id,
  );
  return namesakes.find((pool) => pool.id < id);
}

function takenName(plane: ControlPlane, name: string, takenBy: string, isRename: boolean): ControlPlaneError {
  const { capabilities, displayName } = describePlane(plane.kind);
  return new ControlPlaneError({
    plane: displayName,
    operation: isRename ? `rename ${capabilities.poolNoun} "${name}"` : createOperation(plane, name),
    status: 409,
    message: `the name is taken by pool ${takenBy} in organization ${plane.organization}`,
    advice: isRename
      ? "Choose another name."
      : `Choose another name, or take that pool over with adopt: "${takenBy}"${plane.tokens ? "" : " (its token is known only to whoever made it)"}. If this program has it under another resource name, tell Pulumi with the option aliases.`,
  });
}

/** What was tried, under the name that the user gave. */
function createOperation({ kind }: ControlPlane, name: string): string {
  return `create ${describePlane(kind).capabilities.poolNoun} "${name}"`;
}

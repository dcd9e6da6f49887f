import type { ControlPlane, CreatedPool, Pool, PoolChange } from "../../control-planes/control-plane";
import { ControlPlaneError, hasStatus, messageOf } from "../../control-planes/http/error";
import { createOnce } from "../create-once/create-once";
import type { InputsOf } from "../framework/definition";
import { type LifecycleContext, PartialFailure } from "../framework/lifecycle";
import { makeId } from "../ids";
import type { runnerPool } from "./definition";
import { createOperation, freeName, type GiveBack, requireFreeName, takenName } from "./names";
import { newSettings, shownName } from "./settings";

type Inputs = InputsOf<typeof runnerPool>;

/**
 * Makes a pool exactly once. The pool is created under a name with a random mark and then renamed. If an answer is lost,
 * the mark tells our pool from those of others.
 */
export function createPool(
  plane: ControlPlane,
  inputs: Inputs,
  context: LifecycleContext,
): Promise<CreatedPool> {
  const name = shownName(inputs);
  const pendingName = (mark: string) => `${name}-pending-${mark}`;
  const settings = newSettings(inputs);
  const everySetting = { ...settings, logHosting: settings.logHosting ?? null };
  // Where the token is issued with the pool it was in the lost answer, so such a pool serves nobody.
  const canRecover = plane.tokens !== undefined;
  let giveBack: GiveBack | undefined;
  const makeWay = async (own?: string) => {
    giveBack ??= await freeName(plane, name, own, context);
  };
  const making = createOnce<Pool, CreatedPool>(
    {
      key: [plane.kind, plane.url, plane.organization, "pool", name].join(" "),
      prepare: () => makeWay(),
      create: async (mark, noteId) => {
        const created = await plane.pools.create({ ...settings, name: pendingName(mark) });
        noteId(created.pool.id);
        return giveName(plane, created, inputs, { name }, context);
      },
      find: async (marks) => {
        const ours = marks.flatMap((mark) => [mark, pendingName(mark)]);
        const pools = await plane.pools.list({ fresh: true });
        return pools.filter(({ id, name: shown }) => ours.includes(id) || ours.includes(shown));
      },
      // It may have been made with the settings of an earlier run.
      ...(canRecover && {
        recover: async (pool: Pool) => {
          // Whose name it is, where it is not free, comes out when it is given.
          await makeWay(pool.id).catch(() => undefined);
          return giveName(plane, { pool }, inputs, everySetting, context);
        },
      }),
      remove: async ({ id }) => void (await plane.pools.delete(id, { force: false })),
    },
    context,
  );
  return making.catch(async (error: unknown) => {
    // The pool whose place it was to take stays, and has its name in state.
    if (!(error instanceof PartialFailure)) await giveBack?.();
    throw error instanceof ControlPlaneError
      ? error.with({ operation: createOperation(plane, name) })
      : error;
  });
}

/** Gives a pool that was just made its name. Where that is taken meanwhile, the pool is removed again: nobody uses it yet. */
async function giveName(
  plane: ControlPlane,
  { pool, initialToken }: CreatedPool,
  inputs: Inputs,
  change: PoolChange,
  context: LifecycleContext,
): Promise<CreatedPool> {
  const name = shownName(inputs);
  let named = pool;
  let refusal: ControlPlaneError | undefined;
  try {
    named = await plane.pools.update(pool.id, change);
    const rival = await stayingRival(plane, named, context);
    if (!rival) return { pool: named, initialToken };
    refusal = takenName(plane, name, rival.id, false);
  } catch (error) {
    if (!hasStatus(error, 400, 409, 422)) throw kept(plane, named, initialToken, inputs, error);
    refusal = error;
  }
  try {
    await plane.pools.delete(pool.id, { force: false });
  } catch (error) {
    throw kept(plane, named, initialToken, inputs, error);
  }
  await requireFreeName(plane, name);
  throw refusal;
}

/** The pool and its token are known: they are kept, and the next update gives the name. */
function kept(
  plane: ControlPlane,
  { id, name }: Pool,
  initialToken: string | undefined,
  inputs: Inputs,
  error: unknown,
): PartialFailure {
  const state = {
    ...inputs,
    name,
    poolId: id,
    serviceUrl: plane.url,
    ...(initialToken && { initialToken }),
  };
  return new PartialFailure(makeId(inputs.controlPlane, id), state, [messageOf(error)]);
}

/** How long a pool of the same name, that somebody makes at the same moment, may take to give way. Milliseconds. */
const rivalTime = 3_000;
const rivalInterval = 250;

/**
 * Two deployments can take one name at the same moment where the control plane allows it. Each looks after it has taken
 * the name, so at least one sees the other. The greater id gives way at once; the smaller one waits for that, and gives
 * way itself where the other one stays: that one was there before.
 */
async function stayingRival(
  plane: ControlPlane,
  { id, name }: Pool,
  { clock }: LifecycleContext,
): Promise<Pool | undefined> {
  const deadline = clock.now() + rivalTime;
  for (;;) {
    const pools = await plane.pools.list({ fresh: true });
    const rivals = pools.filter((pool) => pool.name === name && pool.id !== id);
    const [rival] = rivals;
    if (!rival || rivals.some((each) => each.id < id) || clock.now() >= deadline) return rival;
    await clock.pause(rivalInterval);
  }
}

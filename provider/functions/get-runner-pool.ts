import type { ControlPlane, Pool } from "../control-planes/control-plane";
import { describePlane } from "../control-planes/planes";
import { listInWords } from "../list-in-words";
import { poolIdOf, poolRules, requirePool } from "../resources/pool-reference";
import { getRunnerPool } from "./definitions";
import type { PoolFunction } from "./function";
import { summaryOf } from "./pool-summary";

/** `getRunnerPool`: one pool, by id or name. */
export const getRunnerPoolFunction: PoolFunction<typeof getRunnerPool> = {
  definition: getRunnerPool,

  rules({ controlPlane, pool, name }) {
    if ((pool === undefined) === (name === undefined)) {
      return [{ property: "pool", reason: "give either pool or name: one of them says which pool is meant" }];
    }
    return poolRules(controlPlane, pool);
  },

  async call(plane, { controlPlane, pool, name }) {
    const found =
      pool === undefined ? await poolNamed(plane, name ?? "") : await poolWithId(plane, poolIdOf(pool));
    return summaryOf(controlPlane, found, await plane.defaultPool.find());
  },
};

async function poolWithId(plane: ControlPlane, poolId: string): Promise<Pool> {
  const pool = await plane.pools.find(poolId);
  if (pool) return pool;
  await requirePool(plane, poolId);
  throw new Error(`${plane.displayName}: pool ${poolId} appeared while it was looked for: run again.`);
}

async function poolNamed(plane: ControlPlane, name: string): Promise<Pool> {
  const pools = await plane.pools.list();
  const [found, ...others] = pools.filter((pool) => pool.name === name);
  const {
    displayName,
    capabilities: { poolNoun },
  } = describePlane(plane.kind);
  if (!found) {
    const known = listInWords(pools.map((pool) => `"${pool.name}"`).sort());
    throw new Error(
      `${displayName}: organization ${plane.organization} has no ${poolNoun} named "${name}"; ${known ? `there are ${known}` : "it has no pools"}.`,
    );
  }
  if (others.length === 0) return found;
  const ids = listInWords([found, ...others].map(({ id }) => id));
  throw new Error(
    `${displayName}: organization ${plane.organization} has several pools named "${name}": pass one of their ids as pool: ${ids}.`,
  );
}

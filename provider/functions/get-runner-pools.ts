import { patternOf } from "../resources/targets/pattern";
import { getRunnerPools } from "./definitions";
import type { PoolFunction } from "./function";
import { summaryOf } from "./pool-summary";

/** `getRunnerPools`: the pools of an organization. */
export const getRunnerPoolsFunction: PoolFunction<typeof getRunnerPools> = {
  definition: getRunnerPools,

  async call(plane, { controlPlane, namePattern }) {
    const pools = await plane.pools.list();
    const defaultPoolId = await plane.defaultPool.find();
    const wanted =
      namePattern === undefined
        ? pools
        : pools.filter(({ name }) => patternOf(namePattern, { acrossSlashes: true }).test(name));
    const byName = [...wanted].sort(
      (one, other) => compare(one.name, other.name) || compare(one.id, other.id),
    );
    return { pools: byName.map((pool) => summaryOf(controlPlane, pool, defaultPoolId)) };
  },
};

/** Not by locale: the order must be the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

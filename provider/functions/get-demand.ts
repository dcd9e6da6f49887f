import { noDemand } from "../control-planes/demand";
import { describePlane } from "../control-planes/planes";
import { poolIdOf, poolRules, requirePool } from "../resources/pool-reference";
import { getDemand } from "./definitions";
import type { PoolFunction } from "./function";

/** `getDemand`: how many agents a pool could use now. */
export const getDemandFunction: PoolFunction<typeof getDemand> = {
  definition: getDemand,

  rules({ controlPlane, pool }) {
    const { parts, displayName } = describePlane(controlPlane.kind);
    if (parts.demand) return poolRules(controlPlane, pool);
    return [
      {
        property: "controlPlane.kind",
        reason: `the API of ${displayName} does not show a pool's queue, so its demand is not known`,
      },
    ];
  },

  async call(plane, { pool }) {
    const poolId = poolIdOf(pool);
    await requirePool(plane, poolId);
    const { waiting, running } = (await plane.demand?.of(poolId)) ?? noDemand;
    return { waiting, running, total: waiting + running };
  },
};

import { describePlane } from "../control-planes/planes";
import { poolIdOf, poolRules, requirePool } from "../resources/pool-reference";
import { getAgents } from "./definitions";
import type { PoolFunction } from "./function";

/** `getAgents`: the agents of a pool. */
export const getAgentsFunction: PoolFunction<typeof getAgents> = {
  definition: getAgents,

  rules({ controlPlane, pool }) {
    const { parts, displayName } = describePlane(controlPlane.kind);
    if (parts.agents) return poolRules(controlPlane, pool);
    return [{ property: "controlPlane.kind", reason: `the API of ${displayName} shows no single agents` }];
  },

  async call(plane, { pool }) {
    const poolId = poolIdOf(pool);
    await requirePool(plane, poolId);
    const agents = ((await plane.agents?.list(poolId)) ?? []).map((agent) => ({ ...agent }));
    return { agents, onlineCount: agents.filter(({ online }) => online).length };
  },
};

import type { PoolFunction } from "./function";
import { getAgentsFunction } from "./get-agents";
import { getDemandFunction } from "./get-demand";
import { getRunnerPoolFunction } from "./get-runner-pool";
import { getRunnerPoolsFunction } from "./get-runner-pools";

/** Every function, by its name. */
export const functions = {
  getRunnerPool: getRunnerPoolFunction,
  getRunnerPools: getRunnerPoolsFunction,
  getAgents: getAgentsFunction,
  getDemand: getDemandFunction,
} as const satisfies Readonly<Record<string, PoolFunction>>;

/** Name of a function. */
export type FunctionName = keyof typeof functions;

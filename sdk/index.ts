export type {
  AgentSummary,
  GetAgentsArgs,
  GetAgentsOutputArgs,
  GetAgentsResult,
  GetDemandArgs,
  GetDemandOutputArgs,
  GetDemandResult,
  GetRunnerPoolArgs,
  GetRunnerPoolOutputArgs,
  GetRunnerPoolResult,
  GetRunnerPoolsArgs,
  GetRunnerPoolsOutputArgs,
  GetRunnerPoolsResult,
  RunnerPoolSummary,
} from "./functions/generated/functions";
export { getAgents, getAgentsOutput } from "./functions/get-agents";
export { getDemand, getDemandOutput } from "./functions/get-demand";
export { getRunnerPool, getRunnerPoolOutput } from "./functions/get-runner-pool";
export { getRunnerPools, getRunnerPoolsOutput } from "./functions/get-runner-pools";
export type { RotatingPoolTokenArgs } from "./resources/generated/components";
export type { ControlPlaneKind } from "./resources/generated/control-planes";
export { controlPlaneKinds } from "./resources/generated/control-planes";
// A resource that is added is exported with its arguments; `PoolToken` below takes the place of the generated class.
export * from "./resources/generated/resources";
export type { PoolInput, PoolWithControlPlane } from "./resources/pool-input";
export { PoolToken } from "./resources/pool-token";
export { RotatingPoolToken } from "./resources/rotating-pool-token";

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
export { type ControlPlaneKind, controlPlaneKinds } from "./resources/generated/control-planes";
export {
  AgentsOnline,
  type AgentsOnlineArgs,
  type AssignmentExclusions,
  type AssignmentExclusionsArgs,
  type AssignmentTarget,
  type AssignmentTargetArgs,
  type AssignmentTargets,
  type AssignmentTargetsArgs,
  type ControlPlane,
  type ControlPlaneArgs,
  type LogHosting,
  type LogHostingArgs,
  OrganizationDefaultPool,
  type OrganizationDefaultPoolArgs,
  type PoolScope,
  type PoolScopeArgs,
  type PoolTokenArgs,
  RunnerPool,
  type RunnerPoolArgs,
  StackPoolAssignment,
  type StackPoolAssignmentArgs,
  StackPoolAssignments,
  type StackPoolAssignmentsArgs,
} from "./resources/generated/resources";
export { PoolToken } from "./resources/pool-token";
export { RotatingPoolToken } from "./resources/rotating-pool-token";

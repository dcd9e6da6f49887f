export { type ControlPlaneKind, controlPlaneKinds } from "../provider/control-planes/kinds";
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
export { AgentsOnline } from "./resources/agents-online";
export type { RotatingPoolTokenArgs } from "./resources/generated/components";
export type {
  AgentsOnlineArgs,
  AssignmentTarget,
  AssignmentTargetArgs,
  AssignmentTargets,
  AssignmentTargetsArgs,
  ControlPlane,
  ControlPlaneArgs,
  LogHosting,
  LogHostingArgs,
  OrganizationDefaultPoolArgs,
  PoolScope,
  PoolScopeArgs,
  PoolTokenArgs,
  RunnerPoolArgs,
  StackPoolAssignmentArgs,
  StackPoolAssignmentsArgs,
} from "./resources/generated/resources";
export { OrganizationDefaultPool } from "./resources/organization-default-pool";
export { PoolToken } from "./resources/pool-token";
export { RotatingPoolToken } from "./resources/rotating-pool-token";
export { RunnerPool } from "./resources/runner-pool";
export { StackPoolAssignment } from "./resources/stack-pool-assignment";
export { StackPoolAssignments } from "./resources/stack-pool-assignments";

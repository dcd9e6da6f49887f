export { type ControlPlaneKind, controlPlaneKinds } from "../provider/control-planes/kinds";
export type {
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
export { RunnerPool } from "./resources/runner-pool";
export { StackPoolAssignment } from "./resources/stack-pool-assignment";
export { StackPoolAssignments } from "./resources/stack-pool-assignments";

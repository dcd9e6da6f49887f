import { agentsOnlineLifecycle } from "./agents-online";
import type { Lifecycle } from "./lifecycle";
import { organizationDefaultPoolLifecycle } from "./organization-default-pool";
import { poolTokenLifecycle } from "./pool-token";
import { runnerPoolLifecycle } from "./runner-pool";
import { stackPoolAssignmentLifecycle } from "./stack-pool-assignment";
import { stackPoolAssignmentsLifecycle } from "./stack-pool-assignments";

/** Lifecycle of every custom resource, by the resource's name. */
export const lifecycles = {
  RunnerPool: runnerPoolLifecycle,
  PoolToken: poolTokenLifecycle,
  StackPoolAssignment: stackPoolAssignmentLifecycle,
  StackPoolAssignments: stackPoolAssignmentsLifecycle,
  OrganizationDefaultPool: organizationDefaultPoolLifecycle,
  AgentsOnline: agentsOnlineLifecycle,
} as const satisfies Readonly<Record<string, Lifecycle>>;

/** Name of a custom resource. */
export type ResourceName = keyof typeof lifecycles;

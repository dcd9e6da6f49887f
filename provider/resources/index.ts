import { agentsOnlineLifecycle } from "./agents-online/lifecycle";
import type { Lifecycle } from "./lifecycle";
import { organizationDefaultPoolLifecycle } from "./organization-default-pool/lifecycle";
import { poolTokenLifecycle } from "./pool-token/lifecycle";
import { runnerPoolLifecycle } from "./runner-pool/lifecycle";
import { stackPoolAssignmentLifecycle } from "./stack-pool-assignment/lifecycle";
import { stackPoolAssignmentsLifecycle } from "./stack-pool-assignments/lifecycle";

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

import { agentsOnlineLifecycle } from "./agents-online/lifecycle";
import type { ResourceDefinition } from "./framework/definition";
import type { Lifecycle } from "./framework/lifecycle";
import { organizationDefaultPoolLifecycle } from "./organization-default-pool/lifecycle";
import { poolTokenLifecycle } from "./pool-token/lifecycle";
import { runnerPoolLifecycle } from "./runner-pool/lifecycle";
import { stackPoolAssignmentLifecycle } from "./stack-pool-assignment/lifecycle";
import { stackPoolAssignmentsLifecycle } from "./stack-pool-assignments/lifecycle";

/**
 * Every custom resource by its name. A new one is a folder, a line here, and an export in adapters/dynamic/index.ts, whose
 * names stand in users' states.
 */
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

/** The definitions of all custom resources. */
export const resourceDefinitions: readonly ResourceDefinition[] = Object.values(lifecycles).map(
  ({ definition }) => definition,
);

import { agentsOnline } from "./agents-online";
import { organizationDefaultPool, stackPoolAssignment, stackPoolAssignments } from "./assignment";
import type { ResourceDefinition } from "./define";
import { poolToken } from "./pool-token";
import { runnerPool } from "./runner-pool";

/** Every custom resource of the package. */
export const resourceDefinitions: readonly ResourceDefinition[] = [
  runnerPool,
  poolToken,
  stackPoolAssignment,
  stackPoolAssignments,
  organizationDefaultPool,
  agentsOnline,
];

import { agentsOnline } from "../provider/resources/agents-online/definition";
import type { ResourceDefinition } from "../provider/resources/definition";
import { poolToken } from "../provider/resources/pool-token/definition";
import { runnerPool } from "../provider/resources/runner-pool/definition";
import {
  organizationDefaultPool,
  stackPoolAssignment,
  stackPoolAssignments,
} from "../provider/resources/stack-pool-assignment/definition";

/** Every custom resource of the package. */
export const resourceDefinitions: readonly ResourceDefinition[] = [
  runnerPool,
  poolToken,
  stackPoolAssignment,
  stackPoolAssignments,
  organizationDefaultPool,
  agentsOnline,
];

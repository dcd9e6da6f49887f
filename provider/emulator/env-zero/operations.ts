import { agentSecretOperations } from "./agent-secrets";
import { agentOperations } from "./agents";
import { assignmentOperations } from "./assignments";
import { environmentOperations } from "./environments";
import { organizationOperations } from "./organizations";
import { projectOperations } from "./projects";
import type { EnvZeroOperationEntry } from "./requests";

/** Everything that env zero is emulated to do. What agents themselves call would be one more table here. */
export const envZeroOperations: readonly EnvZeroOperationEntry[] = [
  ...organizationOperations,
  ...agentOperations,
  ...agentSecretOperations,
  ...assignmentOperations,
  ...projectOperations,
  ...environmentOperations,
];

import { agentSecretOperations } from "./agent-secrets";
import { agentSessionOperations } from "./agent-sessions";
import { agentOperations } from "./agents";
import { assignmentOperations } from "./assignments";
import { environmentOperations } from "./environments";
import { organizationOperations } from "./organizations";
import { projectOperations } from "./projects";
import type { EnvZeroOperationEntry } from "./requests";

/** Everything that env zero is emulated to do, and the emulator's own calls for agents. */
export const envZeroOperations: readonly EnvZeroOperationEntry[] = [
  ...organizationOperations,
  ...agentOperations,
  ...agentSecretOperations,
  ...agentSessionOperations,
  ...assignmentOperations,
  ...projectOperations,
  ...environmentOperations,
];

import { agentPoolOperations } from "./agent-pools";
import { agentSessionOperations } from "./agent-sessions";
import { agentTokenOperations } from "./agent-tokens";
import { agentOperations } from "./agents";
import { discoveryOperations } from "./discovery";
import { organizationOperations } from "./organizations";
import { projectOperations } from "./projects";
import type { HcpOperationEntry } from "./requests";
import { runOperations } from "./runs";
import { tagOperations } from "./tags";
import { workspaceOperations } from "./workspaces";

/** Everything that HCP Terraform is emulated to do, and the emulator's own calls for agents. */
export const hcpTerraformOperations: readonly HcpOperationEntry[] = [
  ...discoveryOperations,
  ...organizationOperations,
  ...agentPoolOperations,
  ...agentTokenOperations,
  ...agentOperations,
  ...agentSessionOperations,
  ...projectOperations,
  ...workspaceOperations,
  ...tagOperations,
  ...runOperations,
];

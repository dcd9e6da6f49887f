import { agentPoolOperations } from "./agent-pools";
import { agentTokenOperations } from "./agent-tokens";
import { agentOperations } from "./agents";
import { discoveryOperations } from "./discovery";
import { organizationOperations } from "./organizations";
import { projectOperations } from "./projects";
import type { HcpOperationEntry } from "./requests";
import { runOperations } from "./runs";
import { tagOperations } from "./tags";
import { workspaceOperations } from "./workspaces";

/** Everything that HCP Terraform is emulated to do. What agents themselves call would be one more table here. */
export const hcpTerraformOperations: readonly HcpOperationEntry[] = [
  ...discoveryOperations,
  ...organizationOperations,
  ...agentPoolOperations,
  ...agentTokenOperations,
  ...agentOperations,
  ...projectOperations,
  ...workspaceOperations,
  ...tagOperations,
  ...runOperations,
];

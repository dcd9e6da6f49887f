import type { Agent, AgentKind } from "./agent";
import { envZeroAgent } from "./env-zero";
import { hcpTerraformAgent } from "./hcp-terraform";
import { pulumiCloudAgent } from "./pulumi-cloud";

/** Every agent that fleets can run. */
export const agents: Readonly<Record<AgentKind, Agent>> = {
  "pulumi-cloud": pulumiCloudAgent,
  "env-zero": envZeroAgent,
  "hcp-terraform": hcpTerraformAgent,
};

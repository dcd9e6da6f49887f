import type { Agent, AgentKind } from "./agent";
import { envZeroAgent } from "./env-zero";
import { pulumiAgent } from "./pulumi";
import { tfcAgent } from "./tfc";

/** Every agent that fleets can run. */
export const agents: Readonly<Record<AgentKind, Agent>> = {
  pulumi: pulumiAgent,
  "env-zero": envZeroAgent,
  tfc: tfcAgent,
};

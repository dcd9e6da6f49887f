import { z } from "zod";

const seconds = z.number().positive().optional();

/** After how much silence each plane gives up on agents and their jobs. All in seconds. */
export interface AgentTimeouts {
  pulumiCloud: PulumiCloudAgentTimeouts;
  hcpTerraform: HcpTerraformAgentTimeouts;
  envZero: EnvZeroAgentTimeouts;
}

/** Seconds of Pulumi Cloud. */
export interface PulumiCloudAgentTimeouts {
  /** A runner that hasn't called shows as offline. */
  offline: number;
  /** An offline runner leaves the pool. */
  forgotten: number;
  /** A running deployment without a heartbeat fails, and is not handed out again. */
  jobLost: number;
  /** `Retry-After` that an empty queue answers with. */
  retryAfter: number;
}

/** Seconds of HCP Terraform. */
export interface HcpTerraformAgentTimeouts {
  /** An agent that hasn't called shows as unknown. */
  unknown: number;
  /** An agent that hasn't called shows as errored, and so does its run. */
  errored: number;
}

/** Seconds of env zero. */
export interface EnvZeroAgentTimeouts {
  /** A pool whose agents haven't called shows as inactive. */
  inactive: number;
  /** A pool with work that waits so long, although agents call, shows as degraded. */
  degraded: number;
  /** A running deployment without a heartbeat fails. */
  jobLost: number;
}

/** The vendors' own, where they publish one. */
export const defaultAgentTimeouts: AgentTimeouts = {
  // GUESS: `offline` and `retryAfter`. The guide says: gone after 1 to 2 hours; failed after 10 minutes.
  pulumiCloud: { offline: 180, forgotten: 3600, jobLost: 600, retryAfter: 1 },
  // GUESS: `unknown`. Agent pools documentation: errored after 5 minutes.
  hcpTerraform: { unknown: 60, errored: 300 },
  // Monitoring documentation: 11 and 5 minutes. GUESS: `jobLost`.
  envZero: { inactive: 660, degraded: 300, jobLost: 600 },
};

/** What `setAgentTimeouts` takes: the seconds to change. */
export const agentTimeoutsSchema = z.strictObject({
  pulumiCloud: z
    .strictObject({ offline: seconds, forgotten: seconds, jobLost: seconds, retryAfter: seconds })
    .optional(),
  hcpTerraform: z.strictObject({ unknown: seconds, errored: seconds }).optional(),
  envZero: z.strictObject({ inactive: seconds, degraded: seconds, jobLost: seconds }).optional(),
});

import { envZeroJobs, settleEnvZero } from "./env-zero/jobs";
import type { Plane } from "./exchange";
import { hcpTerraformJobs, settleHcpTerraform } from "./hcp-terraform/run-jobs";
import { pulumiCloudJobs, settlePulumiCloud } from "./pulumi-cloud/jobs";
import type { EmulatorState } from "./state";
import type { Job } from "./work";

/**
 * Brings what depends on the time up to date: agents that fell silent, their jobs, work that has lost its pool. Done
 * before every look at the state rather than by timers, so that nothing changes between two looks.
 */
export function settle(state: EmulatorState, now: number = Date.now()): void {
  settlePulumiCloud(state.pulumiCloud, now);
  settleHcpTerraform(state.hcpTerraform, now);
  settleEnvZero(state.envZero, now);
}

/** Every job of every plane, oldest first within a plane. */
export function jobsOf(state: EmulatorState, plane: Plane | undefined): Job[] {
  settle(state);
  const jobs = [
    ...pulumiCloudJobs(state.pulumiCloud),
    ...hcpTerraformJobs(state.hcpTerraform),
    ...envZeroJobs(state.envZero),
  ];
  return plane === undefined ? jobs : jobs.filter((job) => job.plane === plane);
}

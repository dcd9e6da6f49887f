import { newHcpTerraformId } from "../identifiers";
import { beginWork, endWork, isOlderThan, type Job, jobOf, newWork } from "../work";
import { settingsOfWorkspace } from "./execution-settings";
import { isActive, runningStatuses } from "./run-statuses";
import type {
  HcpTerraformAgent,
  HcpTerraformAgentPool,
  HcpTerraformRun,
  HcpTerraformState,
  HcpTerraformWorkspace,
} from "./state";

/** States in which a run waits for an agent, and what it becomes on one. A run is one job here: plan and apply. */
const startedStatuses: Readonly<Record<string, string>> = {
  plan_queued: "planning",
  apply_queued: "applying",
};
const successStatuses = new Set(["applied", "planned_and_finished"]);

/** Queues a run; it is for the pool that its workspace uses for as long as it waits. */
export function newRun(
  state: HcpTerraformState,
  workspace: HcpTerraformWorkspace,
  options: Pick<HcpTerraformRun, "status" | "planOnly" | "isDestroy"> & { seconds: number },
): HcpTerraformRun {
  const { seconds, ...attributes } = options;
  const run: HcpTerraformRun = {
    id: newHcpTerraformId("run"),
    workspaceId: workspace.id,
    ...attributes,
    source: "tfe-api",
    createdAt: new Date().toISOString(),
    work: newWork(seconds, settingsOfWorkspace(state, workspace).agentPoolId),
  };
  state.runs.push(run);
  return run;
}

/** Pool that a run ran on or waits for. */
export function poolIdOfRun(state: HcpTerraformState, run: HcpTerraformRun): string | undefined {
  if (run.work.agentPoolId !== undefined) return run.work.agentPoolId;
  const workspace = state.workspaces.find(({ id }) => id === run.workspaceId);
  return workspace && settingsOfWorkspace(state, workspace).agentPoolId;
}

/** Hands an agent the oldest run that waits for its pool, and that it takes. */
export function claimRun(
  state: HcpTerraformState,
  pool: HcpTerraformAgentPool,
  agent: HcpTerraformAgent,
): HcpTerraformRun | undefined {
  const run = state.runs.find(
    (known) =>
      startedStatuses[known.status] !== undefined &&
      known.work.startedAt === undefined &&
      !known.work.isHosted &&
      poolIdOfRun(state, known) === pool.id &&
      accepts(agent, known) &&
      !isBlocked(state, known),
  );
  if (run === undefined) return undefined;
  run.status = startedStatuses[run.status] ?? run.status;
  beginWork(run.work, pool.id, { id: agent.id, name: agent.name ?? agent.id });
  return run;
}

/** The run that an agent holds. */
export function runHeldBy(state: HcpTerraformState, agentId: string): HcpTerraformRun | undefined {
  return state.runs.find((run) => run.work.agentId === agentId && runningStatuses.has(run.status));
}

/** Ends a run as its agent reports. */
export function finishRun(run: HcpTerraformRun, succeeded: boolean): void {
  run.status = !succeeded ? "errored" : run.planOnly ? "planned_and_finished" : "applied";
  endWork(run.work);
}

/** Ends a run whose agent is gone: errored, and not handed out again (agent pools documentation). */
export function loseRun(run: HcpTerraformRun): void {
  finishRun(run, false);
  run.work.isLost = true;
}

/**
 * Makes a change of execution settings. Another mode errors the workspace's active runs (workspace settings
 * documentation). GUESS: another pool in mode `agent` errors those that an agent works on, and those that still wait
 * go to the new pool; it doesn't matter whether the settings are the workspace's own.
 */
export function changeExecution(state: HcpTerraformState, change: () => void): void {
  const settings = () =>
    new Map(state.workspaces.map((workspace) => [workspace.id, settingsOfWorkspace(state, workspace)]));
  const before = settings();
  change();
  const after = settings();
  for (const run of state.runs) {
    const [old, now] = [before.get(run.workspaceId), after.get(run.workspaceId)];
    const errs =
      old?.executionMode !== now?.executionMode
        ? isActive(run.status)
        : old?.agentPoolId !== now?.agentPoolId && runningStatuses.has(run.status);
    if (errs) finishRun(run, false);
  }
}

/** Agents that fell silent become unknown, then errored, and their runs with them. */
export function settleHcpTerraform(state: HcpTerraformState, now: number): void {
  const { unknown, errored } = state.agentTimeouts;
  const agents = state.agentPools.flatMap((pool) => pool.agents);
  for (const agent of agents.filter(({ hasRegistered }) => hasRegistered)) {
    const isLive = agent.status === "idle" || agent.status === "busy" || agent.status === "unknown";
    if (isLive && isOlderThan(agent.lastPingAt, errored, now)) agent.status = "errored";
    else if (isLive && isOlderThan(agent.lastPingAt, unknown, now)) agent.status = "unknown";
  }
  for (const run of state.runs) {
    const { work } = run;
    if (
      work.startedAt === undefined &&
      startedStatuses[run.status] &&
      poolIdOfRun(state, run) === undefined
    ) {
      work.isHosted = true;
    }
    if (work.agentId === undefined || !runningStatuses.has(run.status)) continue;
    const agent = agents.find(({ id }) => id === work.agentId);
    if (agent === undefined || agent.status === "errored" || agent.status === "exited") loseRun(run);
  }
}

/** Every run as a job. */
export function hcpTerraformJobs(state: HcpTerraformState): Job[] {
  return state.runs.map((run) => {
    const workspace = state.workspaces.find(({ id }) => id === run.workspaceId);
    const target = `${workspace?.organization}/${workspace?.name ?? run.workspaceId}`;
    const identity = { id: run.id, plane: "hcp-terraform", target, poolId: poolIdOfRun(state, run) } as const;
    return jobOf(identity, run.work, jobStatusOf(run));
  });
}

function jobStatusOf({ status, work }: HcpTerraformRun): "queued" | "running" | "succeeded" | "failed" {
  if (runningStatuses.has(status)) return "running";
  if (successStatuses.has(status)) return "succeeded";
  return work.finishedAt === undefined && status !== "errored" ? "queued" : "failed";
}

/** `TFC_AGENT_ACCEPT` names operations; a run here is its plan and, unless it is speculative, its apply. */
function accepts(agent: HcpTerraformAgent, run: HcpTerraformRun): boolean {
  const needed = run.planOnly ? ["plan"] : run.status === "apply_queued" ? ["apply"] : ["plan", "apply"];
  return agent.accept === undefined || needed.every((operation) => agent.accept?.includes(operation));
}

/** A workspace runs one thing at a time, save speculative plans. */
function isBlocked(state: HcpTerraformState, run: HcpTerraformRun): boolean {
  if (run.planOnly) return false;
  return state.runs.some(
    (other) => other.workspaceId === run.workspaceId && !other.planOnly && runningStatuses.has(other.status),
  );
}

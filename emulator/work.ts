import type { Plane } from "./exchange";

/** What agents did with one queued deployment or run, and what they are to do. */
export interface Work {
  /** How long an agent is to take over it. */
  seconds: number;
  /** ISO 8601, as all times here. */
  queuedAt: string;
  startedAt?: string;
  finishedAt?: string;
  heartbeats: number;
  lastHeartbeatAt?: string;
  /** Pool and agent that took it; absent while it waits. */
  agentPoolId?: string;
  agentId?: string;
  agentName?: string;
  /**
   * It had no pool while it waited, so the vendor's own runners took it. That is for good: a later assignment doesn't
   * fetch it back.
   */
  isHosted?: true;
  /** Its agent fell silent. It is never handed out again. */
  isLost?: true;
}

/**
 * How a job stands. `failed` is what an agent reported, or somebody cancelled; `lost` is a job whose agent fell silent;
 * `hosted` is one that no pool was assigned to, which the vendor's own runners take.
 */
export type JobOutcome = "queued" | "running" | "succeeded" | "failed" | "lost" | "hosted";

/** One job, as the admin API shows it for every plane alike. */
export interface Job {
  /** Id of the deployment or run. */
  id: string;
  plane: Plane;
  /** `acme/network/prod` (Pulumi Cloud), `acme/network-prod` (HCP Terraform), `<project id>/<environment>` (env zero). */
  target: string;
  /** Id of the pool that it waits for or ran on; null for hosted jobs. */
  pool: string | null;
  agentId: string | null;
  /** Host name of the agent, or the name that it was given. */
  agent: string | null;
  seconds: number;
  queuedAt: string;
  startedAt: string | null;
  heartbeats: number;
  lastHeartbeatAt: string | null;
  finishedAt: string | null;
  outcome: JobOutcome;
}

/** Work that waits. Without a pool it is hosted from the start. */
export function newWork(seconds: number, poolId: string | undefined): Work {
  return {
    seconds,
    queuedAt: new Date().toISOString(),
    heartbeats: 0,
    ...(poolId === undefined && { isHosted: true as const }),
  };
}

/** Notes who took the work. */
export function beginWork(work: Work, poolId: string, agent: { id: string; name: string }): void {
  const now = new Date().toISOString();
  Object.assign(work, {
    agentPoolId: poolId,
    agentId: agent.id,
    agentName: agent.name,
    startedAt: now,
    lastHeartbeatAt: now,
  });
}

/** Notes a sign of life. */
export function beatWork(work: Work): void {
  work.heartbeats++;
  work.lastHeartbeatAt = new Date().toISOString();
}

/** Notes the end of the work. */
export function endWork(work: Work): void {
  work.finishedAt = new Date().toISOString();
}

/** True when a moment lies further back than so many seconds. */
export function isOlderThan(moment: string | undefined, seconds: number, now: number): boolean {
  return moment !== undefined && now - Date.parse(moment) > seconds * 1000;
}

/** A job for the admin API, from the work and how the vendor's own record of it stands. */
export function jobOf(
  identity: { id: string; plane: Plane; target: string; poolId: string | undefined },
  work: Work,
  status: "queued" | "running" | "succeeded" | "failed",
): Job {
  const { id, plane, target, poolId } = identity;
  return {
    id,
    plane,
    target,
    pool: work.isHosted ? null : (poolId ?? null),
    agentId: work.agentId ?? null,
    agent: work.agentName ?? null,
    seconds: work.seconds,
    queuedAt: work.queuedAt,
    startedAt: work.startedAt ?? null,
    heartbeats: work.heartbeats,
    lastHeartbeatAt: work.lastHeartbeatAt ?? null,
    finishedAt: work.finishedAt ?? null,
    outcome: work.isLost ? "lost" : work.isHosted && status === "queued" ? "hosted" : status,
  };
}

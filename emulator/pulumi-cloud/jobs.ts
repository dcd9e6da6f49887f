import { digestOf, newPulumiToken, newUuid } from "../identifiers";
import { beginWork, endWork, isOlderThan, type Job, jobOf, newWork } from "../work";
import { findStack } from "./requests";
import { type KnownRunner, runnerIdOf, settleRunners } from "./runners";
import type {
  PulumiAgentPool,
  PulumiCloudState,
  PulumiDeployment,
  PulumiOrganization,
  PulumiStack,
} from "./state";

/** A deployment with the organization that it is in. */
export interface PlacedDeployment {
  organization: PulumiOrganization;
  deployment: PulumiDeployment;
}

/** Queues a deployment that takes a runner so many seconds, for the pool given or the one that settings say. */
export function newDeployment(
  organization: PulumiOrganization,
  stack: PulumiStack,
  options: {
    operation: PulumiDeployment["operation"];
    requestedBy: string;
    poolId: string | undefined;
    inheritsSettings: boolean;
    seconds: number;
    image?: string | undefined;
  },
): PulumiDeployment {
  const now = new Date().toISOString();
  const deployment: PulumiDeployment = {
    id: newUuid(),
    project: stack.project,
    stack: stack.name,
    version: organization.deployments.filter((known) => belongsTo(known, stack)).length + 1,
    status: "not-started",
    operation: options.operation,
    ...(options.poolId !== undefined && { agentPoolId: options.poolId }),
    inheritsSettings: options.inheritsSettings,
    ...(options.image !== undefined && { image: options.image }),
    created: now,
    modified: now,
    requestedBy: options.requestedBy,
    work: newWork(options.seconds, undefined),
  };
  deployment.work = newWork(options.seconds, poolIdOfDeployment(organization, deployment));
  organization.deployments.push(deployment);
  return deployment;
}

/**
 * Pool that a deployment ran on or waits for: the one named when it was made, else the stack's, else the
 * organization's default. GUESS: while it waits it follows its stack's settings; the vendor says nothing on this.
 */
export function poolIdOfDeployment(
  organization: PulumiOrganization,
  deployment: PulumiDeployment,
): string | undefined {
  if (deployment.work.agentPoolId !== undefined) return deployment.work.agentPoolId;
  const stack = findStack(organization, deployment.project, deployment.stack);
  const settings = deployment.inheritsSettings ? stack?.settings : undefined;
  const configured = deployment.agentPoolId ?? settings?.["agentPoolID"];
  const wanted = typeof configured === "string" ? configured : organization.defaultAgentPoolId;
  return organization.agentPools.find(({ id }) => id === wanted)?.id;
}

/**
 * Hands a runner the oldest deployment that waits for its pool, one at a time per stack (deployment queue
 * documentation). The job's token shows here only.
 */
export function claimDeployment(
  organization: PulumiOrganization,
  pool: PulumiAgentPool,
  runner: KnownRunner,
): { deployment: PulumiDeployment; jobId: string; runId: string; jobToken: string } | undefined {
  const { deployments } = organization;
  if (organization.paused) return undefined;
  const deployment = deployments.find(
    (known) =>
      isWaiting(known) &&
      !known.work.isHosted &&
      poolIdOfDeployment(organization, known) === pool.id &&
      findStack(organization, known.project, known.stack)?.paused === false &&
      !deployments.some((other) => isSameStack(other, known) && isRunning(other)),
  );
  if (deployment === undefined) return undefined;
  const jobToken = newPulumiToken();
  deployment.job = { id: newUuid(), runId: newUuid(), tokenDigest: digestOf(jobToken), steps: [] };
  beginWork(deployment.work, pool.id, { id: runnerIdOf(runner), name: runner.hostname });
  setStatus(deployment, "accepted");
  return { deployment, jobId: deployment.job.id, runId: deployment.job.runId, jobToken };
}

/** Moves a deployment on, and ends its work when it is over. */
export function setStatus(deployment: PulumiDeployment, status: PulumiDeployment["status"]): void {
  Object.assign(deployment, { status, modified: new Date().toISOString() });
  if (status === "failed" || status === "succeeded") endWork(deployment.work);
}

/** True once nothing more happens to a deployment. */
export function isOver({ status }: PulumiDeployment): boolean {
  return status === "failed" || status === "succeeded" || status === "skipped";
}

/** True for the deployments of a stack. */
export function belongsTo(deployment: PulumiDeployment, stack: PulumiStack): boolean {
  return deployment.project === stack.project && deployment.stack === stack.name;
}

/** Every deployment of every organization. */
export function allDeployments(state: PulumiCloudState): PlacedDeployment[] {
  return state.organizations.flatMap((organization) =>
    organization.deployments.map((deployment) => ({ organization, deployment })),
  );
}

/** Runners that fell silent go offline; their deployments fail and are not handed out again (self-hosting guide). */
export function settlePulumiCloud(state: PulumiCloudState, now: number): void {
  for (const { organization, deployment } of allDeployments(state)) {
    const { work } = deployment;
    if (isWaiting(deployment) && poolIdOfDeployment(organization, deployment) === undefined) {
      work.isHosted = true;
    }
    if (isRunning(deployment) && isOlderThan(work.lastHeartbeatAt, state.agentTimeouts.jobLost, now)) {
      setStatus(deployment, "failed");
      work.isLost = true;
    }
  }
  for (const { agentPools } of state.organizations) {
    for (const pool of agentPools) settleRunners(pool, state.agentTimeouts, now);
  }
}

/** Every deployment as a job. */
export function pulumiCloudJobs(state: PulumiCloudState): Job[] {
  return allDeployments(state).map(({ organization, deployment }) => {
    const { id, project, stack, work } = deployment;
    const target = `${organization.name}/${project}/${stack}`;
    const poolId = poolIdOfDeployment(organization, deployment);
    return jobOf({ id, plane: "pulumi-cloud", target, poolId }, work, jobStatuses[deployment.status]);
  });
}

const jobStatuses = {
  "not-started": "queued",
  accepted: "running",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  skipped: "failed",
} as const;

function isWaiting({ status, work }: PulumiDeployment): boolean {
  return status === "not-started" && work.startedAt === undefined;
}

function isRunning({ status }: PulumiDeployment): boolean {
  return status === "accepted" || status === "running";
}

function isSameStack(a: PulumiDeployment, b: PulumiDeployment): boolean {
  return a.project === b.project && a.stack === b.stack;
}

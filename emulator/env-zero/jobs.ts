import { newUuid } from "../identifiers";
import { beginWork, endWork, isOlderThan, type Job, jobOf, newWork } from "../work";
import type {
  EnvZeroAgent,
  EnvZeroDeployment,
  EnvZeroEnvironment,
  EnvZeroInstance,
  EnvZeroState,
} from "./state";

/** Queues a deployment; it is for the agent pool of its project for as long as it waits. */
export function newDeployment(
  state: EnvZeroState,
  environment: EnvZeroEnvironment,
  seconds: number,
): EnvZeroDeployment {
  const deployment: EnvZeroDeployment = {
    id: newUuid(),
    type: "deploy",
    status: "QUEUED",
    startedAt: new Date().toISOString(),
    work: newWork(seconds, poolIdOfEnvironment(state, environment)),
  };
  environment.deployments.push(deployment);
  return deployment;
}

/** Hands an instance the oldest deployment that waits for its pool. */
export function claimDeployment(
  state: EnvZeroState,
  pool: EnvZeroAgent,
  instance: EnvZeroInstance,
): EnvZeroDeployment | undefined {
  const found = waitingFor(state, pool.id)
    // GUESS: one deployment at a time per environment.
    .filter(({ environment }) => !environment.deployments.some(({ status }) => status === "IN_PROGRESS"))
    .map(({ deployment }) => deployment)
    .toSorted((a, b) => (a.work.queuedAt < b.work.queuedAt ? -1 : 1))[0];
  if (found === undefined) return undefined;
  found.status = "IN_PROGRESS";
  beginWork(found.work, pool.id, { id: instance.id, name: instance.name });
  return found;
}

/** The deployment that an instance holds. */
export function deploymentHeldBy(state: EnvZeroState, instanceId: string): EnvZeroDeployment | undefined {
  return allDeployments(state)
    .map(({ deployment }) => deployment)
    .find(({ status, work }) => status === "IN_PROGRESS" && work.agentId === instanceId);
}

/** Ends a deployment as its agent reports. */
export function finishDeployment(deployment: EnvZeroDeployment, succeeded: boolean): void {
  deployment.status = succeeded ? "SUCCESS" : "FAILURE";
  endWork(deployment.work);
}

/** Ends a deployment whose agent is gone. */
export function loseDeployment(deployment: EnvZeroDeployment): void {
  finishDeployment(deployment, false);
  deployment.work.isLost = true;
}

/** Brings monitoring and the deployments of silent agents up to date. */
export function settleEnvZero(state: EnvZeroState, now: number): void {
  const { inactive, degraded, jobLost } = state.agentTimeouts;
  for (const { environment, deployment } of allDeployments(state)) {
    const { status, work } = deployment;
    if (status === "QUEUED" && poolIdOfEnvironment(state, environment) === undefined) work.isHosted = true;
    if (status === "IN_PROGRESS" && isOlderThan(work.lastHeartbeatAt, jobLost, now)) {
      loseDeployment(deployment);
    }
  }
  for (const pool of state.agents) {
    // Pools that no agent ever joined show what the admin API says.
    if (pool.instances.length === 0) continue;
    pool.instances = pool.instances.filter(({ lastSeenAt }) => !isOlderThan(lastSeenAt, inactive, now));
    const waitsLong = waitingFor(state, pool.id).some(({ deployment }) =>
      isOlderThan(deployment.work.queuedAt, degraded, now),
    );
    pool.status = pool.instances.length === 0 ? "INACTIVE" : waitsLong ? "DEGRADED" : "ACTIVE";
  }
}

/** Every deployment as a job. */
export function envZeroJobs(state: EnvZeroState): Job[] {
  return allDeployments(state).map(({ environment, deployment }) => {
    const poolId = deployment.work.agentPoolId ?? poolIdOfEnvironment(state, environment);
    const target = `${environment.projectId}/${environment.name}`;
    return jobOf(
      { id: deployment.id, plane: "env-zero", target, poolId },
      deployment.work,
      jobStatuses[deployment.status],
    );
  });
}

const jobStatuses = {
  QUEUED: "queued",
  WAITING_FOR_USER: "queued",
  IN_PROGRESS: "running",
  SUCCESS: "succeeded",
  FAILURE: "failed",
  CANCELLED: "failed",
} as const;

interface Placed {
  environment: EnvZeroEnvironment;
  deployment: EnvZeroDeployment;
}

function allDeployments(state: EnvZeroState): Placed[] {
  return state.environments.flatMap((environment) =>
    environment.deployments.map((deployment) => ({ environment, deployment })),
  );
}

function waitingFor(state: EnvZeroState, poolId: string): Placed[] {
  return allDeployments(state).filter(
    ({ environment, deployment: { status, work } }) =>
      status === "QUEUED" && !work.isHosted && poolIdOfEnvironment(state, environment) === poolId,
  );
}

/** The project's pool, else the organization's default; undefined means env zero's own runners. */
function poolIdOfEnvironment(state: EnvZeroState, { projectId }: EnvZeroEnvironment): string | undefined {
  const project = state.projects.find(({ id }) => id === projectId);
  const organization = state.organizations.find(({ id }) => id === project?.organizationId);
  const wanted = project?.agentId ?? organization?.defaultAgent;
  return state.agents.find(({ id }) => id === wanted)?.id;
}

import { z } from "zod";
import type { Answer } from "../exchange";
import { digestOf, newPulumiToken } from "../identifiers";
import { beatWork } from "../work";
import { allDeployments, claimDeployment, isOver, type PlacedDeployment, setStatus } from "./jobs";
import {
  bodyOf,
  findStack,
  ok,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
} from "./requests";
import { noteRunner, poolOfToken, runnerIdOf, tokenOf, touchRunner } from "./runners";
import type { PulumiDeployment } from "./state";

const job = "/api/workflow/jobs/:jobId";
/** The agent sends most bodies without a media type. */
const calledByRunners = { anonymous: true, mediaTypes: [""] } as const;

/**
 * What a workflow runner calls. Two are in the API description; the others were seen on the wire of agent 2.2.0 by
 * viniciusmiguel/HappyPumi, whose shapes of bodies they follow.
 */
export const runnerOperations: PulumiOperationEntry[] = [
  entry("PollDeploymentsQueue", "GET", "/api/deployments/poll", poll),
  entry("GetDeploymentsStatus", "GET", "/api/deployments/:deploymentId/status", deploymentStatus),
  entry("BackgroundActivitiesToken", "GET", "/api/background-activities/token", activitiesToken),
  entry(
    "BackgroundActivitiesConfiguration",
    "POST",
    "/api/background-activities/configuration",
    configuration,
  ),
  entry("AcquireWorkerLease", "POST", "/api/background-activities/worker/lease/acquire", acquireLease),
  entry("AckDeploymentWorkflow", "POST", "/api/agent-workflows/deployment", acknowledge),
  entry("AgentWorkflowCheck", "POST", "/api/agent-workflows/:agentJobId/check", check),
  entry("GetWorkflowJob", "GET", job, getJob),
  entry("WorkflowJobHeartbeat", "POST", `${job}/heartbeat`, heartbeat),
  entry("UpdateStepStatus", "PATCH", `${job}/:stepIndex/status`, updateStep),
  entry("AppendStepLogs", "POST", `${job}/:stepIndex/logs`, appendLogs),
];

function entry(
  id: string,
  method: PulumiOperationEntry["method"],
  path: string,
  handle: (request: PulumiRequest) => Answer,
): PulumiOperationEntry {
  return { id, method, path, ...calledByRunners, handle };
}

function poll(request: PulumiRequest): Answer {
  const { organization, pool } = poolOfToken(request);
  const claimed = claimDeployment(organization, pool, noteRunner(request, pool));
  if (claimed === undefined) {
    return { status: 204, headers: { "Retry-After": String(request.state.agentTimeouts.retryAfter) } };
  }
  const { deployment, jobId, runId, jobToken } = claimed;
  return ok({
    jobID: jobId,
    runID: runId,
    jobToken,
    // Deployments' own OIDC towards clouds is not emulated.
    oidcToken: "",
    typeSpecificID: deployment.id,
    deploymentID: deployment.id,
  });
}

function deploymentStatus(request: PulumiRequest): Answer {
  return ok(ownDeployment(request, request.params["deploymentId"]).status);
}

function activitiesToken(request: PulumiRequest): Answer {
  const { pool } = poolOfToken(request);
  noteRunner(request, pool);
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  // It leads nowhere: nothing but deployments is emulated.
  return ok({ token: newPulumiToken(), expiration });
}

function configuration(request: PulumiRequest): Answer {
  const { pool } = poolOfToken(request);
  const { id, name, description } = pool;
  return ok([{ kind: "deployment", agentPools: [{ id, name, description }] }]);
}

function acquireLease(request: PulumiRequest): Answer {
  poolOfToken(request);
  // Insights scans and policy evaluations, which are leased, are not emulated.
  return { status: 204 };
}

function acknowledge(request: PulumiRequest): Answer {
  const { pool } = poolOfToken(request);
  noteRunner(request, pool);
  return ok({});
}

function check(request: PulumiRequest): Answer {
  const id = request.params["agentJobId"]?.split(":").at(-1);
  const deployment = ownDeployment(request, id);
  return ok({ id: deployment.id, status: deployment.status, complete: isOver(deployment) });
}

function ownDeployment(request: PulumiRequest, id: string | undefined): PulumiDeployment {
  const { organization, pool } = poolOfToken(request);
  noteRunner(request, pool);
  const deployment = organization.deployments.find(
    (known) => known.id === id && known.work.agentPoolId === pool.id,
  );
  if (deployment === undefined) throw pulumiRefusal(404, `Not Found: Deployment '${id}' not found`);
  return deployment;
}

function getJob(request: PulumiRequest): Answer {
  const { organization, deployment } = jobOf(request);
  const settings = findStack(organization, deployment.project, deployment.stack)?.settings;
  const image = z
    .object({ executorContext: z.object({ executorImage: z.object({ reference: z.string() }) }) })
    .safeParse(settings).data?.executorContext.executorImage.reference;
  return ok({
    image: { reference: deployment.image ?? image ?? "pulumi/pulumi:latest" },
    env: {},
    // The runner was seen to skip step 0. The work of an emulated job is to pass the time.
    steps: [
      { name: "prepare", run: "true" },
      { name: `pulumi ${deployment.operation}`, run: `sleep ${deployment.work.seconds}` },
    ],
  });
}

function heartbeat(request: PulumiRequest): Answer {
  const { organization, deployment } = liveJobOf(request);
  const { work } = deployment;
  beatWork(work);
  const pool = organization.agentPools.find(({ id }) => id === work.agentPoolId);
  const agent = pool?.agents.find((known) => runnerIdOf(known) === work.agentId);
  if (agent !== undefined) touchRunner(agent);
  return ok({});
}

function updateStep(request: PulumiRequest): Answer {
  const { deployment } = liveJobOf(request);
  const { status } = bodyOf(request, z.object({ status: z.enum(["running", "succeeded", "failed"]) }));
  const index = Number(request.params["stepIndex"]);
  if (deployment.job !== undefined) deployment.job.steps[index] = status;
  // The last step decides; a failed one ends everything.
  if (status === "failed") setStatus(deployment, "failed");
  else if (status === "succeeded" && index > 0) setStatus(deployment, "succeeded");
  else setStatus(deployment, "running");
  return ok({});
}

function appendLogs(request: PulumiRequest): Answer {
  liveJobOf(request);
  return ok({});
}

function liveJobOf(request: PulumiRequest): PlacedDeployment {
  const found = jobOf(request);
  // GUESS: what a runner hears that comes back after its deployment was given up.
  if (isOver(found.deployment)) throw pulumiRefusal(409, "Conflict: the job has ended");
  return found;
}

/** The deployment of a job, for whoever holds the job's own token. */
function jobOf(request: PulumiRequest): PlacedDeployment {
  const digest = digestOf(tokenOf(request) ?? "");
  const found = allDeployments(request.state).find(
    ({ deployment }) => deployment.job?.id === request.params["jobId"],
  );
  if (found?.deployment.job?.tokenDigest !== digest) throw pulumiRefusal(403, "Forbidden: not your job");
  return found;
}

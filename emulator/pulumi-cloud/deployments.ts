import { z } from "zod";
import type { Answer } from "../exchange";
import { belongsTo, newDeployment, poolIdOfDeployment, setStatus } from "./jobs";
import {
  bodyOf,
  findStack,
  maySee,
  ok,
  organizationOf,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
  stackOf,
  userInfo,
  writableStackOf,
} from "./requests";
import type { PulumiDeployment, PulumiOrganization } from "./state";

const organizationPath = "/api/orgs/:orgName/deployments";
const stackPath = "/api/stacks/:orgName/:projectName/:stackName/deployments";

/** Deployments, the work that runners take: `ListOrgDeployments` to `StackDeploymentsMetadata`. */
export const deploymentOperations: PulumiOperationEntry[] = [
  { id: "ListOrgDeployments", method: "GET", path: organizationPath, handle: listOfOrganization },
  {
    id: "OrgDeploymentsMetadata",
    method: "GET",
    path: `${organizationPath}/metadata`,
    handle: organizationMetadata,
  },
  { id: "PauseOrgDeployments", method: "POST", path: `${organizationPath}/pause`, handle: pauseOrganization },
  {
    id: "ResumeOrgDeployments",
    method: "POST",
    path: `${organizationPath}/resume`,
    handle: pauseOrganization,
  },
  { id: "ListStackDeploymentsHandlerV2", method: "GET", path: stackPath, handle: listOfStack },
  { id: "CreateAPIDeploymentHandlerV2", method: "POST", path: stackPath, handle: create },
  { id: "StackDeploymentsMetadata", method: "GET", path: `${stackPath}/metadata`, handle: stackMetadata },
  { id: "PauseStackDeployments", method: "POST", path: `${stackPath}/pause`, handle: pauseStack },
  { id: "ResumeStackDeployments", method: "POST", path: `${stackPath}/resume`, handle: pauseStack },
  { id: "GetDeployment", method: "GET", path: `${stackPath}/:deploymentId`, handle: get },
  { id: "CancelDeployment", method: "POST", path: `${stackPath}/:deploymentId/cancel`, handle: cancel },
];

/** Operations of a deployment, as the API names them. */
export const pulumiOperations = [
  "update",
  "preview",
  "destroy",
  "refresh",
  "detect-drift",
  "remediate-drift",
] as const;

const createBody = z.looseObject({
  operation: z.enum(pulumiOperations).optional(),
  inheritSettings: z.boolean().optional(),
  agentPoolID: z.string().nullish(),
  // The command line sends an empty operation here, and the real one at the top.
  operationContext: z.looseObject({ operation: z.enum(["", ...pulumiOperations]).optional() }).nullish(),
});

function listOfOrganization(request: PulumiRequest): Answer {
  const organization = organizationOf(request);
  // "Filtered to only include deployments for stacks the requesting user has access to" (API description).
  const visible = organization.deployments.filter(({ project, stack }) =>
    maySee(request, organization, findStack(organization, project, stack)),
  );
  return listAnswer(request, organization, visible);
}

function listOfStack(request: PulumiRequest): Answer {
  const { organization, stack } = stackOf(request);
  return listAnswer(
    request,
    organization,
    organization.deployments.filter((deployment) => belongsTo(deployment, stack)),
  );
}

function listAnswer(
  request: PulumiRequest,
  organization: PulumiOrganization,
  deployments: readonly PulumiDeployment[],
): Answer {
  const page = wholeNumber(request.query.get("page") ?? "1", 1, Number.MAX_SAFE_INTEGER);
  const pageSize = wholeNumber(request.query.get("pageSize") ?? "10", 1, 100);
  const ascending = request.query.get("asc") === "true";
  // Newest first unless asked otherwise; the order of insertion is the order of time.
  const sorted = ascending ? deployments : deployments.toReversed();
  const shown = sorted.slice((page - 1) * pageSize, page * pageSize);
  return ok({
    deployments: shown.map((deployment) => snapshotOf(organization, deployment)),
    itemsPerPage: pageSize,
    total: deployments.length,
  });
}

function organizationMetadata(request: PulumiRequest): Answer {
  const { deployments, paused, stacks } = organizationOf(request);
  const count = (status: PulumiDeployment["status"]) =>
    deployments.filter((deployment) => deployment.status === status).length;
  return ok({
    paused,
    pausedStacks: stacks.filter((stack) => stack.paused).map((stack) => `${stack.project}/${stack.name}`),
    concurrency: 150,
    deploymentCounts: {
      notStarted: count("not-started"),
      accepted: count("accepted"),
      running: count("running"),
      failed: count("failed"),
      succeeded: count("succeeded"),
      skipped: count("skipped"),
      total: deployments.length,
    },
  });
}

function pauseOrganization(request: PulumiRequest): Answer {
  organizationOf(request).paused = request.path.endsWith("/pause");
  return { status: 200 };
}

function create(request: PulumiRequest): Answer {
  const { organization, stack } = writableStackOf(request);
  const body = bodyOf(request, createBody);
  const operation = body.operation || body.operationContext?.operation;
  if (!operation) throw pulumiRefusal(400, "Bad Request: Missing top level required field 'operation'");
  const poolId = body.agentPoolID || undefined;
  if (poolId !== undefined && !organization.agentPools.some((pool) => pool.id === poolId)) {
    throw pulumiRefusal(400, `Bad Request: Invalid agent pool id '${poolId}'`);
  }
  const deployment = newDeployment(organization, stack, {
    operation,
    requestedBy: request.caller.login,
    poolId,
    inheritsSettings: body.inheritSettings !== false,
    seconds: 1,
  });
  return {
    status: 202,
    body: {
      id: deployment.id,
      version: deployment.version,
      consoleUrl: `https://app.pulumi.com/${organization.name}/${stack.project}/${stack.name}/deployments/${deployment.version}`,
    },
  };
}

function get(request: PulumiRequest): Answer {
  const deployment = deploymentOf(request);
  return ok({ ...commonFields(deployment), latestVersion: deployment.version });
}

function cancel(request: PulumiRequest): Answer {
  writableStackOf(request);
  const deployment = deploymentOf(request);
  // GUESS: a cancelled deployment shows as failed; no status of its own is in the description.
  setStatus(deployment, "failed");
  return { status: 200 };
}

function stackMetadata(request: PulumiRequest): Answer {
  const { organization, stack } = stackOf(request);
  return ok({
    hasSchedules: false,
    organizationPaused: organization.paused,
    stackPaused: stack.paused,
    paused: organization.paused || stack.paused,
  });
}

function pauseStack(request: PulumiRequest): Answer {
  const { stack } = writableStackOf(request);
  if (stack.settings === undefined) {
    throw pulumiRefusal(
      400,
      "Bad Request: Attempted to pause or resume deployments on stack before it has been configured for deployments",
    );
  }
  stack.paused = request.path.endsWith("/pause");
  return { status: 200 };
}

function deploymentOf(request: PulumiRequest): PulumiDeployment {
  const { organization, stack } = stackOf(request);
  const id = request.params["deploymentId"];
  const found = organization.deployments.find((known) => known.id === id && belongsTo(known, stack));
  if (found === undefined) throw pulumiRefusal(404, `Not Found: Deployment '${id}' not found`);
  return found;
}

function commonFields(deployment: PulumiDeployment): object {
  const { id, created, modified, status, version } = deployment;
  const requestedBy = userInfo(deployment.requestedBy);
  return {
    id,
    created,
    modified,
    status,
    version,
    requestedBy,
    jobs: [],
    pulumiOperation: deployment.operation,
  };
}

function snapshotOf(organization: PulumiOrganization, deployment: PulumiDeployment): object {
  const poolId = poolIdOfDeployment(organization, deployment);
  const pool = organization.agentPools.find(({ id }) => id === poolId);
  return {
    ...commonFields(deployment),
    projectName: deployment.project,
    stackName: deployment.stack,
    paused: organization.paused,
    updates: [],
    ...(pool && { agentPool: { id: pool.id, name: pool.name } }),
  };
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw pulumiRefusal(400, "Bad Request: Invalid query parameter");
  }
  return value;
}

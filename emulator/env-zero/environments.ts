import type { Answer } from "../exchange";
import {
  type EnvZeroOperationEntry,
  type EnvZeroRequest,
  envZeroRefusal,
  ok,
  organizationOf,
} from "./requests";
import type { EnvZeroEnvironment } from "./state";

/** Environments and their deployments, read only: the nearest that env zero has to a queue. */
export const environmentOperations: EnvZeroOperationEntry[] = [
  { id: "findAll", method: "GET", path: "/environments", handle: list },
  {
    id: "findDeploymentLogsByEnvironmentId",
    method: "GET",
    path: "/environments/:environmentId/deployments",
    handle: listDeployments,
  },
];

function list(request: EnvZeroRequest): Answer {
  const { query, state, caller } = request;
  const organizationId = query.get("organizationId");
  if (organizationId !== null) organizationOf(request, organizationId);
  const projects = state.projects.filter(
    (project) =>
      caller.organizations.includes(project.organizationId) &&
      (organizationId === null || project.organizationId === organizationId) &&
      (query.get("projectId") ?? project.id) === project.id,
  );
  const environments = state.environments.filter(({ projectId }) =>
    projects.some(({ id }) => id === projectId),
  );
  const { offset, limit } = pageOf(query, 100);
  return ok(
    environments.slice(offset, offset + limit).map(({ id, projectId, name }) => ({ id, projectId, name })),
  );
}

function listDeployments(request: EnvZeroRequest): Answer {
  const statuses = request.query.get("statuses")?.split(",");
  const { offset, limit } = pageOf(request.query, 25);
  const { deployments, id } = environmentOf(request);
  const matching = deployments.filter(
    (deployment) => statuses === undefined || statuses.includes(deployment.status),
  );
  const shown = matching.slice(offset, offset + limit);
  return ok(shown.map(({ work: _work, ...deployment }) => ({ ...deployment, environmentId: id })));
}

function environmentOf(request: EnvZeroRequest): EnvZeroEnvironment {
  const id = request.params["environmentId"];
  const environment = request.state.environments.find((known) => known.id === id);
  const project = request.state.projects.find((known) => known.id === environment?.projectId);
  if (environment === undefined || !request.caller.organizations.includes(project?.organizationId ?? "")) {
    throw envZeroRefusal(404, `Environment ${id} not found`);
  }
  return environment;
}

/** Lists of env zero page with `limit` and `offset`. */
function pageOf(query: URLSearchParams, mostItems: number): { offset: number; limit: number } {
  const offset = Number(query.get("offset") ?? 0);
  const limit = Math.min(Number(query.get("limit") ?? mostItems), mostItems);
  if (!Number.isInteger(offset) || !Number.isInteger(limit) || offset < 0 || limit < 1) {
    throw envZeroRefusal(400, "limit and offset must be whole numbers");
  }
  return { offset, limit };
}

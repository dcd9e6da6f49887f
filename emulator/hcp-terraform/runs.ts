import type { Answer } from "../exchange";
import { listAnswer, type Resource, toOne } from "./json-api";
import {
  document,
  type HcpOperationEntry,
  type HcpRequest,
  isVisible,
  notFound,
  organizationOf,
  workspaceOf,
} from "./requests";
import { poolIdOfRun } from "./run-jobs";
import { discardableStatuses, finalStatuses, queuedStatuses } from "./run-statuses";
import type { HcpTerraformRun, HcpTerraformState } from "./state";

const organization = "/api/v2/organizations/:organization";

/** Runs and the queue, read only: what an autoscaler looks at (runs API). */
export const runOperations: HcpOperationEntry[] = [
  { id: "listOrganizationRuns", method: "GET", path: `${organization}/runs`, handle: list },
  { id: "listOrganizationRunQueue", method: "GET", path: `${organization}/runs/queue`, handle: queue },
  { id: "getOrganizationCapacity", method: "GET", path: `${organization}/capacity`, handle: capacity },
  {
    id: "listWorkspaceRuns",
    method: "GET",
    path: "/api/v2/workspaces/:workspaceId/runs",
    handle: listOfWorkspace,
  },
  { id: "getRun", method: "GET", path: "/api/v2/runs/:runId", handle: get },
];

function list(request: HcpRequest): Answer {
  const { name } = organizationOf(request);
  const { state } = request;
  const ids = new Set(state.workspaces.filter((known) => known.organization === name).map(({ id }) => id));
  const runs = state.runs.filter((run) => ids.has(run.workspaceId) && matches(request, run));
  return listAnswer(request, runs.toReversed().map(runResource), { totals: false });
}

function listOfWorkspace(request: HcpRequest): Answer {
  const { id } = workspaceOf(request);
  const runs = request.state.runs.filter((run) => run.workspaceId === id && matches(request, run));
  return listAnswer(request, runs.toReversed().map(runResource));
}

function get(request: HcpRequest): Answer {
  const run = request.state.runs.find(({ id }) => id === request.params["runId"]);
  const workspace = request.state.workspaces.find(({ id }) => id === run?.workspaceId);
  if (run === undefined || workspace === undefined || !isVisible(request, workspace.organization))
    throw notFound();
  return document({ data: runResource(run) });
}

function queue(request: HcpRequest): Answer {
  return listAnswer(
    request,
    liveRuns(request).map((run, index) => {
      const resource = runResource(run);
      return { ...resource, attributes: { ...resource.attributes, "position-in-queue": index } };
    }),
  );
}

function capacity(request: HcpRequest): Answer {
  const runs = liveRuns(request);
  const pending = runs.filter(({ status }) => queuedStatuses.has(status)).length;
  return document({
    data: {
      id: organizationOf(request).name,
      type: "organization-capacity",
      attributes: { pending, running: runs.length - pending },
    },
  });
}

function liveRuns(request: HcpRequest): HcpTerraformRun[] {
  const { name } = organizationOf(request);
  const ids = new Set(
    request.state.workspaces.filter((known) => known.organization === name).map((workspace) => workspace.id),
  );
  return request.state.runs.filter((run) => ids.has(run.workspaceId) && !finalStatuses.has(run.status));
}

/** The filters of the run lists; several values are separated by commas. */
function matches(request: HcpRequest, run: HcpTerraformRun): boolean {
  const { query, state } = request;
  const workspace = state.workspaces.find(({ id }) => id === run.workspaceId);
  const accepts = (filter: string, value: string | undefined) =>
    query
      .get(`filter[${filter}]`)
      ?.split(",")
      .includes(value ?? "") ?? true;
  return (
    accepts("agent_pool_names", poolNameOf(state, run)) &&
    accepts("workspace_names", workspace?.name) &&
    accepts("status", run.status) &&
    accepts("source", run.source) &&
    accepts("operation", run.planOnly ? "plan_only" : run.isDestroy ? "destroy" : "plan_and_apply") &&
    inStatusGroup(query.get("filter[status_group]"), run.status) &&
    inTimeframe(query.get("filter[timeframe]"), run.createdAt)
  );
}

function poolNameOf(state: HcpTerraformState, run: HcpTerraformRun): string | undefined {
  const poolId = poolIdOfRun(state, run);
  return state.agentPools.find(({ id }) => id === poolId)?.name;
}

function inStatusGroup(group: string | null, status: string): boolean {
  if (group === "non_final") return !finalStatuses.has(status);
  if (group === "final") return finalStatuses.has(status);
  if (group === "discardable") return discardableStatuses.has(status);
  return true;
}

function inTimeframe(timeframe: string | null, createdAt: string): boolean {
  if (timeframe === null || timeframe === "") return true;
  if (timeframe === "year") return Date.parse(createdAt) > Date.now() - 365 * 24 * 3600 * 1000;
  return createdAt.startsWith(timeframe);
}

/** A run as a JSON:API resource. */
export function runResource(run: HcpTerraformRun): Resource {
  return {
    id: run.id,
    type: "runs",
    attributes: {
      status: run.status,
      source: run.source,
      message: "Queued by the emulator",
      "created-at": run.createdAt,
      "plan-only": run.planOnly,
      "is-destroy": run.isDestroy,
      "auto-apply": false,
      "has-changes": false,
      refresh: true,
      "refresh-only": false,
      "save-plan": false,
      "status-timestamps": {},
      actions: {
        "is-cancelable": true,
        "is-confirmable": false,
        "is-discardable": false,
        "is-force-cancelable": false,
      },
      permissions: {
        "can-apply": true,
        "can-cancel": true,
        "can-discard": true,
        "can-force-cancel": true,
        "can-force-execute": true,
      },
    },
    relationships: { workspace: toOne("workspaces", run.workspaceId) },
    links: { self: `/api/v2/runs/${run.id}` },
  };
}

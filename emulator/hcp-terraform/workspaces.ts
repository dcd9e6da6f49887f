import { z } from "zod";
import type { Answer, Json } from "../exchange";
import { newHcpTerraformId } from "../identifiers";
import { allowsWorkspace, changedSettings, checkedPool } from "./execution-settings";
import { includesOf, listAnswer, type Resource, sorted } from "./json-api";
import { organizationResource } from "./organizations";
import {
  dataOf,
  document,
  type HcpOperationEntry,
  type HcpRequest,
  hcpRefusal,
  invalidAttribute,
  organizationOf,
  requireWriting,
  workspaceOf,
} from "./requests";
import { changeExecution } from "./run-jobs";
import { runResource } from "./runs";
import type { HcpTerraformState, HcpTerraformWorkspace } from "./state";
import { effectiveTagBindings, tagBindingsOf, tagNamesOf } from "./tags";
import { matchesFilters } from "./workspace-filters";
import { workspaceResource, writableWorkspaceAttributes } from "./workspace-resource";

const ofOrganization = "/api/v2/organizations/:organization/workspaces";
const byName = `${ofOrganization}/:workspaceName`;
const byId = "/api/v2/workspaces/:workspaceId";

/** Workspaces and their execution settings (workspaces API). */
export const workspaceOperations: HcpOperationEntry[] = [
  { id: "listWorkspaces", method: "GET", path: ofOrganization, handle: list },
  { id: "createWorkspace", method: "POST", path: ofOrganization, handle: create },
  { id: "getWorkspaceByName", method: "GET", path: byName, handle: get },
  { id: "updateWorkspaceByName", method: "PATCH", path: byName, handle: update },
  { id: "deleteWorkspaceByName", method: "DELETE", path: byName, handle: remove },
  {
    id: "safeDeleteWorkspaceByName",
    method: "POST",
    path: `${byName}/actions/safe-delete`,
    handle: remove,
  },
  { id: "getWorkspace", method: "GET", path: byId, handle: get },
  { id: "updateWorkspace", method: "PATCH", path: byId, handle: update },
  { id: "deleteWorkspace", method: "DELETE", path: byId, handle: remove },
  { id: "safeDeleteWorkspace", method: "POST", path: `${byId}/actions/safe-delete`, handle: remove },
];

const workspaceData = z.object({
  attributes: z
    .looseObject({
      name: z.string().optional(),
      "execution-mode": z.enum(["remote", "local", "agent"]).nullish(),
      "agent-pool-id": z.string().nullish(),
      /** The older spelling: false means local. */
      operations: z.boolean().nullish(),
      "setting-overwrites": z
        .looseObject({ "execution-mode": z.boolean().nullish(), "agent-pool": z.boolean().nullish() })
        .nullish(),
    })
    .default({}),
  relationships: z
    .looseObject({ project: z.looseObject({ data: z.looseObject({ id: z.string() }) }).optional() })
    .default({}),
});

function list(request: HcpRequest): Answer {
  const { name: organization } = organizationOf(request);
  const { state, query } = request;
  const matching = state.workspaces.filter(
    (workspace) => workspace.organization === organization && matchesFilters(request, workspace),
  );
  const keys = { name: (workspace: HcpTerraformWorkspace) => workspace.name };
  // Without `sort` the service orders by name.
  const ordered = query.has("sort")
    ? sorted(request, matching, keys)
    : matching.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return listAnswer(
    request,
    ordered.map((workspace) => workspaceResource(state, workspace)),
    {
      included: (shown) =>
        includedOf(
          request,
          shown.map(({ id }) => id),
        ),
    },
  );
}

function create(request: HcpRequest): Answer {
  const organization = organizationOf(request);
  requireWriting(request);
  const now = new Date().toISOString();
  const workspace: HcpTerraformWorkspace = {
    id: newHcpTerraformId("ws"),
    organization: organization.name,
    projectId: organization.defaultProjectId,
    name: "",
    createdAt: now,
    updatedAt: now,
    settings: { executionMode: "remote", overwrites: { executionMode: false, agentPool: false } },
    attributes: {},
    tagNames: [],
    tagBindings: [],
    remoteStateConsumerIds: [],
  };
  write(request, workspace);
  request.state.workspaces.push(workspace);
  return document({ data: workspaceResource(request.state, workspace) }, 201);
}

function get(request: HcpRequest): Answer {
  const workspace = workspaceOf(request);
  const included = includedOf(request, [workspace.id]);
  return document({
    data: workspaceResource(request.state, workspace),
    ...(included.length > 0 && { included }),
  });
}

function update(request: HcpRequest): Answer {
  const workspace = workspaceOf(request);
  requireWriting(request);
  changeExecution(request.state, () => write(request, workspace));
  return document({ data: workspaceResource(request.state, workspace) });
}

function remove(request: HcpRequest): Answer {
  const workspace = workspaceOf(request);
  requireWriting(request);
  removeWorkspace(request.state, workspace);
  return { status: 204 };
}

/** Removes a workspace with its runs, and from the lists of the pools. */
export function removeWorkspace(state: HcpTerraformState, workspace: HcpTerraformWorkspace): void {
  const without = (ids: string[]) => ids.filter((id) => id !== workspace.id);
  state.workspaces = state.workspaces.filter((known) => known !== workspace);
  state.runs = state.runs.filter((run) => run.workspaceId !== workspace.id);
  for (const pool of state.agentPools) {
    pool.allowedWorkspaceIds = without(pool.allowedWorkspaceIds);
    pool.excludedWorkspaceIds = without(pool.excludedWorkspaceIds);
  }
}

function write(request: HcpRequest, workspace: HcpTerraformWorkspace): void {
  const { state } = request;
  const { attributes, relationships } = dataOf(request, "workspaces", workspaceData);
  const name = attributes.name ?? workspace.name;
  checkName(request, workspace, name);
  const projectId = relationships.project?.data.id ?? workspace.projectId;
  const project = state.projects.find(({ id }) => id === projectId);
  if (project?.organization !== workspace.organization)
    throw hcpRefusal(404, "not found", "Project does not exist");

  const overwrites = attributes["setting-overwrites"];
  const operations = attributes.operations ?? undefined;
  const settings = changedSettings(workspace.settings, {
    executionMode:
      attributes["execution-mode"] ??
      (operations === undefined ? undefined : operations ? "remote" : "local"),
    agentPoolId: attributes["agent-pool-id"],
    ...(overwrites && {
      overwrites: {
        executionMode: overwrites["execution-mode"] ?? undefined,
        agentPool: overwrites["agent-pool"] ?? undefined,
      },
    }),
  });
  const pool = checkedPool(state, workspace.organization, settings, "agent-pool-id");
  // A workspace that already uses the pool keeps it when the pool's scope is narrowed.
  const isNewPool = pool !== undefined && pool.id !== workspace.settings.agentPoolId;
  if (isNewPool && !allowsWorkspace(pool, { ...workspace, projectId })) {
    throw invalidAttribute(
      "Agent pool workspace does not have access to use this agent pool",
      "agent-pool-id",
    );
  }

  workspace.name = name;
  workspace.projectId = projectId;
  workspace.settings = settings;
  workspace.updatedAt = new Date().toISOString();
  workspace.tagNames = tagNamesOf(request, workspace.tagNames);
  workspace.tagBindings = tagBindingsOf(request, workspace.tagBindings);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in writableWorkspaceAttributes) workspace.attributes[key] = value as Json;
  }
}

function checkName(request: HcpRequest, workspace: HcpTerraformWorkspace, name: string): void {
  if (name === "") throw invalidAttribute("Name can't be blank", "name");
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw invalidAttribute("Name can only include letters, numbers, -, and _", "name");
  }
  const taken = request.state.workspaces.some(
    (known) =>
      known.organization === workspace.organization && known.name === name && known.id !== workspace.id,
  );
  if (taken) throw invalidAttribute("Name has already been taken", "name");
}

function includedOf(request: HcpRequest, workspaceIds: readonly string[]): Resource[] {
  const { state } = request;
  const includes = includesOf(request);
  const workspaces = state.workspaces.filter(({ id }) => workspaceIds.includes(id));
  const organizations = state.organizations.filter(({ name }) =>
    workspaces.some((workspace) => workspace.organization === name),
  );
  const runs = workspaces.flatMap(({ id }) => state.runs.findLast((run) => run.workspaceId === id) ?? []);
  return [
    ...(includes.has("organization")
      ? organizations.map((organization) => organizationResource(request, organization))
      : []),
    ...(includes.has("current_run") || includes.has("current-run") ? runs.map(runResource) : []),
    ...(includes.has("effective_tag_bindings")
      ? workspaces.flatMap((workspace) => effectiveTagBindings(state, workspace))
      : []),
  ];
}

import { z } from "zod";
import type { Answer } from "../exchange";
import { newHcpTerraformId } from "../identifiers";
import { workspacesUsing } from "./execution-settings";
import { includesOf, listAnswer, type Resource, related, sorted, toMany, toOne } from "./json-api";
import {
  agentPoolOf,
  dataOf,
  document,
  type HcpOperationEntry,
  type HcpRequest,
  hcpRefusal,
  invalidAttribute,
  organizationOf,
  requireAdministration,
  requirePoolReading,
} from "./requests";
import type { HcpTerraformAgentPool, HcpTerraformState } from "./state";
import { workspaceResource } from "./workspace-resource";

const ofOrganization = "/api/v2/organizations/:organization/agent-pools";
const one = "/api/v2/agent-pools/:agentPoolId";

/** Agent pools (agents API). */
export const agentPoolOperations: HcpOperationEntry[] = [
  { id: "listAgentPools", method: "GET", path: ofOrganization, handle: list },
  { id: "createAgentPool", method: "POST", path: ofOrganization, handle: create },
  { id: "getAgentPool", method: "GET", path: one, handle: get },
  { id: "updateAgentPool", method: "PATCH", path: one, handle: update },
  { id: "deleteAgentPool", method: "DELETE", path: one, handle: remove },
];

const references = z.object({ data: z.array(z.looseObject({ id: z.string() })) }).optional();
const poolData = z.object({
  attributes: z
    .looseObject({ name: z.string().optional(), "organization-scoped": z.boolean().optional() })
    .default({}),
  relationships: z
    .looseObject({
      "allowed-workspaces": references,
      "allowed-projects": references,
      "excluded-workspaces": references,
    })
    .default({}),
});

/** Letters, digits, `-` and `_` (agents API). */
const namePattern = /^[A-Za-z0-9_-]+$/;

function list(request: HcpRequest): Answer {
  const { name: organization } = organizationOf(request);
  requirePoolReading(request);
  const { state, query } = request;
  const ofThis = state.agentPools.filter((pool) => pool.organization === organization);
  const wanted = query.get("q") ?? "";
  const workspaceName = query.get("filter[allowed_workspaces][name]");
  const projectName = query.get("filter[allowed_projects][name]");
  const workspaceId = state.workspaces.find(
    (known) => known.organization === organization && known.name === workspaceName,
  )?.id;
  const projectId = state.projects.find(
    (known) => known.organization === organization && known.name === projectName,
  )?.id;
  // GUESS: like the console's picker, the filters list pools that may be used: scoped to everybody, or listed.
  const matching = ofThis.filter(
    (pool) =>
      pool.name.includes(wanted) &&
      (workspaceName === null ||
        pool.organizationScoped ||
        pool.allowedWorkspaceIds.includes(workspaceId ?? "")) &&
      (projectName === null || pool.organizationScoped || pool.allowedProjectIds.includes(projectId ?? "")),
  );
  const keys = {
    name: (pool: HcpTerraformAgentPool) => pool.name,
    "created-at": (pool: HcpTerraformAgentPool) => pool.createdAt,
  };
  const resources = sorted(request, matching, keys).map((pool) => agentPoolResource(state, pool));
  return listAnswer(request, resources, {
    meta: { "status-counts": { total: ofThis.length, matching: matching.length } },
    ...(includesOf(request).has("workspaces") && {
      included: (shown) => shown.flatMap(({ id }) => includedWorkspaces(state, id)),
    }),
  });
}

function create(request: HcpRequest): Answer {
  const { name: organization } = organizationOf(request);
  requireAdministration(request);
  const data = dataOf(request, "agent-pools", poolData);
  const pool: HcpTerraformAgentPool = {
    id: newHcpTerraformId("apool"),
    organization,
    name: data.attributes.name ?? "",
    createdAt: new Date().toISOString(),
    organizationScoped: true,
    allowedWorkspaceIds: [],
    allowedProjectIds: [],
    excludedWorkspaceIds: [],
    tokens: [],
    agents: [],
  };
  const changed = changedPool(request, pool, data);
  request.state.agentPools.push(changed);
  return document({ data: agentPoolResource(request.state, changed) }, 201);
}

function get(request: HcpRequest): Answer {
  const pool = agentPoolOf(request);
  return document({
    data: agentPoolResource(request.state, pool),
    ...(includesOf(request).has("workspaces") && { included: includedWorkspaces(request.state, pool.id) }),
  });
}

function update(request: HcpRequest): Answer {
  const pool = agentPoolOf(request);
  requireAdministration(request);
  const data = dataOf(request, "agent-pools", poolData);
  if (request.state.updateResetsOmittedScope) data.attributes["organization-scoped"] ??= true;
  // Narrowing the scope does not detach workspaces that already use the pool (agent pools documentation).
  Object.assign(pool, changedPool(request, pool, data));
  return document({ data: agentPoolResource(request.state, pool) });
}

function remove(request: HcpRequest): Answer {
  const pool = agentPoolOf(request);
  requireAdministration(request);
  const users = workspacesUsing(request.state, pool.id);
  if (users.length > 0) {
    const names = request.state.workspaces.filter(({ id }) => users.includes(id)).map(({ name }) => name);
    // GUESS: status and text; the documentation says only that a pool in use by workspaces or Stacks can't be deleted.
    throw hcpRefusal(
      422,
      "unprocessable entity",
      `Agent pool is in use by one or more workspaces or Stacks: ${names.join(", ")}`,
    );
  }
  removePool(request.state, pool);
  return { status: 204 };
}

/** Removes a pool; defaults that still name it fall back to remote execution. */
export function removePool(state: HcpTerraformState, pool: HcpTerraformAgentPool): void {
  state.agentPools = state.agentPools.filter((known) => known !== pool);
  // GUESS: defaults without a workspace that uses them don't keep a pool alive.
  for (const { defaults } of state.organizations) {
    if (defaults.agentPoolId !== pool.id) continue;
    delete defaults.agentPoolId;
    defaults.executionMode = "remote";
  }
  for (const { settings } of [...state.projects, ...state.workspaces]) {
    if (settings.agentPoolId !== pool.id) continue;
    delete settings.agentPoolId;
    settings.executionMode = "remote";
  }
}

/**
 * The pool after a create or update. A relationship that is present replaces the whole list. What is absent stays:
 * the provider's `tfe_agent_pool_allowed_workspaces` sends nothing but its list and the scope survives.
 */
function changedPool(
  request: HcpRequest,
  before: HcpTerraformAgentPool,
  { attributes, relationships }: z.output<typeof poolData>,
): HcpTerraformAgentPool {
  const { state } = request;
  const name = attributes.name ?? before.name;
  if (name === "") throw invalidAttribute("Name can't be blank", "name");
  if (!namePattern.test(name)) {
    throw invalidAttribute("Name can only include letters, numbers, -, and _", "name");
  }
  const taken = state.agentPools.some(
    (known) => known.organization === before.organization && known.name === name && known.id !== before.id,
  );
  if (taken) throw invalidAttribute("Name has already been taken", "name");
  const ids = (
    key: "allowed-workspaces" | "allowed-projects" | "excluded-workspaces",
    otherwise: string[],
  ) => {
    const listed = relationships[key]?.data.map(({ id }) => id);
    if (listed === undefined) return otherwise;
    const items = key === "allowed-projects" ? state.projects : state.workspaces;
    const unknown = listed.find(
      (id) => !items.some((item) => item.id === id && item.organization === before.organization),
    );
    if (unknown !== undefined) throw hcpRefusal(404, "not found", `${key}: ${unknown} does not exist`);
    return [...new Set(listed)];
  };
  return {
    ...before,
    name,
    organizationScoped: attributes["organization-scoped"] ?? before.organizationScoped,
    allowedWorkspaceIds: ids("allowed-workspaces", before.allowedWorkspaceIds),
    allowedProjectIds: ids("allowed-projects", before.allowedProjectIds),
    excludedWorkspaceIds: ids("excluded-workspaces", before.excludedWorkspaceIds),
  };
}

function includedWorkspaces(state: HcpTerraformState, poolId: string): Resource[] {
  const ids = workspacesUsing(state, poolId);
  return state.workspaces
    .filter(({ id }) => ids.includes(id))
    .map((workspace) => workspaceResource(state, workspace));
}

/** Agents that count against the purchased limit. */
const countedStatuses = new Set(["idle", "busy", "unknown"]);

function agentPoolResource(state: HcpTerraformState, pool: HcpTerraformAgentPool): Resource {
  const self = `/api/v2/agent-pools/${pool.id}`;
  return {
    id: pool.id,
    type: "agent-pools",
    attributes: {
      name: pool.name,
      "created-at": pool.createdAt,
      "organization-scoped": pool.organizationScoped,
      "agent-count": pool.agents.filter(({ status }) => countedStatuses.has(status)).length,
    },
    relationships: {
      agents: related(`${self}/agents`),
      "authentication-tokens": related(`${self}/authentication-tokens`),
      workspaces: toMany("workspaces", workspacesUsing(state, pool.id)),
      "allowed-workspaces": toMany("workspaces", pool.allowedWorkspaceIds),
      "allowed-projects": toMany("projects", pool.allowedProjectIds),
      "excluded-workspaces": toMany("workspaces", pool.excludedWorkspaceIds),
      organization: toOne("organizations", pool.organization),
    },
    links: { self },
  };
}

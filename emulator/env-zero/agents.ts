import { z } from "zod";
import type { Answer, Json } from "../exchange";
import { newUuid } from "../identifiers";
import {
  agentOf,
  bodyOf,
  type EnvZeroOperationEntry,
  type EnvZeroRequest,
  envZeroRefusal,
  keyOf,
  ok,
  organizationOf,
  requireOrganizationSettings,
} from "./requests";
import type { EnvZeroAgent } from "./state";

/** Agent pools, as env zero's Terraform provider calls them (`client/agent.go`). */
export const agentOperations: EnvZeroOperationEntry[] = [
  { id: "listAgents", method: "GET", path: "/agents", handle: list },
  { id: "createAgent", method: "POST", path: "/agents", handle: create },
  { id: "getAgent", method: "GET", path: "/agents/:agentId", handle: get },
  { id: "updateAgent", method: "PATCH", path: "/agents/:agentId", handle: update },
  { id: "deleteAgent", method: "DELETE", path: "/agents/:agentId", handle: remove },
];

const logs = z
  .object({
    dynamo: z
      .object({
        selfHosted: z
          .object({ accountId: z.string(), region: z.string(), externalId: z.string() })
          .optional(),
      })
      .optional(),
  })
  .nullish();
const createBody = z.object({
  organizationId: z.string().min(1),
  name: z.string().min(1),
  description: z.string().optional(),
  logs,
});
// GUESS: what is omitted stays as it is; the provider always sends all three, `logs: null` to clear.
const updateBody = z.object({ name: z.string().min(1).optional(), description: z.string().optional(), logs });

function list(request: EnvZeroRequest): Answer {
  const organization = organizationOf(request, request.query.get("organizationId"));
  requireOrganizationSettings(request);
  const agents = request.state.agents.filter((agent) => agent.organizationId === organization.id);
  return ok(agents.map(agentBody));
}

function create(request: EnvZeroRequest): Answer {
  const { organizationId, name, description = "", logs = null } = bodyOf(request, createBody);
  const organization = organizationOf(request, organizationId);
  requireOrganizationSettings(request);
  checkName(request, organization.id, name);
  checkLogs(organization.id, logs);
  const agent: EnvZeroAgent = {
    id: newUuid(),
    organizationId: organization.id,
    name,
    description,
    createdBy: request.caller.login,
    logs: logs as Json,
    secrets: [],
    instances: [],
    status: "INACTIVE",
  };
  request.state.agents.push(agent);
  // GUESS: 200, as the other creating operations of the published description answer.
  return ok(agentBody(agent));
}

function get(request: EnvZeroRequest): Answer {
  return ok(agentBody(agentOf(request)));
}

function update(request: EnvZeroRequest): Answer {
  const agent = agentOf(request);
  const body = bodyOf(request, updateBody);
  if (body.name !== undefined) checkName(request, agent.organizationId, body.name, agent.id);
  checkLogs(agent.organizationId, body.logs ?? null);
  agent.name = body.name ?? agent.name;
  agent.description = body.description ?? agent.description;
  if (body.logs !== undefined) agent.logs = body.logs as Json;
  return ok(agentBody(agent));
}

function remove(request: EnvZeroRequest): Answer {
  const agent = agentOf(request);
  const { state } = request;
  const organization = state.organizations.find(({ id }) => id === agent.organizationId);
  const assigned = state.projects.some((project) => project.agentId === agent.id && !project.isArchived);
  // GUESS: preconditions are not documented; refusing while something depends on it is the safe reading.
  if (assigned || organization?.defaultAgent === agent.id) {
    throw envZeroRefusal(409, `Agent ${agent.name} is in use: unassign its projects first`);
  }
  state.agents = state.agents.filter((known) => known !== agent);
  // GUESS: 200 with an empty object; no client reads a body here.
  return ok({});
}

function checkName(request: EnvZeroRequest, organizationId: string, name: string, ownId?: string): void {
  const taken = request.state.agents.some(
    (agent) => agent.organizationId === organizationId && agent.name === name && agent.id !== ownId,
  );
  if (taken) throw envZeroRefusal(400, `An agent named ${name} already exists`);
}

function checkLogs(organizationId: string, value: z.output<typeof logs>): void {
  const externalId = value?.dynamo?.selfHosted?.externalId;
  // Stated by the vendor's engineers in terraform-provider-env0 pull request 1089.
  if (externalId !== undefined && externalId !== organizationId) {
    throw envZeroRefusal(400, "logs.dynamo.selfHosted.externalId must be the organization id");
  }
}

function agentBody(agent: EnvZeroAgent): object {
  if (agent.isListedByKeyAlone) return { agentKey: keyOf(agent) };
  const { id, name, description, createdBy, logs: hosting, status, version } = agent;
  return {
    id,
    agentKey: keyOf(agent),
    organizationId: agent.organizationId,
    name,
    description,
    createdBy,
    ...(hosting !== null && { logs: hosting }),
    status,
    ...(version !== undefined && { version }),
  };
}

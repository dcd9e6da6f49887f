import type { Answer } from "../exchange";
import { listAnswer, type Resource, sorted } from "./json-api";
import {
  agentPoolOf,
  document,
  type HcpOperationEntry,
  type HcpRequest,
  hcpRefusal,
  isVisible,
  notFound,
  requireAdministration,
  requirePoolReading,
} from "./requests";
import type { HcpTerraformAgent, HcpTerraformAgentPool } from "./state";

/** Agents of a pool (agents API): those that registered with a token, and those that the admin API put there. */
export const agentOperations: HcpOperationEntry[] = [
  { id: "listAgents", method: "GET", path: "/api/v2/agent-pools/:agentPoolId/agents", handle: list },
  { id: "getAgent", method: "GET", path: "/api/v2/agents/:agentId", handle: get },
  { id: "deleteAgent", method: "DELETE", path: "/api/v2/agents/:agentId", handle: remove },
];

/** Agents may only be deleted in these states, else 412. */
const deletableStatuses = new Set(["unknown", "errored", "exited"]);

function list(request: HcpRequest): Answer {
  const since = request.query.get("filter[last-ping-since]");
  const sinceTime = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
  if (Number.isNaN(sinceTime))
    throw hcpRefusal(400, "bad request", "filter[last-ping-since] must be ISO 8601");
  const agents = agentPoolOf(request).agents.filter(({ lastPingAt }) => Date.parse(lastPingAt) >= sinceTime);
  const keys = { "created-at": (agent: HcpTerraformAgent) => agent.createdAt };
  return listAnswer(request, sorted(request, agents, keys).map(agentResource));
}

function get(request: HcpRequest): Answer {
  return document({ data: agentResource(agentOf(request).agent) });
}

function remove(request: HcpRequest): Answer {
  requireAdministration(request);
  const { pool, agent } = agentOf(request);
  if (!deletableStatuses.has(agent.status)) {
    throw hcpRefusal(
      412,
      "precondition failed",
      "Agent must be in an unknown, errored or exited state to be deleted",
    );
  }
  pool.agents = pool.agents.filter((known) => known !== agent);
  return { status: 204 };
}

function agentOf(request: HcpRequest): { pool: HcpTerraformAgentPool; agent: HcpTerraformAgent } {
  requirePoolReading(request);
  for (const pool of request.state.agentPools) {
    const agent = pool.agents.find(({ id }) => id === request.params["agentId"]);
    if (agent !== undefined && isVisible(request, pool.organization)) return { pool, agent };
  }
  throw notFound();
}

function agentResource(agent: HcpTerraformAgent): Resource {
  return {
    id: agent.id,
    type: "agents",
    attributes: {
      // The description has no null here, the documentation has: an agent without a name shows an empty one.
      name: agent.name ?? "",
      status: agent.status,
      "ip-address": agent.ipAddress,
      "last-ping-at": agent.lastPingAt,
      "created-at": agent.createdAt,
    },
    links: { self: `/api/v2/agents/${agent.id}` },
  };
}

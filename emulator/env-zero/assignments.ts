import { z } from "zod";
import type { Answer } from "../exchange";
import {
  bodyOf,
  type EnvZeroOperationEntry,
  type EnvZeroRequest,
  envZeroRefusal,
  findAgent,
  keyOf,
  ok,
  organizationOf,
  requireOrganizationSettings,
} from "./requests";
import type { EnvZeroOrganization } from "./state";

const path = "/agents/projects-assignments";

/** Which project runs on which agent pool: operations `getAgentAssignments` and `assignAgents`. */
export const assignmentOperations: EnvZeroOperationEntry[] = [
  { id: "getAgentAssignments", method: "GET", path, handle: get },
  { id: "assignAgents", method: "POST", path, handle: assign },
];

/** Written in place of an agent's id to unassign; never shown in the map (terraform-provider-env0 pull request 927). */
export const envZeroDefaultAgent = "ENV0_DEFAULT";

function get(request: EnvZeroRequest): Answer {
  requireOrganizationSettings(request);
  return assignmentsAnswer(request, organizationOf(request, request.query.get("organizationId")));
}

function assign(request: EnvZeroRequest): Answer {
  requireOrganizationSettings(request);
  const organization = organizationOf(request, request.query.get("organizationId"));
  const wanted = Object.entries(bodyOf(request, z.record(z.string(), z.string())));
  const changes = wanted.map(([projectId, agentId]) => {
    const project = request.state.projects.find(
      (known) => known.id === projectId && known.organizationId === organization.id,
    );
    // GUESS: all or nothing, 404 for a project and 400 for an agent that doesn't exist.
    if (project === undefined) throw envZeroRefusal(404, `Project ${projectId} not found`);
    if (agentId === envZeroDefaultAgent) return { project };
    const agent = findAgent(request.state, agentId);
    if (agent?.organizationId !== organization.id) throw envZeroRefusal(400, `Agent ${agentId} not found`);
    return { project, agentId: agent.id };
  });
  // Merge: projects that the map doesn't name keep their agent (terraform-provider-env0 issue 914).
  for (const { project, agentId } of changes) {
    if (agentId === undefined) delete project.agentId;
    else project.agentId = agentId;
  }
  return assignmentsAnswer(request, organization);
}

function assignmentsAnswer(request: EnvZeroRequest, organization: EnvZeroOrganization): Answer {
  const assigned = request.state.projects.filter(
    (project) => project.organizationId === organization.id && project.agentId !== undefined,
  );
  // Pools that are older than self-service show by their keys (the description of 2022 calls all values keys).
  const shown = (agentId: string): string => {
    const agent = request.state.agents.find(({ id }) => id === agentId);
    return agent === undefined ? agentId : keyOf(agent);
  };
  return ok({
    defaultAgent: shown(organization.defaultAgent),
    projectsAgents: Object.fromEntries(assigned.map(({ id, agentId = "" }) => [id, shown(agentId)])),
  });
}

import { z } from "zod";
import type { Answer } from "../exchange";
import { digestOf, newPulumiToken, newUuid } from "../identifiers";
import { poolIdOfDeployment } from "./jobs";
import {
  agentPoolOf,
  bodyOf,
  ok,
  type PulumiOperationEntry,
  type PulumiRequest,
  poolsOrganizationOf,
  pulumiRefusal,
} from "./requests";
import type { PulumiAgentPool, PulumiOrganization, PulumiStack } from "./state";

/** Pools of workflow runners: operations `ListOrgAgentPool` to `DeleteOrgAgentPool` of the API description. */
export const agentPoolOperations: PulumiOperationEntry[] = [
  { id: "ListOrgAgentPool", method: "GET", path: "/api/orgs/:orgName/agent-pools", handle: listPools },
  { id: "CreateOrgAgentPool", method: "POST", path: "/api/orgs/:orgName/agent-pools", handle: createPool },
  { id: "GetAgentPool", method: "GET", path: "/api/orgs/:orgName/agent-pools/:poolId", handle: getPool },
  {
    id: "PatchOrgAgentPool",
    method: "PATCH",
    path: "/api/orgs/:orgName/agent-pools/:poolId",
    handle: patchPool,
  },
  {
    id: "DeleteOrgAgentPool",
    method: "DELETE",
    path: "/api/orgs/:orgName/agent-pools/:poolId",
    handle: deletePool,
  },
];

// The description requires `description`; Pulumi's own provider omits an empty one and is accepted.
const createBody = z.object({ name: z.string().min(1), description: z.string().optional() });
const patchBody = z.object({ name: z.string().min(1).optional(), description: z.string().optional() });

function listPools(request: PulumiRequest): Answer {
  const organization = poolsOrganizationOf(request);
  return ok({
    agentPools: organization.agentPools.map((pool) => poolSummary(organization, pool)),
    ...(organization.defaultAgentPoolId && { defaultAgentPoolID: organization.defaultAgentPoolId }),
  });
}

function createPool(request: PulumiRequest): Answer {
  const organization = poolsOrganizationOf(request);
  const { name, description = "" } = bodyOf(request, createBody);
  // GUESS: names may repeat; neither the description nor the documentation states that they are unique.
  const tokenValue = newPulumiToken();
  const pool: PulumiAgentPool = {
    id: newUuid(),
    name,
    description,
    created: Math.floor(Date.now() / 1000),
    tokenDigest: digestOf(tokenValue),
    agents: [],
  };
  organization.agentPools.push(pool);
  return ok({ id: pool.id, tokenValue });
}

function getPool(request: PulumiRequest): Answer {
  const organization = poolsOrganizationOf(request);
  const { id, name, description, created, agents } = agentPoolOf(request, organization);
  const shown = agents.map(({ calledAt: _calledAt, ...agent }) => agent);
  return ok({ id, name, description, created, agents: shown });
}

function patchPool(request: PulumiRequest): Answer {
  const organization = poolsOrganizationOf(request);
  const pool = agentPoolOf(request, organization);
  const { name = pool.name, description = pool.description } = bodyOf(request, patchBody);
  Object.assign(pool, { name, description });
  return ok({ name, description });
}

function deletePool(request: PulumiRequest): Answer {
  const organization = poolsOrganizationOf(request);
  const pool = agentPoolOf(request, organization);
  const force = request.query.get("force") === "true";
  // GUESS: only stacks keep a pool in use; the vendor's text names nothing else.
  if (!force && organization.stacks.some((stack) => usesPool(stack, pool.id))) {
    throw pulumiRefusal(
      400,
      `Stacks have been configured to use deployment pool: "${pool.name}". ` +
        "Please change the stack deployment configuration before deleting this pool.",
    );
  }
  removePool(organization, pool.id);
  return { status: 204 };
}

/** True while a pool can't be deleted because of this stack. */
export function usesPool(stack: PulumiStack, poolId: string): boolean {
  return stack.settings?.["agentPoolID"] === poolId || stack.lingeringAgentPoolId === poolId;
}

/** Removes a pool and every reference to it: what used it falls back to Pulumi's own runners. */
export function removePool(organization: PulumiOrganization, poolId: string): void {
  organization.agentPools = organization.agentPools.filter((pool) => pool.id !== poolId);
  if (organization.defaultAgentPoolId === poolId) delete organization.defaultAgentPoolId;
  for (const stack of organization.stacks) {
    if (stack.settings?.["agentPoolID"] === poolId) delete stack.settings["agentPoolID"];
    if (stack.lingeringAgentPoolId === poolId) delete stack.lingeringAgentPoolId;
  }
  for (const consumer of [...organization.insightsAccounts, ...organization.policyGroups]) {
    if (consumer.agentPoolId === poolId) delete consumer.agentPoolId;
  }
}

function poolSummary(organization: PulumiOrganization, pool: PulumiAgentPool): object {
  const deployments = organization.deployments.filter(
    (deployment) => poolIdOfDeployment(organization, deployment) === pool.id,
  );
  const lastDeployment = Math.max(0, ...deployments.map(({ modified }) => Date.parse(modified) / 1000));
  return {
    id: pool.id,
    name: pool.name,
    description: pool.description,
    created: pool.created,
    lastSeen: Math.max(0, ...pool.agents.map((agent) => agent.lastSeen)),
    ...(lastDeployment > 0 && { lastDeployment: Math.floor(lastDeployment) }),
    status: pool.agents.some((agent) => agent.status === "online") ? "online" : "offline",
    isDefault: organization.defaultAgentPoolId === pool.id,
  };
}

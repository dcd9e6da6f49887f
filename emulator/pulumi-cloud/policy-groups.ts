import { z } from "zod";
import type { Answer } from "../exchange";
import {
  administeredOrganizationOf,
  bodyOf,
  ok,
  organizationOf,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
} from "./requests";
import type { PulumiOrganization, PulumiPolicyGroup } from "./state";

const path = "/api/orgs/:orgName/policygroups";

/** Policy groups, whose audits may run in a pool: `ListPolicyGroups` to `DeletePolicyGroup`. */
export const policyGroupOperations: PulumiOperationEntry[] = [
  { id: "ListPolicyGroups", method: "GET", path, handle: list },
  { id: "NewPolicyGroup", method: "POST", path, handle: create },
  { id: "GetPolicyGroup", method: "GET", path: `${path}/:policyGroup`, handle: get },
  { id: "UpdatePolicyGroup", method: "PATCH", path: `${path}/:policyGroup`, handle: update },
  { id: "DeletePolicyGroup", method: "DELETE", path: `${path}/:policyGroup`, handle: remove },
];

const stackReference = z.object({ name: z.string(), routingProject: z.string() });
const createBody = z.object({
  name: z.string().min(1),
  entityType: z.enum(["stacks", "accounts"]),
  mode: z.enum(["audit", "preventative"]).optional(),
  agentPoolId: z.string().optional(),
});
// Policy packs and accounts are accepted and not kept.
const updateBody = z.looseObject({
  newName: z.string().nullish(),
  /** "" clears, omitted leaves as it is; note the case, which differs from stacks and accounts. */
  agentPoolId: z.string().nullish(),
  addStack: stackReference.nullish(),
  removeStack: stackReference.nullish(),
  stacks: z.array(stackReference).nullish(),
});

function list(request: PulumiRequest): Answer {
  const { policyGroups } = organizationOf(request);
  return ok({
    policyGroups: policyGroups.map(({ name, entityType, mode, isOrgDefault, stacks, accounts }) => ({
      name,
      entityType,
      mode,
      isOrgDefault,
      numStacks: stacks.length,
      numAccounts: accounts.length,
      numEnabledPolicyPacks: 0,
    })),
  });
}

function create(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const { name, entityType, agentPoolId, ...body } = bodyOf(request, createBody);
  // "Defaults to audit for account policy groups, preventative for stack policy groups" (API description).
  const mode = body.mode ?? (entityType === "accounts" ? "audit" : "preventative");
  if (organization.policyGroups.some((group) => group.name === name)) {
    throw pulumiRefusal(409, `Conflict: Policy Group '${name}' already exists`);
  }
  checkPool(organization, agentPoolId);
  const group: PulumiPolicyGroup = { name, entityType, mode, isOrgDefault: false, stacks: [], accounts: [] };
  organization.policyGroups.push(agentPoolId && usesPools(group) ? { ...group, agentPoolId } : group);
  return { status: 204 };
}

function get(request: PulumiRequest): Answer {
  const group = groupOf(request, organizationOf(request));
  return ok({ ...group, appliedPolicyPacks: [] });
}

function update(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const group = groupOf(request, organization);
  const { newName, agentPoolId, addStack, removeStack, stacks } = bodyOf(request, updateBody);
  checkPool(organization, agentPoolId);
  if (newName) group.name = newName;
  if (agentPoolId === "") delete group.agentPoolId;
  else if (agentPoolId != null && usesPools(group)) group.agentPoolId = agentPoolId;
  if (stacks) group.stacks = stacks;
  if (addStack) group.stacks.push(addStack);
  if (removeStack) {
    group.stacks = group.stacks.filter(
      (stack) => stack.name !== removeStack.name || stack.routingProject !== removeStack.routingProject,
    );
  }
  return { status: 204 };
}

function remove(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const group = groupOf(request, organization);
  if (group.isOrgDefault) throw pulumiRefusal(400, "Bad Request: Cannot delete the default Policy Group");
  organization.policyGroups = organization.policyGroups.filter((known) => known !== group);
  return { status: 204 };
}

function groupOf(request: PulumiRequest, organization: PulumiOrganization): PulumiPolicyGroup {
  const name = request.params["policyGroup"];
  const group = organization.policyGroups.find((known) => known.name === name);
  if (group === undefined) throw pulumiRefusal(404, `Not Found: Policy Group '${name}' not found`);
  return group;
}

/**
 * Preventative policies are checked on the machine that runs the update, in no pool (agent pools documentation). GUESS:
 * a pool that such a group is given is accepted and not kept.
 */
function usesPools({ mode }: PulumiPolicyGroup): boolean {
  return mode === "audit";
}

function checkPool(organization: PulumiOrganization, poolId: string | null | undefined): void {
  if (!poolId || organization.agentPools.some((pool) => pool.id === poolId)) return;
  throw pulumiRefusal(400, `Bad Request: Invalid agent pool id '${poolId}'`);
}

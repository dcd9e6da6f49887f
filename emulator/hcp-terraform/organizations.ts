import { z } from "zod";
import { mayAdminister, mayWrite } from "../credentials";
import type { Answer, JsonObject } from "../exchange";
import { listAnswer, type Resource, related, sorted, toOne } from "./json-api";
import {
  dataOf,
  document,
  type HcpOperationEntry,
  type HcpRequest,
  invalidAttribute,
  isVisible,
  organizationOf,
  requireAdministration,
} from "./requests";
import { changeExecution } from "./run-jobs";
import type { HcpTerraformOrganization } from "./state";

const path = "/api/v2/organizations";

/** Organizations, their default execution settings and entitlements (organizations API). */
export const organizationOperations: HcpOperationEntry[] = [
  { id: "listOrganizations", method: "GET", path, handle: list },
  { id: "getOrganization", method: "GET", path: `${path}/:organization`, handle: get },
  { id: "updateOrganization", method: "PATCH", path: `${path}/:organization`, handle: update },
  {
    id: "getEntitlementSet",
    method: "GET",
    path: `${path}/:organization/entitlement-set`,
    handle: entitlements,
  },
];

const updateData = z.object({
  attributes: z
    .looseObject({ "default-execution-mode": z.enum(["remote", "local", "agent"]).nullish() })
    .optional(),
  relationships: z
    .looseObject({
      "default-agent-pool": z.looseObject({ data: z.looseObject({ id: z.string() }).nullable() }).nullish(),
    })
    .optional(),
});

function list(request: HcpRequest): Answer {
  const wanted = request.query.get("q") ?? request.query.get("q[name]") ?? "";
  const visible = request.state.organizations.filter(
    ({ name }) => isVisible(request, name) && name.includes(wanted),
  );
  return listAnswer(
    request,
    sorted(request, visible, { name: ({ name }) => name }).map((organization) =>
      organizationResource(request, organization),
    ),
  );
}

function get(request: HcpRequest): Answer {
  return document({ data: organizationResource(request, organizationOf(request)) });
}

function update(request: HcpRequest): Answer {
  const organization = organizationOf(request);
  requireAdministration(request);
  const { attributes = {}, relationships = {} } = dataOf(request, "organizations", updateData);
  const { "default-execution-mode": mode, name: _name, ...others } = attributes;
  const defaults = { ...organization.defaults, ...(mode && { executionMode: mode }) };
  const pool = relationships["default-agent-pool"];
  if (pool) {
    delete defaults.agentPoolId;
    if (pool.data !== null) defaults.agentPoolId = pool.data.id;
  }
  // Leaving mode agent drops the pool (go-tfe `organization.go`).
  if (defaults.executionMode !== "agent") delete defaults.agentPoolId;
  const known = request.state.agentPools.some(
    (candidate) => candidate.id === defaults.agentPoolId && candidate.organization === organization.name,
  );
  if (defaults.agentPoolId !== undefined && !known) {
    throw invalidAttribute("Default agent pool must exist", "default-agent-pool");
  }
  if (defaults.executionMode === "agent" && defaults.agentPoolId === undefined) {
    // GUESS: the text; the rule is the same as for workspaces.
    throw invalidAttribute(
      "Default agent pool must be specified when execution mode is agent",
      "default-agent-pool",
    );
  }
  changeExecution(request.state, () => {
    organization.defaults = defaults;
  });
  Object.assign(organization.attributes, others);
  return document({ data: organizationResource(request, organization) });
}

function entitlements(request: HcpRequest): Answer {
  const { name, externalId } = organizationOf(request);
  return document({
    data: {
      id: externalId,
      type: "entitlement-sets",
      attributes: {
        agents: true,
        "audit-logging": true,
        "cost-estimation": true,
        "global-run-tasks": true,
        operations: true,
        "private-module-registry": true,
        "private-run-tasks": true,
        "run-tasks": true,
        "self-serve-billing": true,
        sentinel: true,
        sso: true,
        "state-storage": true,
        teams: true,
        "usage-reporting": true,
        "user-limit": null,
        "vcs-integrations": true,
      },
      links: { self: `${path}/${name}/entitlement-set` },
    },
  });
}

/** Attributes that clients expect to read back as they wrote them. */
const defaultAttributes: JsonObject = {
  "aggregated-commit-status-enabled": true,
  "allow-force-delete-workspaces": false,
  "assessments-enforced": false,
  "collaborator-auth-policy": "password",
  "cost-estimation-enabled": false,
  "is-unified": false,
  "owners-team-saml-role-id": null,
  "plan-expired": false,
  "plan-identifier": "business",
  "saml-enabled": false,
  "send-passing-statuses-for-untriggered-speculative-plans": false,
  "session-remember": null,
  "session-timeout": null,
  "speculative-plan-management-enabled": true,
  "two-factor-conformant": false,
};

/** An organization as a JSON:API resource, with what the caller may do in it. */
export function organizationResource(
  { caller }: HcpRequest,
  organization: HcpTerraformOrganization,
): Resource {
  const administers = mayAdminister(caller);
  const { name, externalId, createdAt, defaults, defaultProjectId, attributes } = organization;
  return {
    id: name,
    type: "organizations",
    attributes: {
      ...defaultAttributes,
      email: `${name}@example.invalid`,
      ...attributes,
      name,
      "external-id": externalId,
      "created-at": createdAt,
      "default-execution-mode": defaults.executionMode,
      permissions: {
        "can-update": administers,
        "can-destroy": administers,
        "can-create-team": administers,
        "can-create-workspace": mayWrite(caller),
        "can-create-project": mayWrite(caller),
        "can-update-agent-pools": administers,
        "can-update-api-token": administers,
        "can-traverse": true,
      },
    },
    relationships: {
      "default-agent-pool": toOne("agent-pools", defaults.agentPoolId),
      "default-project": {
        ...toOne("projects", defaultProjectId),
        ...related(`/api/v2/projects/${defaultProjectId}`),
      },
      "entitlement-set": {
        ...toOne("entitlement-sets", externalId),
        ...related(`${path}/${name}/entitlement-set`),
      },
    },
    links: { self: `${path}/${name}` },
  };
}

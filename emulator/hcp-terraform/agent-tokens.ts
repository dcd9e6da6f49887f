import { z } from "zod";
import type { Answer } from "../exchange";
import { digestOf, newHcpTerraformId, newHcpTerraformToken } from "../identifiers";
import { listAnswer, type Resource, sorted } from "./json-api";
import {
  agentPoolOf,
  dataOf,
  document,
  type HcpOperationEntry,
  type HcpRequest,
  invalidAttribute,
  isVisible,
  notFound,
  requireAdministration,
  requirePoolReading,
} from "./requests";
import type { HcpTerraformAgentPool, HcpTerraformAgentToken } from "./state";

const ofPool = "/api/v2/agent-pools/:agentPoolId/authentication-tokens";
const one = "/api/v2/authentication-tokens/:tokenId";

/** Tokens with which agents join a pool (agent tokens API). */
export const agentTokenOperations: HcpOperationEntry[] = [
  { id: "listAgentTokens", method: "GET", path: ofPool, handle: list },
  { id: "createAgentToken", method: "POST", path: ofPool, handle: create },
  { id: "getAuthenticationToken", method: "GET", path: one, handle: get },
  { id: "deleteAuthenticationToken", method: "DELETE", path: one, handle: remove },
];

const tokenData = z.object({ attributes: z.looseObject({ description: z.string().nullish() }).default({}) });

function list(request: HcpRequest): Answer {
  const { tokens } = agentPoolOf(request);
  const byTime = sorted(request, tokens, { "created-at": ({ createdAt }) => createdAt });
  // Without `sort` no order is defined, and clients have been caught relying on one: newest last, by id.
  const ordered = request.query.has("sort") ? byTime : tokens.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return listAnswer(
    request,
    ordered.map((token) => tokenResource(token)),
  );
}

function create(request: HcpRequest): Answer {
  const pool = agentPoolOf(request);
  requireAdministration(request);
  // Organization tokens can't create agent tokens (hcp-terraform-operator issue 260).
  if (request.caller.kind === "organization-token") throw notFound();
  // go-tfe writes its own type name, and is accepted.
  const { attributes } = dataOf(request, ["authentication-tokens", "agent-tokens"], tokenData);
  const { description } = attributes;
  if (!description) throw invalidAttribute("Description can't be blank", "description");
  const value = newHcpTerraformToken();
  const token: HcpTerraformAgentToken = {
    id: newHcpTerraformId("at"),
    description,
    createdAt: new Date().toISOString(),
    lastUsedAt: null,
    createdBy: request.caller.login,
    digest: digestOf(value),
  };
  pool.tokens.push(token);
  return document({ data: tokenResource(token, value) }, 201);
}

function get(request: HcpRequest): Answer {
  return document({ data: tokenResource(tokenOf(request).token) });
}

function remove(request: HcpRequest): Answer {
  requireAdministration(request);
  const { pool, token } = tokenOf(request);
  pool.tokens = pool.tokens.filter((known) => known !== token);
  return { status: 204 };
}

function tokenOf(request: HcpRequest): { pool: HcpTerraformAgentPool; token: HcpTerraformAgentToken } {
  requirePoolReading(request);
  for (const pool of request.state.agentPools) {
    const token = pool.tokens.find(({ id }) => id === request.params["tokenId"]);
    if (token !== undefined && isVisible(request, pool.organization)) return { pool, token };
  }
  throw notFound();
}

function tokenResource(token: HcpTerraformAgentToken, value: string | null = null): Resource {
  return {
    id: token.id,
    type: "authentication-tokens",
    attributes: {
      "created-at": token.createdAt,
      "last-used-at": token.lastUsedAt,
      description: token.description,
      token: value,
    },
    relationships: { "created-by": { data: { id: `user-${token.createdBy}`, type: "users" } } },
  };
}

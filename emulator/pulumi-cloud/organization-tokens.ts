import { z } from "zod";
import type { Answer } from "../exchange";
import { newPulumiToken, newUuid } from "../identifiers";
import {
  administeredOrganizationOf,
  bodyOf,
  ok,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
} from "./requests";

const path = "/api/orgs/:orgName/tokens";

/** Access tokens of the organization: `ListOrgTokens`, `CreateOrgToken`, `DeleteOrgToken`. They open no door here. */
export const organizationTokenOperations: PulumiOperationEntry[] = [
  { id: "ListOrgTokens", method: "GET", path, handle: list },
  { id: "CreateOrgToken", method: "POST", path, handle: create },
  { id: "DeleteOrgToken", method: "DELETE", path: `${path}/:tokenId`, handle: remove },
];

const longestLifeSeconds = 2 * 366 * 24 * 3600;
// The description requires all four; Pulumi's own provider sends neither `expires` nor `admin`, and is accepted.
const createBody = z.object({
  name: z.string().min(1).max(40),
  description: z.string().default(""),
  expires: z.int().nonnegative().default(0),
  admin: z.boolean().default(false),
});

function list(request: PulumiRequest): Answer {
  const { tokens } = administeredOrganizationOf(request);
  const filter = request.query.get("filter") ?? "active";
  const now = Date.now() / 1000;
  const shown = tokens.filter((token) => {
    const expired = token.expires !== 0 && token.expires < now;
    return !token.deleted && (filter === "all" || expired === (filter === "expired"));
  });
  return ok({ tokens: shown.map(({ deleted: _deleted, ...token }) => ({ ...token, lastUsed: 0 })) });
}

function create(request: PulumiRequest): Answer {
  const { tokens } = administeredOrganizationOf(request);
  const body = bodyOf(request, createBody);
  if (tokens.some((token) => token.name === body.name)) {
    throw pulumiRefusal(409, `Conflict: an access token named '${body.name}' already exists or existed`);
  }
  if (body.expires > Date.now() / 1000 + longestLifeSeconds) {
    throw pulumiRefusal(400, "Bad Request: expires must be within two years");
  }
  const id = newUuid();
  tokens.push({
    id,
    ...body,
    created: new Date().toISOString(),
    createdBy: request.caller.login,
    deleted: false,
  });
  return ok({ id, tokenValue: newPulumiToken() });
}

function remove(request: PulumiRequest): Answer {
  const { tokens } = administeredOrganizationOf(request);
  const id = request.params["tokenId"];
  const token = tokens.find((known) => known.id === id && !known.deleted);
  if (token === undefined) throw pulumiRefusal(404, `Not Found: Token '${id}' not found`);
  token.deleted = true;
  return { status: 204 };
}

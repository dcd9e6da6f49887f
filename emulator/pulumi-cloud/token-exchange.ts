import { z } from "zod";
import { type Answer, Refusal } from "../exchange";
import { digestOf, newPulumiToken } from "../identifiers";
import { type Claims, readClaims, verifyIdToken } from "./id-token";
import { isAllowed } from "./issuer-policy";
import { ok, type PulumiOperationEntry, type PulumiRequest } from "./requests";
import type { PulumiOidcIssuer, PulumiOrganization } from "./state";

/** The exchange of OIDC tokens for access tokens (RFC 8693; OAuth token exchange page of the REST API). */
export const tokenExchangeOperations: PulumiOperationEntry[] = [
  {
    id: "Token",
    method: "POST",
    path: "/api/oauth/token",
    anonymous: true,
    mediaTypes: ["application/x-www-form-urlencoded"],
    handle: exchange,
  },
];

const tokenType = "urn:pulumi:token-type:access_token:runner";
const body = z.object({
  grant_type: z.literal("urn:ietf:params:oauth:grant-type:token-exchange"),
  audience: z.string().regex(/^urn:pulumi:org:.+$/),
  subject_token: z.string().min(1),
  subject_token_type: z.literal("urn:ietf:params:oauth:token-type:id_token"),
  // Only runners need this in an emulator; users have seeded tokens.
  requested_token_type: z.literal(tokenType),
  scope: z.string().regex(/^runner:.+$/),
  // A form has text only.
  expiration: z.coerce.number().int().positive().optional(),
});

/** Documented: two hours by default, at most 25 unless the issuer says otherwise. */
const defaultSeconds = 2 * 3600;
const mostSeconds = 25 * 3600;

async function exchange(request: PulumiRequest): Promise<Answer> {
  const parsed = body.safeParse(request.body);
  if (!parsed.success) throw oauthError("invalid_request", z.prettifyError(parsed.error));
  const { audience, subject_token: idToken, scope, expiration } = parsed.data;
  const claims = readClaims(idToken);
  const organization = organizationOf(request, audience, claims);
  const issuer = organization?.oidcIssuers.find(({ url }) => sameUrl(url, claims?.iss));
  if (organization === undefined || issuer === undefined || claims === undefined) {
    throw oauthError("invalid_grant", `no issuer ${claims?.iss ?? "(none)"} is registered for ${audience}`);
  }
  const problem = await verifyIdToken(issuer, idToken);
  if (problem !== undefined) throw oauthError("invalid_grant", problem);

  // GUESS: the name in `scope` is the pool's id, as the policies' `runnerID` and the agent's `runner_pool_id` are.
  const poolId = scope.slice("runner:".length);
  const pool = organization.agentPools.find(({ id }) => id === poolId);
  if (pool === undefined || !isAllowed(issuer.policy.policies, poolId, claims)) {
    throw oauthError("invalid_grant", `the policies of issuer ${issuer.name} don't allow runner ${poolId}`);
  }
  return ok(grant(organization, issuer, poolId, expiration));
}

function grant(
  organization: PulumiOrganization,
  issuer: PulumiOidcIssuer,
  agentPoolId: string,
  expiration = defaultSeconds,
): object {
  const seconds = Math.min(expiration, issuer.maxExpiration || mostSeconds);
  const token = newPulumiToken();
  const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
  organization.runnerTokens.push({ digest: digestOf(token), agentPoolId, issuerId: issuer.id, expiresAt });
  return {
    access_token: token,
    issued_token_type: tokenType,
    token_type: "token",
    expires_in: seconds,
    scope: `runner:${agentPoolId}`,
  };
}

/** The organization that the request names; a token whose audience names another one wins, and doesn't fit. */
function organizationOf(
  request: PulumiRequest,
  audience: string,
  claims: Claims | undefined,
): PulumiOrganization | undefined {
  const audiences = [claims?.aud ?? []].flat().filter((known) => known.startsWith("urn:pulumi:org:"));
  if (audiences.length > 0 && !audiences.includes(audience)) return undefined;
  return request.state.organizations.find(({ name }) => audience === `urn:pulumi:org:${name}`);
}

function sameUrl(a: string, b: string | undefined): boolean {
  return a.replace(/\/$/, "") === b?.replace(/\/$/, "");
}

/** A refusal as RFC 6749 has it. */
function oauthError(error: string, description: string): Refusal {
  return new Refusal({ status: 400, body: { error, error_description: description } });
}

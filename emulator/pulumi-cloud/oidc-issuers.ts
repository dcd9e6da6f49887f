import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Answer, JsonObject } from "../exchange";
import { newUuid } from "../identifiers";
import {
  administeredOrganizationOf,
  bodyOf,
  ok,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
} from "./requests";
import type { PulumiOidcIssuer, PulumiOrganization } from "./state";

const issuers = "/api/orgs/:orgName/oidc/issuers";
const one = `${issuers}/:issuerId`;
const policies = "/api/orgs/:orgName/auth/policies";

/** Issuers of OIDC tokens that the organization trusts, and what each may be exchanged for. */
export const oidcIssuerOperations: PulumiOperationEntry[] = [
  { id: "List_orgs_oidc_issuers", method: "GET", path: issuers, handle: list },
  { id: "RegisterOidcIssuer", method: "POST", path: issuers, handle: register },
  { id: "GetOidcIssuer", method: "GET", path: one, handle: get },
  { id: "UpdateOidcIssuer", method: "PATCH", path: one, handle: update },
  { id: "DeleteOidcIssuer", method: "DELETE", path: one, handle: remove },
  { id: "RegenerateThumbprints", method: "POST", path: `${one}/regenerate-thumbprints`, handle: regenerate },
  { id: "GetAuthPolicy", method: "GET", path: `${policies}/oidcissuers/:issuerId`, handle: getPolicy },
  { id: "UpdateAuthPolicy", method: "PATCH", path: `${policies}/:policyId`, handle: updatePolicy },
];

const settings = {
  thumbprints: z.array(z.string()).nullish(),
  maxExpiration: z.int().nonnegative().nullish(),
  jwks: z.record(z.string(), z.json()).nullish(),
};
const registerBody = z.object({ name: z.string().min(1), url: z.url({ protocol: /^https$/ }), ...settings });
const updateBody = z.object({ name: z.string().nullish(), ...settings });

const rule = z.looseObject({
  decision: z.enum(["allow", "deny"]),
  tokenType: z.enum(["organization", "team", "personal", "runner"]),
  teamName: z.string().optional(),
  userLogin: z.string().optional(),
  runnerID: z.string().optional(),
  authorizedPermissions: z.array(z.string()).nullish(),
  rules: z.record(z.string(), z.json()),
});

/** Each type of token has to say whose. */
const ownerKeys = {
  organization: undefined,
  team: "teamName",
  personal: "userLogin",
  runner: "runnerID",
} as const;

function list(request: PulumiRequest): Answer {
  return ok({ oidcIssuers: administeredOrganizationOf(request).oidcIssuers.map(issuerBody) });
}

function register(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const { name, url, thumbprints, maxExpiration, jwks } = bodyOf(request, registerBody);
  if (organization.oidcIssuers.some((issuer) => issuer.url === url || issuer.name === name)) {
    // GUESS: one issuer per URL and name; a second one could never be told apart in an exchange.
    throw pulumiRefusal(409, `Conflict: an OIDC issuer named '${name}' or with this URL already exists`);
  }
  const now = new Date().toISOString();
  const issuer: PulumiOidcIssuer = {
    id: newUuid(),
    name,
    url,
    created: now,
    modified: now,
    // GUESS: without thumbprints the service looks them up itself; the documentation shows them as SHA-256.
    thumbprints: thumbprints ?? [newThumbprint()],
    ...(thumbprints == null && { trustsFirstCertificate: true as const }),
    ...(maxExpiration != null && { maxExpiration }),
    ...(jwks != null && { jwks: jwks as JsonObject }),
    // A policy object is made with the issuer; by default it denies.
    policy: { id: newUuid(), version: 1, created: now, modified: now, policies: [] },
  };
  organization.oidcIssuers.push(issuer);
  return ok(issuerBody(issuer));
}

function get(request: PulumiRequest): Answer {
  return ok(issuerBody(issuerOf(request, administeredOrganizationOf(request))));
}

function update(request: PulumiRequest): Answer {
  const issuer = issuerOf(request, administeredOrganizationOf(request));
  const { name, thumbprints, maxExpiration, jwks } = bodyOf(request, updateBody);
  // The schema makes it optional, the service does not.
  if (!name) throw pulumiRefusal(400, "Bad Request: the issuer name is required");
  issuer.name = name;
  issuer.modified = new Date().toISOString();
  if (thumbprints != null) {
    issuer.thumbprints = thumbprints;
    delete issuer.trustsFirstCertificate;
  }
  if (maxExpiration != null) issuer.maxExpiration = maxExpiration;
  if (jwks != null) issuer.jwks = jwks as JsonObject;
  return ok(issuerBody(issuer));
}

function remove(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const issuer = issuerOf(request, organization);
  organization.oidcIssuers = organization.oidcIssuers.filter((known) => known !== issuer);
  return { status: 204 };
}

function regenerate(request: PulumiRequest): Answer {
  const issuer = issuerOf(request, administeredOrganizationOf(request));
  if (issuer.jwks !== undefined) {
    throw pulumiRefusal(
      400,
      "Bad Request: issuer jwks are statically configured, can't regenerate thumbprints",
    );
  }
  issuer.thumbprints = [newThumbprint()];
  issuer.trustsFirstCertificate = true;
  return ok(issuerBody(issuer));
}

function getPolicy(request: PulumiRequest): Answer {
  return ok(issuerOf(request, administeredOrganizationOf(request)).policy);
}

function updatePolicy(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const id = request.params["policyId"];
  const policy = organization.oidcIssuers.find((issuer) => issuer.policy.id === id)?.policy;
  if (policy === undefined) throw pulumiRefusal(404, `Not Found: auth policy '${id}' not found`);
  // The whole list is replaced.
  const wanted = bodyOf(request, z.object({ policies: z.array(rule) })).policies;
  if (wanted.length === 0) throw pulumiRefusal(400, "Bad Request: policy definition can not be empty");
  for (const entry of wanted) {
    const ownerKey = ownerKeys[entry.tokenType];
    if (ownerKey !== undefined && !entry[ownerKey]) {
      throw pulumiRefusal(400, `Bad Request: ${ownerKey} is required for token type ${entry.tokenType}`);
    }
  }
  policy.policies = wanted.map((entry) => ({
    ...entry,
    authorizedPermissions: entry.authorizedPermissions ?? [],
  })) as JsonObject[];
  policy.version++;
  policy.modified = new Date().toISOString();
  return ok(policy);
}

function issuerOf(request: PulumiRequest, organization: PulumiOrganization): PulumiOidcIssuer {
  const id = request.params["issuerId"];
  const issuer = organization.oidcIssuers.find((known) => known.id === id);
  if (issuer === undefined) throw pulumiRefusal(404, `Not Found: oidc issuer '${id}' not found`);
  return issuer;
}

function issuerBody(known: PulumiOidcIssuer): object {
  const { policy: _policy, trustsFirstCertificate: _trusts, ...issuer } = known;
  return { ...issuer, issuer: issuer.url };
}

function newThumbprint(): string {
  return randomBytes(32).toString("hex");
}

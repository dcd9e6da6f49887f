import type { Answer } from "../exchange";
import { type EnvZeroOperationEntry, type EnvZeroRequest, ok, organizationOf } from "./requests";
import type { EnvZeroOrganization } from "./state";

/** Organizations: what every client asks first, to learn its organization id, and who env zero is to clouds. */
export const organizationOperations: EnvZeroOperationEntry[] = [
  { id: "findOrganizations", method: "GET", path: "/organizations", handle: list },
  { id: "findOrganizationById", method: "GET", path: "/organizations/:organizationId", handle: get },
  { id: "getOidcSubject", method: "GET", path: "/api-keys/oidc-sub", handle: oidcSubject },
];

function list(request: EnvZeroRequest): Answer {
  const visible = request.state.organizations.filter(({ id }) => request.caller.organizations.includes(id));
  return ok(visible.map((organization) => organizationBody(request, organization)));
}

function get(request: EnvZeroRequest): Answer {
  return ok(organizationBody(request, organizationOf(request, request.params["organizationId"] ?? null)));
}

function oidcSubject(request: EnvZeroRequest): Answer {
  const { id } = organizationOf(request, request.query.get("organizationId"));
  // Plain text, as the provider reads it (`client/api_key.go`). GUESS: the form of the subject.
  return { status: 200, text: { content: `auth0|${id}`, mediaType: "text/plain" } };
}

function organizationBody(request: EnvZeroRequest, { id, name, createdAt }: EnvZeroOrganization): object {
  return {
    id,
    name,
    mode: "paying",
    description: "",
    photoUrl: "",
    createdBy: "auth0|owner",
    createdAt,
    updatedAt: createdAt,
    role: request.caller.kind === "admin" ? "Admin" : "User",
    isSelfHosted: true,
    isSelfHostedK8s: false,
    maxTtl: null,
    defaultTtl: null,
    doNotReportSkippedStatusChecks: false,
    doNotConsiderMergeCommitsForPrPlans: false,
    enableOidc: false,
    enforcePrCommenterPermissions: false,
    allowMergeableBypassForPrApply: false,
  };
}

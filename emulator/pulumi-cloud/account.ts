import type { Answer } from "../exchange";
import {
  ok,
  organizationOf,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
  userInfo,
} from "./requests";

/** What a client asks before its real work: capabilities, versions, who am I, which organization. */
export const accountOperations: PulumiOperationEntry[] = [
  { id: "Capabilities", method: "GET", path: "/api/capabilities", anonymous: true, handle: capabilities },
  { id: "Version", method: "GET", path: "/api/cli/version", anonymous: true, handle: cliVersion },
  { id: "GetCurrentUser", method: "GET", path: "/api/user", handle: currentUser },
  {
    id: "GetDefaultOrganization",
    method: "GET",
    path: "/api/user/organizations/default",
    handle: defaultOrganization,
  },
  {
    id: "UpdateDefaultOrganization",
    method: "POST",
    path: "/api/user/organizations/:orgName/default",
    handle: updateDefaultOrganization,
  },
];

function capabilities(): Answer {
  return ok({
    capabilities: [
      {
        capability: "api-version",
        version: 1,
        configuration: { minVersion: 3, maxVersion: 9, defaultVersion: 8 },
      },
      { capability: "deployment-schema-version", version: 1, configuration: { version: 4 } },
    ],
  });
}

function cliVersion(): Answer {
  // Old enough never to make a client print that it should be updated.
  return ok({ latestVersion: "3.0.0", oldestWithoutWarning: "3.0.0", latestDevVersion: "3.0.0" });
}

function currentUser(request: PulumiRequest): Answer {
  const { caller } = request;
  const isToken = caller.kind === "organization-token" || caller.kind === "team-token";
  return ok({
    ...userInfo(caller.login),
    id: `user-${caller.login}`,
    email: `${caller.login}@example.invalid`,
    hasMFA: false,
    isManagedByMultiOrg: false,
    isOrgManaged: false,
    identities: ["Pulumi"],
    organizations: caller.organizations.map((name) => ({
      ...userInfo(name),
      role: caller.kind === "admin" ? "admin" : "member",
    })),
    ...(isToken && {
      tokenInfo: {
        name: caller.credentialId,
        organization: caller.organizations[0] ?? "",
        team: caller.kind === "team-token" ? caller.login : "",
      },
    }),
  });
}

function defaultOrganization(request: PulumiRequest): Answer {
  const { state, caller } = request;
  const name = state.defaultOrganizations[caller.login] ?? caller.organizations[0];
  if (name === undefined) throw pulumiRefusal(400, "Bad Request: User is not a member of any organizations.");
  return ok({ GitHubLogin: name, Messages: [] });
}

function updateDefaultOrganization(request: PulumiRequest): Answer {
  request.state.defaultOrganizations[request.caller.login] = organizationOf(request).name;
  return { status: 204 };
}

import type { Answer } from "../exchange";
import { document, type HcpOperationEntry, type HcpRequest } from "./requests";

/** Service discovery, ping and account: what Terraform's command line and go-tfe ask before anything else. */
export const discoveryOperations: HcpOperationEntry[] = [
  {
    id: "discoverServices",
    method: "GET",
    path: "/.well-known/terraform.json",
    anonymous: true,
    handle: discover,
  },
  { id: "ping", method: "GET", path: "/api/v2/ping", anonymous: true, handle: ping },
  { id: "getAccountDetails", method: "GET", path: "/api/v2/account/details", handle: accountDetails },
];

/**
 * Headers of every answer, from which go-tfe learns what it talks to (`tfe.go`).
 * GUESS: the numbers; `TFP-AppName` is "HCP Terraform" for the hosted service.
 */
export const identifyingHeaders = {
  "TFP-API-Version": "2.6",
  "TFP-AppName": "HCP Terraform",
  "X-TFE-Version": "",
};

function discover(): Answer {
  // Remote service discovery protocol of Terraform; paths are relative to the host.
  return {
    status: 200,
    headers: { "Content-Type": "application/json" },
    body: {
      "tfe.v2": "/api/v2/",
      "tfe.v2.1": "/api/v2/",
      "tfe.v2.2": "/api/v2/",
      "state.v2": "/api/v2/",
      "modules.v1": "/api/registry/v1/modules/",
      "providers.v1": "/api/registry/v1/providers/",
    },
  };
}

function ping(): Answer {
  return { status: 204 };
}

function accountDetails(request: HcpRequest): Answer {
  const { login, kind } = request.caller;
  return document({
    data: {
      id: `user-${login}`,
      type: "users",
      attributes: {
        username: login,
        "is-service-account": kind === "organization-token" || kind === "team-token",
        "auth-method": "tfc",
        "avatar-url": null,
        "v2-only": false,
        email: `${login}@example.invalid`,
        "unconfirmed-email": null,
        "two-factor": { enabled: false, verified: false },
        permissions: {
          "can-create-organizations": false,
          "can-change-email": true,
          "can-change-username": true,
        },
      },
      relationships: {
        "authentication-tokens": { links: { related: `/api/v2/users/user-${login}/authentication-tokens` } },
      },
      links: { self: `/api/v2/users/user-${login}` },
    },
  });
}

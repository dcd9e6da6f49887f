import type { Dialect } from "../http/dialect";
import type { RateLimit } from "../http/pace";
import { errorMessage } from "./wire";

/** Name of the control plane in messages. */
export const displayName = "HCP Terraform";

/** 30 requests a second and user, unless an administrator of Terraform Enterprise says otherwise. (API overview, "Rate limiting".) */
const allRequests: RateLimit = {
  requests: 30,
  period: 1_000,
  key: () => "all",
  header: "x-ratelimit-limit",
};

/** 30 requests a minute for lists of runs. (API: "Runs".) */
const runLists: RateLimit = {
  requests: 30,
  period: 60_000,
  key: ({ method, path }) => (method === "GET" && path.endsWith("/runs") ? "runs" : undefined),
};

/** HCP Terraform counts requests before it handles them, and masks missing permissions as 404. */
export function dialect(token: string): Dialect {
  return {
    plane: displayName,
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.api+json" },
    contentType: "application/vnd.api+json",
    rateLimits: { limits: [runLists, allRequests], countedBy: "credential", precedeHandlers: true },
    requestIdHeaders: ["x-request-id"],
    errorMessage,
    advice,
  };
}

function advice(status: number): string | undefined {
  switch (status) {
    case 401:
      return "The token is not valid here: check TFE_TOKEN (or TF_TOKEN_<host>, or the Terraform credentials file) and the URL.";
    case 403:
    case 404:
      return "HCP Terraform also answers 404 where a token lacks a permission: check the name, the organization, and that the token's team may manage agent pools.";
    case 429:
      return "The rate limit of 30 requests a second did not clear in time: run again, or lower --parallel.";
    default:
      return status >= 500 ? "Try again; if it stays, see the vendor's status page." : undefined;
  }
}

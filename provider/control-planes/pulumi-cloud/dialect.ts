import type { Dialect } from "../http/dialect";
import type { RateLimit } from "../http/pace";
import { errorMessage } from "./wire";

/** Name of the control plane in messages. */
export const displayName = "Pulumi Cloud";

/** No number is published; refusals come from a firewall that counts over five minutes. (pulumi/pulumi, pull request 24131.) */
const unknownLimit: RateLimit = {
  requests: Number.POSITIVE_INFINITY,
  period: 300_000,
  key: () => "all",
};

/** `+9` is the version in which secrets have one shape; a 429 or 5xx may come after the work was done. */
export function dialect(token: string): Dialect {
  return {
    plane: displayName,
    headers: {
      authorization: `token ${token}`,
      accept: "application/vnd.pulumi+9",
      // Attribution in the organization's audit log.
      "x-pulumi-source": "provider",
    },
    contentType: "application/json",
    // The service may do the work before it answers 429. (Source: retries of the vendor's CLI.)
    rateLimits: { limits: [unknownLimit], countedBy: "address", precedeHandlers: false },
    requestIdHeaders: ["x-pulumi-request-id", "x-request-id"],
    errorMessage,
    advice,
  };
}

function advice(status: number): string | undefined {
  switch (status) {
    case 401:
      return "The token is not valid here: check PULUMI_ACCESS_TOKEN (or run `pulumi login`) and the URL.";
    case 402:
      return "The organization's plan does not include this feature.";
    case 403:
      return "The token lacks a permission: agent pools need agent_pool:*, assignments stack_deployment_settings:write, the default pool organization:update.";
    case 404:
      return "It does not exist, or the token may not see it: check the name and the organization.";
    case 429:
      return "The rate limit did not clear in time: run again, or lower --parallel.";
    default:
      return status >= 500 ? "Try again; if it stays, see the vendor's status page." : undefined;
  }
}

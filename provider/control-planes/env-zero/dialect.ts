import type { Dialect } from "../http/dialect";
import type { RateLimit } from "../http/pace";
import { registerSecret } from "../http/redact";
import { errorMessage } from "./wire";

/** Name of the control plane in messages. */
export const displayName = "env zero";

/** 1,000 requests a minute, counted by address, method and path. (API access documentation, and the vendor's Terraform provider.) */
const requestsOfOnePath: RateLimit = {
  requests: 1_000,
  period: 60_000,
  key: ({ method, path }) => `${method} ${path}`,
};

/** env zero: HTTP Basic with API key id and secret; the rate limiter stands before the handlers. */
export function dialect({ apiKey, apiSecret }: { apiKey: string; apiSecret: string }): Dialect {
  registerSecret(apiSecret);
  return {
    plane: displayName,
    headers: {
      authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`,
      accept: "application/json",
    },
    contentType: "application/json",
    rateLimits: { limits: [requestsOfOnePath], countedBy: "address", precedeHandlers: true },
    requestIdHeaders: ["x-request-id", "x-amzn-requestid"],
    errorMessage,
    advice,
  };
}

function advice(status: number): string | undefined {
  switch (status) {
    case 401:
      return "Check ENV0_API_KEY and ENV0_API_SECRET, and whether an IP allow list shuts this machine out; a new key can take an hour to work.";
    case 402:
      return "The organization's plan does not include self-hosted agents.";
    case 403:
      return 'The API key lacks a permission: pools, secrets and assignments need "Edit Organization Settings".';
    case 404:
      return "It does not exist, or the API key may not see it: check the id and the organization.";
    case 429:
      return "The rate limit of 1000 requests a minute did not clear in time: run again, or lower --parallel.";
    default:
      return status >= 500 ? "Try again; if it stays, see the vendor's status page." : undefined;
  }
}

import type { Dialect } from "../http/http";
import { errorMessage } from "./wire";

/** Name of the control plane in messages. */
export const displayName = "HCP Terraform";

/** HCP Terraform counts requests before it handles them, and masks missing permissions as 404. */
export function dialect(token: string): Dialect {
  return {
    plane: displayName,
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.api+json" },
    contentType: "application/vnd.api+json",
    rateLimitPrecedesHandler: true,
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

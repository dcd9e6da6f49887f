import type { Answer } from "../exchange";
import type { PlaneProfile } from "../plane-profile";
import { identifyingHeaders } from "./discovery";
import { hcpTerraformOperations } from "./operations";
import { hcpRefusal, jsonApiMediaType, notFound } from "./requests";
import type { HcpTerraformState } from "./state";

/** How HCP Terraform answers, whatever is asked. */
export const hcpTerraformProfile: PlaneProfile<HcpTerraformState> = {
  plane: "hcp-terraform",
  operations: hcpTerraformOperations,
  mediaType: jsonApiMediaType,
  // GUESS: the API overview requires the JSON:API type on every body; 415 is what JSON:API prescribes otherwise.
  acceptedMediaTypes: [jsonApiMediaType],
  requestIdHeader: "X-Request-Id",
  headers: (decision) => ({
    ...identifyingHeaders,
    ...(decision && {
      "X-RateLimit-Limit": String(decision.limit),
      "X-RateLimit-Remaining": String(decision.remaining),
      "X-RateLimit-Reset": decision.resetSeconds.toFixed(3),
    }),
  }),
  unauthorized: () => refusal(401, "unauthorized"),
  tooManyRequests: () => refusal(429, "Too many requests", "You have exceeded the API's rate limit."),
  unknownRoute: () => notFound().answer,
  malformedBody: () => refusal(400, "bad request", "The request body is not valid JSON"),
  unsupportedMediaType: () =>
    refusal(415, "unsupported media type", `The Content-Type header must be ${jsonApiMediaType}`),
  internalError: (message) => refusal(500, "internal server error", message),
};

function refusal(status: number, title: string, detail?: string): Answer {
  return hcpRefusal(status, title, detail).answer;
}

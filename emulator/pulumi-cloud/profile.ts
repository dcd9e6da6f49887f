import type { PlaneProfile } from "../plane-profile";
import { pulumiCloudOperations } from "./operations";
import type { PulumiCloudState } from "./state";

/** How Pulumi Cloud answers, whatever is asked. */
export const pulumiCloudProfile: PlaneProfile<PulumiCloudState> = {
  plane: "pulumi-cloud",
  operations: pulumiCloudOperations,
  mediaType: "application/json",
  acceptedMediaTypes: ["application/json"],
  requestIdHeader: "X-Pulumi-Request-ID",
  headers: () => ({}),
  unauthorized: () => ({
    status: 401,
    body: { code: 401, message: "Unauthorized: No credentials provided or are invalid." },
  }),
  // A firewall in front of the service answers in plain text (pulumi/pulumi pull request 24131).
  tooManyRequests: ({ resetSeconds }) => ({
    status: 429,
    headers: { "Retry-After": String(Math.ceil(resetSeconds)) },
    text: { content: "Too Many Requests", mediaType: "text/plain; charset=utf-8" },
  }),
  unknownRoute: () => ({
    status: 404,
    text: { content: "404 page not found\n", mediaType: "text/plain; charset=utf-8" },
  }),
  malformedBody: () => ({ status: 400, body: { code: 400, message: "Bad Request: invalid request body" } }),
  // GUESS: documented as mandatory; no text published.
  unsupportedMediaType: () => ({
    status: 415,
    body: { code: 415, message: "Unsupported Media Type: expected application/json" },
  }),
  internalError: (message) => ({
    status: 500,
    body: { code: 500, message: `Internal Server Error: ${message}` },
  }),
};

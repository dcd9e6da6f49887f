import type { PlaneProfile } from "../plane-profile";
import { envZeroOperations } from "./operations";
import type { EnvZeroState } from "./state";

/** How env zero answers, whatever is asked. Errors are `{message}`; texts are not published. */
export const envZeroProfile: PlaneProfile<EnvZeroState> = {
  plane: "env-zero",
  operations: envZeroOperations,
  mediaType: "application/json; charset=utf-8",
  acceptedMediaTypes: ["application/json"],
  // GUESS: the name; no request id is documented.
  requestIdHeader: "X-Request-Id",
  headers: () => ({}),
  unauthorized: () => ({ status: 401, body: { message: "Unauthorized" } }),
  // No Retry-After: it is neither documented nor read by the vendor's provider.
  tooManyRequests: () => ({ status: 429, body: { message: "Too Many Requests" } }),
  unknownRoute: () => ({ status: 404, body: { message: "Not Found" } }),
  malformedBody: () => ({ status: 400, body: { message: "Invalid JSON in request body" } }),
  unsupportedMediaType: () => ({ status: 415, body: { message: "Content-Type must be application/json" } }),
  internalError: (message) => ({ status: 500, body: { message } }),
};

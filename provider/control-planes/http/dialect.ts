import type { RateLimit } from "./pace";

/** What differs between the control planes on the wire. */
export interface Dialect {
  /** Display name used in errors. */
  readonly plane: string;
  /** Headers of every request, the credential among them. */
  readonly headers: Readonly<Record<string, string> & { authorization: string }>;
  /** Media type of request bodies. */
  readonly contentType: string;
  readonly rateLimits: RateLimits;
  /** Response headers that may carry a request id, in order of preference. */
  readonly requestIdHeaders: readonly string[];
  /** The vendor's message in an error body, or undefined where the body has another shape. */
  readonly errorMessage: (body: unknown) => string | undefined;
  /** What a user can do about a status, where the caller has nothing better to say. */
  readonly advice: (status: number) => string | undefined;
}

/** How a service limits requests. */
export interface RateLimits {
  /** The limits that are documented, the narrowest one first. */
  readonly limits: readonly RateLimit[];
  /** What the service counts by: the credential, or the address that requests come from. */
  readonly countedBy: "credential" | "address";
  /** A 429 is given before the request is carried out, so that any request may be repeated after it. */
  readonly precedeHandlers: boolean;
}

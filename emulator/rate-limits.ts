import type { Plane } from "./exchange";

/** A token bucket: so many requests at once, refilled evenly over the period. */
export interface RateLimit {
  requests: number;
  perMilliseconds: number;
}

/** The limits of one emulator; `null` switches one off. */
export interface RateLimits {
  /** HCP Terraform: 30 requests per second and user (API overview, "Rate limiting"). */
  hcpTerraform: RateLimit | null;
  /** HCP Terraform: 30 requests per minute on lists of runs (runs API). */
  hcpTerraformRunLists: RateLimit | null;
  /** env zero: 1000 requests per minute, counted by source, method and path (API access documentation and provider). */
  envZero: RateLimit | null;
  /** Pulumi Cloud publishes no number (a web application firewall counts over five minutes), so it is off by default. */
  pulumiCloud: RateLimit | null;
}

/** The vendors' limits, as far as they are published. */
export const defaultRateLimits: RateLimits = {
  hcpTerraform: { requests: 30, perMilliseconds: 1_000 },
  hcpTerraformRunLists: { requests: 30, perMilliseconds: 60_000 },
  envZero: { requests: 1_000, perMilliseconds: 60_000 },
  pulumiCloud: null,
};

/** What a bucket said to one request. */
export interface RateDecision {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the next request is allowed, 0 when one is allowed now. */
  resetSeconds: number;
}

/** What decides which bucket a request draws from. */
export interface RateSubject {
  plane: Plane;
  method: string;
  path: string;
  operation: string | undefined;
  /** Login of the user: HCP Terraform counts by user, not by token. */
  login: string | undefined;
  address: string;
}

const runLists = new Set(["listOrganizationRuns", "listWorkspaceRuns", "listOrganizationRunQueue"]);

/** The token buckets of one emulator. */
export class RateLimiter {
  limits: RateLimits = structuredClone(defaultRateLimits);
  #buckets = new Map<string, { tokens: number; time: number }>();

  /** Forgets what was used so far. */
  reset(): void {
    this.#buckets.clear();
  }

  /** Takes one request from its buckets; undefined when no limit applies. */
  take(subject: RateSubject, now: number = performance.now()): RateDecision | undefined {
    const decisions = this.#bucketsOf(subject).map(([key, limit]) => this.#takeFrom(key, limit, now));
    return decisions.find((decision) => !decision.allowed) ?? decisions.at(-1);
  }

  #bucketsOf({ plane, method, path, operation, login, address }: RateSubject): [string, RateLimit][] {
    const buckets: [string, RateLimit][] = [];
    const who = login ?? address;
    if (plane === "hcp-terraform") {
      if (this.limits.hcpTerraform) buckets.push([`hcp ${who}`, this.limits.hcpTerraform]);
      if (this.limits.hcpTerraformRunLists && operation !== undefined && runLists.has(operation)) {
        buckets.push([`hcp runs ${who}`, this.limits.hcpTerraformRunLists]);
      }
    } else if (plane === "env-zero") {
      if (this.limits.envZero) buckets.push([`env0 ${address} ${method} ${path}`, this.limits.envZero]);
    } else if (this.limits.pulumiCloud) {
      buckets.push([`pulumi ${address}`, this.limits.pulumiCloud]);
    }
    return buckets;
  }

  #takeFrom(key: string, limit: RateLimit, now: number): RateDecision {
    const bucket = this.#buckets.get(key) ?? { tokens: limit.requests, time: now };
    const perMillisecond = limit.requests / limit.perMilliseconds;
    bucket.tokens = Math.min(limit.requests, bucket.tokens + (now - bucket.time) * perMillisecond);
    bucket.time = now;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    this.#buckets.set(key, bucket);
    const missing = Math.max(0, 1 - bucket.tokens);
    return {
      allowed,
      limit: limit.requests,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: missing / perMillisecond / 1_000,
    };
  }
}

/** When and how often a call is repeated. Times are milliseconds. */
export interface RetryPolicy {
  /** Requests in all, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt; it doubles from there, with jitter. */
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** No attempt starts later than this after the first one. A longer `Retry-After` fails at once. */
  readonly totalTime: number;
}

/** Rides out a restart, or a wait of up to two and a half minutes that the server names. */
export const standardRetries: RetryPolicy = {
  attempts: 6,
  firstDelay: 400,
  longestDelay: 15_000,
  totalTime: 150_000,
};

/** Statuses that may pass: 408, 425 and 429, and the server errors that are not a refusal. */
export function isRetryableStatus(status: number): boolean {
  return (
    status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
  );
}

/**
 * Milliseconds to wait before the attempt after `attempt`: what the server told, and never less than the backoff.
 * @param retryAfterMs the wait that the server named.
 */
export function retryDelay(policy: RetryPolicy, attempt: number, retryAfterMs = 0): number {
  const backoff = Math.min(policy.firstDelay * 2 ** (attempt - 1), policy.longestDelay);
  const jittered = backoff * (0.5 + Math.random() / 2);
  return Math.max(jittered, retryAfterMs);
}

/** A time in seconds since 1970 is at least that: no server tells clients to wait for thirty years. */
const firstEpochSecond = 1_000_000_000;

/**
 * The wait that a server names, in milliseconds; undefined: none.
 * @param value of `Retry-After` (seconds, or an HTTP date) or of `X-RateLimit-Reset` (fractional seconds from now on HCP
 *   Terraform, seconds since 1970 on others).
 */
export function parseRetryAfter(value: string | undefined): number | undefined {
  if (!value?.trim()) return undefined;
  const seconds = Number(value);
  if (Number.isNaN(seconds)) {
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
  }
  return Math.max(0, seconds >= firstEpochSecond ? seconds * 1000 - Date.now() : seconds * 1000);
}

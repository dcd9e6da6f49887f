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

/** Rides out a restart or a rate-limit window of a minute, and fails before a person gives up waiting. */
export const standardRetries: RetryPolicy = {
  attempts: 6,
  firstDelay: 400,
  longestDelay: 15_000,
  totalTime: 150_000,
};

/** Statuses that may pass: 425 and 429, and the server errors that are not a refusal. */
export function isRetryableStatus(status: number): boolean {
  return (
    status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
  );
}

/**
 * Milliseconds to wait before the attempt after `attempt`.
 * @param retryAfter value of `Retry-After` (seconds or an HTTP date) or `X-RateLimit-Reset` (fractional seconds).
 */
export function retryDelay(policy: RetryPolicy, attempt: number, retryAfter?: string): number {
  const backoff = Math.min(policy.firstDelay * 2 ** (attempt - 1), policy.longestDelay);
  const jittered = backoff * (0.5 + Math.random() / 2);
  return Math.max(jittered, parseRetryAfter(retryAfter));
}

function parseRetryAfter(value: string | undefined): number {
  if (!value) return 0;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}

/** What an exchange that ended without an answer means. */
export interface NetworkFailure {
  /** The request may have reached the server. */
  readonly sent: boolean;
  /** Another attempt may succeed. */
  readonly temporary: boolean;
  readonly message: string;
  readonly advice: string;
}

const neverSent: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name could not be resolved",
  EAI_AGAIN: "the host name could not be resolved just now",
  EHOSTUNREACH: "the host is unreachable",
  ENETUNREACH: "the network is unreachable",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10 seconds",
};

const lost: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: "no answer within 60 seconds",
  UND_ERR_BODY_TIMEOUT: "the answer stopped coming for 60 seconds",
  UND_ERR_SOCKET: "the connection was cut before the answer was complete",
  ECONNRESET: "the connection was cut before the answer was complete",
  EPIPE: "the connection was cut before the answer was complete",
};

/** Sorts a failed exchange: was it sent, may it pass, and what can the user do? */
export function classifyNetworkError(error: unknown, baseUrl: string): NetworkFailure {
  const code = errorCode(error);
  const detail = error instanceof Error ? error.message : String(error);
  const unsent = neverSent[code];
  if (unsent) {
    return {
      sent: false,
      temporary: true,
      message: `${baseUrl}: ${unsent}`,
      advice: "Check the URL, the network and the proxy settings (HTTPS_PROXY, NO_PROXY).",
    };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|SSL/.test(code)) {
    return {
      sent: false,
      temporary: false,
      message: `${baseUrl}: TLS failed: ${detail}`,
      advice: "If the server has a certificate of your own CA, name the CA's file in NODE_EXTRA_CA_CERTS.",
    };
  }
  return {
    sent: true,
    temporary: true,
    message: `${baseUrl}: ${lost[code] ?? detail}`,
    advice: "Run the deployment again: it finds out what the lost request has done.",
  };
}

function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === "string" ? code : cause ? errorCode(cause) : "";
}

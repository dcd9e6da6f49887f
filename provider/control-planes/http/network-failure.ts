import { messageOf } from "./error";

/** What an exchange that ended without an answer means. */
export interface NetworkFailure {
  /** The request may have reached the server. */
  readonly sent: boolean;
  /** Another attempt may succeed. */
  readonly temporary: boolean;
  readonly message: string;
  readonly advice: string;
}

const checkNetwork = "Check the URL, the network and the proxy settings (HTTPS_PROXY, NO_PROXY).";

/** What to do where a proxy requires authentication. */
export const proxyLoginAdvice =
  "Put user and password into the proxy's URL in HTTPS_PROXY (http://user:password@host:port), or name the host in NO_PROXY if it is reached without a proxy.";

const neverSent: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name could not be resolved",
  EAI_AGAIN: "the host name could not be resolved just now",
  EHOSTUNREACH: "the host is unreachable",
  ENETUNREACH: "the network is unreachable",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10 seconds",
};

const lost: Readonly<Record<string, (seconds: number) => string>> = {
  UND_ERR_HEADERS_TIMEOUT: (seconds) => `no answer within ${seconds} seconds`,
  UND_ERR_BODY_TIMEOUT: (seconds) => `the answer stopped coming for ${seconds} seconds`,
  UND_ERR_SOCKET: () => "the connection was cut before the answer was complete",
  ECONNRESET: () => "the connection was cut before the answer was complete",
  EPIPE: () => "the connection was cut before the answer was complete",
};

/** Before anything was sent, undici finds that it cannot use a URL: that of the service or that of a proxy. */
const unusable = new Set(["ERR_INVALID_URL", "UND_ERR_INVALID_ARG"]);

/**
 * Sorts a failed exchange: was it sent, may it pass, and what can the user do?
 * @param timeout milliseconds that the exchange had for its answer.
 */
export function classifyNetworkError(error: unknown, baseUrl: string, timeout: number): NetworkFailure {
  const code = errorCode(error);
  const detail = messageOf(error);
  const refusal = proxyRefusal(detail);
  if (refusal) return { ...refusal, message: `${baseUrl}: ${refusal.message}` };
  const unsent = neverSent[code];
  if (unsent) {
    return { sent: false, temporary: true, message: `${baseUrl}: ${unsent}`, advice: checkNetwork };
  }
  if (unusable.has(code)) {
    return { sent: false, temporary: false, message: `${baseUrl}: ${detail}`, advice: checkNetwork };
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
    message: `${baseUrl}: ${lost[code]?.(timeout / 1000) ?? detail}`,
    advice: "Run the deployment again: it finds out what the lost request has done.",
  };
}

/** A proxy that opens no tunnel: the request went nowhere. undici tells the proxy's status in the message only. */
function proxyRefusal(detail: string): NetworkFailure | undefined {
  const status = Number(/^Proxy response \((\d+)\)/.exec(detail)?.[1]);
  if (Number.isNaN(status)) return undefined;
  if (status === 407) {
    return {
      sent: false,
      temporary: false,
      message: "the proxy requires authentication (407)",
      advice: proxyLoginAdvice,
    };
  }
  return {
    sent: false,
    temporary: status >= 500,
    message: `the proxy did not connect: it answered ${status}`,
    advice: "Check HTTPS_PROXY and NO_PROXY, and that the proxy may connect to this host.",
  };
}

function errorCode(error: unknown): string {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  return typeof code === "string" ? code : cause ? errorCode(cause) : "";
}

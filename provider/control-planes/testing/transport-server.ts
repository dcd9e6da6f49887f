import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Dialect, RateLimits } from "../http/dialect.ts";
import { type ApiRequest, HttpTransport, type TransportOptions } from "../http/http.ts";
import type { RetryPolicy } from "../http/retry.ts";

/** What a server does with a request; requests are counted from 1. */
export type Handler = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** The credential that the transport sends. */
export const token = "pul-0123456789abcdef0123456789abcdef01234567";

/** A limiter whose numbers are not known. */
export const rateLimits: RateLimits = {
  limits: [{ requests: Number.POSITIVE_INFINITY, period: 60_000, key: () => "all" }],
  countedBy: "address",
  precedeHandlers: true,
};

/** A control plane whose rate limiter stands before its handlers. */
export const somePlane: Dialect = {
  plane: "Some Plane",
  headers: { authorization: `token ${token}` },
  contentType: "application/json",
  rateLimits,
  requestIdHeaders: ["x-request-id"],
  errorMessage: (body) => (body as { message?: string }).message,
  advice: () => undefined,
};

/** Three attempts that take next to no time. */
export const quick: RetryPolicy = { attempts: 3, firstDelay: 5, longestDelay: 20, totalTime: 1500 };

/** A server that answers with `handler`, and a transport that talks to it. It ends with the test. */
export async function serve(
  handler: Handler,
  dialect: Partial<Dialect> = {},
  options: TransportOptions = {},
) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => handler(request, response, ++requests));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = new HttpTransport(url, { ...somePlane, ...dialect }, { retries: quick, ...options });
  return { url, transport, requests: () => requests, stop };
}

/** A read. */
export const read: ApiRequest = { operation: "read the thing", method: "GET", path: "/thing" };

/** A create, which is not repeatable. */
export const make: ApiRequest = {
  operation: 'create thing "x"',
  method: "POST",
  path: "/things",
  body: { name: "x" },
};

/** A change, which is repeatable. */
export const change: ApiRequest = { ...make, operation: 'change thing "x"', method: "PATCH" };

/** Sends an answer. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

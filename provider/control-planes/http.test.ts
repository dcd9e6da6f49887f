import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ControlPlaneError } from "./error";
import { type ApiRequest, type Dialect, HttpTransport } from "./http";
import type { RetryPolicy } from "./retry";

type Handler = (request: IncomingMessage, response: ServerResponse, number: number) => void;

const token = "pul-0123456789abcdef0123456789abcdef01234567";
const somePlane: Dialect = {
  plane: "Some Plane",
  headers: { authorization: `token ${token}` },
  contentType: "application/json",
  rateLimitPrecedesHandler: true,
  requestIdHeaders: ["x-request-id"],
  errorMessage: (body) => (body as { message?: string }).message,
  advice: () => undefined,
};
const quick: RetryPolicy = { attempts: 3, firstDelay: 5, longestDelay: 20, totalTime: 1500 };
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers with `handler`, and a transport that talks to it. */
async function serve(handler: Handler, dialect: Partial<Dialect> = {}) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => handler(request, response, ++requests));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = new HttpTransport(url, { ...somePlane, ...dialect }, { retries: quick });
  return { url, transport, requests: () => requests };
}

const read: ApiRequest = { operation: "read the thing", method: "GET", path: "/thing" };
const make: ApiRequest = {
  operation: 'create thing "x"',
  method: "POST",
  path: "/things",
  body: { name: "x" },
};

async function failureOf(promise: Promise<unknown>): Promise<ControlPlaneError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ControlPlaneError);
  return error as ControlPlaneError;
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

describe("HttpTransport", () => {
  it("sends credential, body and media type, and returns the validated answer", async () => {
    let seen: IncomingMessage["headers"] = {};
    const { transport } = await serve((request, response) => {
      seen = request.headers;
      answer(response, 200, '{"id":"1","extra":true}');
    });
    await expect(transport.send(make, z.object({ id: z.string() }))).resolves.toEqual({ id: "1" });
    expect(seen).toMatchObject({ authorization: `token ${token}`, "content-type": "application/json" });
  });

  it("repeats a read after a server error and after a cut connection", async () => {
    const { transport, requests } = await serve((request, response, number) => {
      if (number === 1) answer(response, 503, "{}");
      else if (number === 2) request.socket.destroy();
      else answer(response, 200, '{"id":"1"}');
    });
    await expect(transport.send(read, z.object({ id: z.string() }))).resolves.toEqual({ id: "1" });
    expect(requests()).toBe(3);
  });

  it.each([
    ["a cut connection", (request: IncomingMessage) => request.socket.destroy()],
    [
      "a server error",
      (_: IncomingMessage, response: ServerResponse) => answer(response, 502, "bad gateway"),
    ],
    [
      "HTML",
      (_: IncomingMessage, response: ServerResponse) =>
        answer(response, 200, "<html>", { "content-type": "text/html" }),
    ],
    ["half a document", (_: IncomingMessage, response: ServerResponse) => answer(response, 200, '{"id":')],
  ])("never repeats a create after %s, and says that it may have been carried out", async (_, handler) => {
    const { transport, requests } = await serve(handler);
    const error = await failureOf(transport.send(make, z.object({ id: z.string() })));
    expect(error.ambiguous).toBe(true);
    expect(requests()).toBe(1);
  });

  it("repeats a create after a refused connection, since it was never sent", async () => {
    const { url } = await serve((_, response) => answer(response, 200, "{}"));
    closers.pop()?.();
    const transport = new HttpTransport(url, somePlane, { retries: quick });
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.ambiguous).toBe(false);
    expect(error.message).toContain("the connection was refused");
    expect(error.message).toContain("HTTPS_PROXY");
  });

  it("repeats a create after a 429 only where the rate limiter stands before the handler", async () => {
    const limited: Handler = (_, response, number) =>
      number === 1 ? answer(response, 429, "{}") : answer(response, 200, "{}");
    const before = await serve(limited);
    await before.transport.send(make, z.unknown());
    expect(before.requests()).toBe(2);
    const after = await serve(limited, { rateLimitPrecedesHandler: false });
    const error = await failureOf(after.transport.send(make, z.unknown()));
    expect(error).toMatchObject({ status: 429, ambiguous: true });
  });

  it.each([
    ["retry-after", "0.2"],
    ["x-ratelimit-reset", "0.2"],
  ])("waits as long as %s says", async (header, value) => {
    const times: number[] = [];
    const { transport } = await serve((_, response, number) => {
      times.push(Date.now());
      if (number === 1) answer(response, 429, "{}", { [header]: value });
      else answer(response, 200, "{}");
    });
    await transport.send(read, z.unknown());
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(190);
  });

  it("does not wait for a Retry-After that is longer than the user would", async () => {
    const { transport, requests } = await serve((_, response) =>
      answer(response, 429, "{}", { "retry-after": "3600" }),
    );
    await failureOf(transport.send(read, z.unknown()));
    expect(requests()).toBe(1);
  });

  it("says what was tried, the status, the vendor's message, the request id and what to do", async () => {
    const { transport } = await serve(
      (_, response) => answer(response, 403, '{"message":"no permission"}', { "x-request-id": "req-7" }),
      { advice: () => "Ask an administrator." },
    );
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.message).toBe(
      'Some Plane: could not create thing "x": HTTP 403: no permission (request id req-7). Ask an administrator.',
    );
  });

  it("shows the start of an answer that is no JSON", async () => {
    const { transport } = await serve((_, response) =>
      answer(response, 200, "<html><title>Sign in</title>", { "content-type": "text/html; charset=utf-8" }),
    );
    const error = await failureOf(transport.send(read, z.object({ id: z.string() })));
    expect(error.message).toContain("got text/html that starts with: <html><title>Sign in</title>");
  });

  it("names the place where an answer has an unexpected shape", async () => {
    const { transport } = await serve((_, response) => answer(response, 200, '{"pool":{"id":7}}'));
    const error = await failureOf(transport.send(read, z.object({ pool: z.object({ id: z.string() }) })));
    expect(error.message).toContain("unexpected shape at pool.id");
  });

  it("follows no redirect, which would carry the credential elsewhere", async () => {
    const { transport, requests } = await serve((_, response) =>
      answer(response, 302, "", { location: "https://evil.example/" }),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.message).toContain("redirects to https://evil.example/");
    expect(requests()).toBe(1);
  });

  it("takes the credential out of messages that echo it", async () => {
    const { transport } = await serve((request, response) =>
      answer(response, 400, JSON.stringify({ message: `bad header ${request.headers.authorization}` })),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.message).not.toContain(token);
    expect(error.message).toContain("[secret]");
  });

  it("finds nothing at a 404, and fails at every other refusal", async () => {
    const { transport } = await serve((_, response, number) =>
      answer(response, number === 1 ? 404 : 403, "{}"),
    );
    await expect(transport.find(read, z.unknown())).resolves.toBeUndefined();
    await failureOf(transport.find(read, z.unknown()));
  });

  it("ends a wait at once when the deployment is cancelled", async () => {
    const cancel = new AbortController();
    const { url } = await serve((_, response) => answer(response, 429, "{}", { "retry-after": "60" }));
    const transport = new HttpTransport(url, somePlane, {
      retries: { ...quick, totalTime: 100_000 },
      cancelled: cancel.signal,
    });
    const sent = transport.send(read, z.unknown());
    setTimeout(() => cancel.abort(), 50);
    const error = await failureOf(sent);
    expect(error.message).toContain("cancelled");
  });
});

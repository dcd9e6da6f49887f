import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ControlPlaneError } from "./error.ts";
import { type ApiRequest, type Dialect, HttpTransport, type TransportOptions } from "./http.ts";
import type { RetryPolicy } from "./retry.ts";

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
async function serve(handler: Handler, dialect: Partial<Dialect> = {}, options: TransportOptions = {}) {
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
  const transport = new HttpTransport(url, { ...somePlane, ...dialect }, { retries: quick, ...options });
  return { url, transport, requests: () => requests };
}

const read: ApiRequest = { operation: "read the thing", method: "GET", path: "/thing" };
const make: ApiRequest = {
  operation: 'create thing "x"',
  method: "POST",
  path: "/things",
  body: { name: "x" },
};

const change: ApiRequest = { ...make, operation: 'change thing "x"', method: "PATCH" };

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

  it("says how long to wait where that is longer than a deployment does", async () => {
    const { transport, requests } = await serve((_, response) =>
      answer(response, 429, "{}", { "retry-after": "3600" }),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(requests()).toBe(1);
    expect(error).toMatchObject({ retryAfterMs: 3_600_000, ambiguous: false });
    expect(error.advice).toBe(
      "Some Plane tells to wait 3600 seconds, which is longer than a deployment waits: run it again after that.",
    );
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
});

describe("HttpTransport, told to wait", () => {
  it("waits before it repeats a create that the rate limiter refused", async () => {
    const times: number[] = [];
    const { transport } = await serve((_, response, number) => {
      times.push(Date.now());
      if (number === 1) answer(response, 429, "{}", { "retry-after": "0.3" });
      else answer(response, 200, "{}");
    });
    await transport.send(make, z.unknown());
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(290);
  });

  it.each([429, 503])(
    "tells the caller of a create that may be done how long to wait: %i",
    async (status) => {
      const { transport, requests } = await serve(
        (_, response) => answer(response, status, "{}", { "retry-after": "20" }),
        { rateLimitPrecedesHandler: false },
      );
      const error = await failureOf(transport.send(make, z.unknown()));
      expect(error).toMatchObject({ status, ambiguous: true, retryAfterMs: 20_000 });
      expect(error.withAdvice("Wait.").retryAfterMs).toBe(20_000);
      expect(requests()).toBe(1);
    },
  );

  it("takes the end of a rate window for a wait after a 429 only", async () => {
    const { transport, requests } = await serve((_, response, number) =>
      answer(response, number === 1 ? 503 : 429, "{}", { "x-ratelimit-reset": "3600" }),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
    expect(requests()).toBe(2);
  });
});

describe("HttpTransport, what may have been done", () => {
  it.each([408, 500, 502, 503, 504])("a change that got %i each time", async (status) => {
    const { transport, requests } = await serve((_, response) => answer(response, status, "{}"));
    const error = await failureOf(transport.send(change, z.unknown()));
    expect(error).toMatchObject({ status, ambiguous: true });
    expect(requests()).toBe(3);
  });

  it("a change whose answers were all lost", async () => {
    const { transport, requests } = await serve((request) => request.socket.destroy());
    expect(await failureOf(transport.send(change, z.unknown()))).toMatchObject({ ambiguous: true });
    expect(requests()).toBe(3);
  });

  it("a change whose first answer was lost, whatever came later", async () => {
    const { transport } = await serve((request, response, number) =>
      number === 1 ? request.socket.destroy() : answer(response, 409, "{}"),
    );
    const error = await failureOf(transport.send(change, z.unknown()));
    expect(error).toMatchObject({ status: 409, ambiguous: true });
  });

  it.each([
    ["HTML", "<html>"],
    ["another shape", '{"id":7}'],
  ])("a change that was answered with %s", async (_, body) => {
    const { transport } = await serve((_, response) => answer(response, 200, body));
    const error = await failureOf(transport.send(change, z.object({ id: z.string() })));
    expect(error).toMatchObject({ status: 200, ambiguous: true });
  });

  it.each([400, 401, 403, 404, 409, 422, 501, 505])("not what was refused with %i", async (status) => {
    const { transport, requests } = await serve((_, response) => answer(response, status, "{}"));
    for (const call of [make, change])
      expect(await failureOf(transport.send(call, z.unknown()))).toMatchObject({ status, ambiguous: false });
    expect(requests()).toBe(2);
  });

  it("not a change that the rate limiter refused each time", async () => {
    const { transport, requests } = await serve((_, response) => answer(response, 429, "{}"));
    expect(await failureOf(transport.send(change, z.unknown()))).toMatchObject({ ambiguous: false });
    expect(requests()).toBe(3);
  });

  it("not a read", async () => {
    const { transport } = await serve((request) => request.socket.destroy());
    expect(await failureOf(transport.send(read, z.unknown()))).toMatchObject({ ambiguous: false });
  });

  it("a change that is declared to be no repeatable one is sent once, a create that is one is repeated", async () => {
    const { transport, requests } = await serve((_, response) => answer(response, 500, "{}"));
    const once = await failureOf(transport.send({ ...change, repeatable: false }, z.unknown()));
    expect(once.ambiguous).toBe(true);
    expect(requests()).toBe(1);
    const often = await failureOf(transport.send({ ...make, repeatable: true }, z.unknown()));
    expect(often.ambiguous).toBe(true);
    expect(requests()).toBe(4);
  });
});

describe("HttpTransport, answers that are none", () => {
  const stacks = z.object({ stacks: z.array(z.object({ name: z.string() })) });

  it.each([
    ["{}", "stacks"],
    ["", "its top"],
    ['{"stacks":[{"name":"a"},{}]}', "stacks.1.name"],
  ])("name what %s lacks, and are not asked for again", async (body, path) => {
    const { transport, requests } = await serve((_, response) => answer(response, 200, body));
    const error = await failureOf(transport.send(read, stacks));
    expect(error.message).toContain(
      path === "its top" ? "the answer has an unexpected shape at its top" : `the answer lacks \`${path}\``,
    );
    expect(error.advice).toContain("is the API of Some Plane");
    expect(requests()).toBe(1);
  });

  it.each([502, 503, 504])("blame what stands in between for a page with %i", async (status) => {
    const { transport, url } = await serve((_, response) =>
      answer(response, status, "<html><h1>Gateway</h1>", { "content-type": "text/html" }),
    );
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.ambiguous).toBe(true);
    expect(error.vendorMessage).toBe(
      "a proxy or load balancer between here and Some Plane answered in its place: text/html that starts with: <html><h1>Gateway</h1>",
    );
    expect(error.advice).toContain(`what stands in front of ${url}`);
  });

  it("name the proxy that wants a login, and are not asked for again", async () => {
    const { transport, requests } = await serve((_, response) => answer(response, 407, "{}"), {
      advice: () => "The vendor's advice.",
    });
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error).toMatchObject({ status: 407, ambiguous: false, vendorMessage: "the proxy wants a login" });
    expect(error.advice).toContain("HTTPS_PROXY");
    expect(requests()).toBe(1);
  });

  it("say so where an error has no words", async () => {
    const { transport } = await serve((_, response) => answer(response, 403, ""));
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.vendorMessage).toBe("an empty answer");
  });

  it("do not blame it for the control plane's own errors", async () => {
    const { transport } = await serve((_, response, number) =>
      number === 1 ? answer(response, 502, '{"message":"down"}') : answer(response, 500, "<html>"),
    );
    expect((await failureOf(transport.send(make, z.unknown()))).vendorMessage).toBe("down");
    expect((await failureOf(transport.send(make, z.unknown()))).vendorMessage).not.toContain("proxy");
  });

  it.each([
    ["never begins", () => undefined, "no answer within 0.25 seconds"],
    [
      "stops",
      (response: ServerResponse) => response.writeHead(200).write("{"),
      "the answer stopped coming for 0.25 seconds",
    ],
  ])("are given up where one %s", async (_, begin, words) => {
    const { transport, requests } = await serve((_, response) => begin(response), {}, { timeout: 250 });
    const begun = Date.now();
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.ambiguous).toBe(true);
    expect(error.message).toContain(words);
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(requests()).toBe(1);
  });
});

describe("HttpTransport, cancelled", () => {
  it("ends a wait at once, sends nothing more, and still says what was known", async () => {
    const cancel = new AbortController();
    const { transport, requests } = await serve(
      (_, response) => answer(response, 503, '{"message":"busy."}', { "retry-after": "60" }),
      {},
      { retries: { ...quick, totalTime: 100_000 }, cancelled: cancel.signal },
    );
    const begun = Date.now();
    const sent = transport.send(change, z.unknown());
    setTimeout(() => cancel.abort(), 50);
    const error = await failureOf(sent);
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(error).toMatchObject({ status: 503, ambiguous: true });
    expect(error.vendorMessage).toBe("busy; the deployment was cancelled while it waited to try again");
    await new Promise((done) => setTimeout(done, 100));
    expect(requests()).toBe(1);
  });

  it("finishes a request that is under way, and repeats it no more", async () => {
    const cancel = new AbortController();
    const { transport, requests } = await serve(
      (_, response, number) => {
        cancel.abort();
        if (number === 1) answer(response, 200, '"done"');
        else answer(response, 503, "{}");
      },
      {},
      { cancelled: cancel.signal },
    );
    await expect(transport.send(read, z.unknown())).resolves.toBe("done");
    expect((await failureOf(transport.send(read, z.unknown()))).message).toContain("cancelled");
    expect(requests()).toBe(2);
  });
});

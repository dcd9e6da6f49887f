import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HttpTransport } from "./http.ts";
import { failureOf } from "./testing/open-parts.ts";
import {
  answer,
  type Handler,
  make,
  quick,
  read,
  serve,
  somePlane,
  token,
} from "./testing/transport-server.ts";

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
    const { url, stop } = await serve((_, response) => answer(response, 200, "{}"));
    stop();
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
      "Some Plane asks clients to wait 3600 seconds, which is longer than this provider waits. Run pulumi up again after that.",
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

  it("removes with a DELETE, and tells whether there was something to remove", async () => {
    const asked: string[] = [];
    const { transport } = await serve(({ method, url }, response, number) => {
      asked.push(`${method} ${url}`);
      if (number === 1) response.writeHead(204).end();
      else answer(response, number === 2 ? 404 : 403, "{}");
    });
    const call = { operation: "delete the thing", path: "/thing", query: { force: "true" } };
    expect(await transport.remove(call)).toBe(true);
    expect(await transport.remove(call)).toBe(false);
    expect(await failureOf(transport.remove(call))).toMatchObject({ status: 403 });
    expect(asked).toEqual(Array(3).fill("DELETE /thing?force=true"));
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

import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf } from "../testing/open-parts.ts";
import {
  answer,
  type Handler,
  make,
  quick,
  rateLimits,
  read,
  serve,
  somePlane,
  token,
} from "../testing/transport-server.ts";
import { HttpTransport } from "./http.ts";

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

  it("sends neither body nor media type where a call has no body", async () => {
    const { transport } = await serve(async (request, response) => {
      answer(response, 200, JSON.stringify(request.headers));
    });
    const headers = await transport.send(read, z.record(z.string(), z.string()));
    expect(headers).not.toHaveProperty("content-type");
    expect(headers).not.toHaveProperty("transfer-encoding");
  });

  it("asks below the base URL, with the parts of the query that are given", async () => {
    const { url } = await serve((request, response) => answer(response, 200, JSON.stringify(request.url)));
    const transport = new HttpTransport(`${url}/api//`, somePlane);
    const query = { name: "a b&c", page: 2, none: undefined, empty: "" };
    await expect(transport.send({ ...read, query }, z.string())).resolves.toBe(
      "/api/thing?name=a+b%26c&page=2&empty=",
    );
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
    const after = await serve(limited, { rateLimits: { ...rateLimits, precedeHandlers: false } });
    const error = await failureOf(after.transport.send(make, z.unknown()));
    expect(error).toMatchObject({ status: 429, ambiguous: true });
  });

  it.each([
    ["retry-after", "0.06"],
    ["x-ratelimit-reset", "0.06"],
  ])("waits as long as %s says", async (header, value) => {
    const times: number[] = [];
    const { transport } = await serve((_, response, number) => {
      times.push(Date.now());
      if (number === 1) answer(response, 429, "{}", { [header]: value });
      else answer(response, 200, "{}");
    });
    await transport.send(read, z.unknown());
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(58);
  });

  it.each([
    ["read", read, 429, false],
    ["create", make, 503, true],
  ])(
    "says how long to wait where that is longer than a deployment does: a %s",
    async (_, call, status, ambiguous) => {
      const { transport, requests } = await serve((_, response) =>
        answer(response, status, "{}", { "retry-after": "3600" }),
      );
      const error = await failureOf(transport.send(call, z.unknown()));
      expect(requests()).toBe(1);
      expect(error).toMatchObject({ retryAfterMs: 3_600_000, ambiguous });
      expect(error.advice).toBe(
        "Some Plane asks clients to wait 3600 seconds, which is longer than this provider waits. Run pulumi up again after that.",
      );
    },
  );

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

  it.each([200, 201, 202, 299])("takes %i for an answer", async (status) => {
    const { transport } = await serve((_, response) => answer(response, status, '"done"'));
    await expect(transport.send(make, z.string())).resolves.toBe("done");
  });

  it("takes 300 for none", async () => {
    const { transport } = await serve((_, response) => answer(response, 300, '"done"'));
    expect(await failureOf(transport.send(read, z.string()))).toMatchObject({ status: 300 });
  });

  it("repeats a read that was answered with something else than JSON", async () => {
    const { transport, requests } = await serve((_, response, number) =>
      answer(response, 200, number === 1 ? "<html>" : '"done"'),
    );
    await expect(transport.send(read, z.string())).resolves.toBe("done");
    expect(requests()).toBe(2);
  });

  it("follows no redirect, which would carry the credential elsewhere", async () => {
    const { transport, requests } = await serve((_, response) =>
      answer(response, 302, "", { location: "https://evil.example/" }),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.message).toContain("redirects to https://evil.example/");
    expect(requests()).toBe(1);
  });

  it.each([
    ["that looks like one", `token ${token}`, "bad header token [secret]"],
    ["of any shape", "Custom   open-sesame-2", "bad header Custom   [secret]"],
    ["without a scheme", "open-sesame-3", "bad header [secret]"],
  ])("takes a credential %s out of messages that echo it", async (_, authorization, message) => {
    const { transport } = await serve(
      (request, response) =>
        answer(response, 400, JSON.stringify({ message: `bad header ${request.headers.authorization}` })),
      { headers: { authorization } },
    );
    expect((await failureOf(transport.send(read, z.unknown()))).vendorMessage).toBe(message);
  });

  it("names the first request id that the answer has, in the order of the dialect", async () => {
    const { transport } = await serve(
      (_, response, number) => {
        if (number === 1) response.setHeader("x-second", "r-2");
        response.setHeader("x-first", number === 2 ? ["r-1", "r-3"] : "");
        answer(response, 400, "{}");
      },
      { requestIdHeaders: ["x-first", "x-second"] },
    );
    const ids = [];
    for (let call = 1; call <= 3; call++)
      ids.push((await failureOf(transport.send(read, z.unknown()))).requestId);
    expect(ids).toEqual(["r-2", "r-1", undefined]);
  });

  it("knows the error that ended an exchange", async () => {
    const { transport } = await serve((request) => request.socket.destroy());
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.cause).toMatchObject({ code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) });
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
      if (number === 1) answer(response, 429, "{}", { "retry-after": "0.06" });
      else answer(response, 200, "{}");
    });
    await transport.send(make, z.unknown());
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(58);
  });

  it.each([429, 503])(
    "tells the caller of a create that may be done how long to wait: %i",
    async (status) => {
      const { transport, requests } = await serve(
        (_, response) => answer(response, status, "{}", { "retry-after": "20" }),
        { rateLimits: { ...rateLimits, precedeHandlers: false } },
      );
      const error = await failureOf(transport.send(make, z.unknown()));
      expect(error).toMatchObject({ status, ambiguous: true, retryAfterMs: 20_000 });
      expect(error.withAdvice("Wait.").retryAfterMs).toBe(20_000);
      expect(requests()).toBe(1);
    },
  );

  it("takes Retry-After before the end of a rate window", async () => {
    const headers = { "retry-after": "3600", "x-ratelimit-reset": "60" };
    const { transport } = await serve((_, response) => answer(response, 429, "{}", headers));
    expect(await failureOf(transport.send(read, z.unknown()))).toMatchObject({ retryAfterMs: 3_600_000 });
  });

  it("is not told to wait by a refusal that stays", async () => {
    const { transport } = await serve((_, response) => answer(response, 403, "{}", { "retry-after": "20" }));
    expect((await failureOf(transport.send(read, z.unknown()))).retryAfterMs).toBeUndefined();
  });

  it("keeps its advice where the time is up without such a word", async () => {
    const { transport, requests } = await serve(
      (_, response) => answer(response, 503, "{}"),
      { advice: () => "The vendor's advice." },
      { retries: { ...quick, firstDelay: 1000, longestDelay: 1000, totalTime: 100 } },
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.advice).toBe("The vendor's advice.");
    expect(requests()).toBe(1);
  });

  it("takes the end of a rate window for a wait after a 429 only", async () => {
    const { transport, requests } = await serve((_, response, number) =>
      answer(response, number === 1 ? 503 : 429, "{}", { "x-ratelimit-reset": "3600" }),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
    expect(requests()).toBe(2);
  });
});

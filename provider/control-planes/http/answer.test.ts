import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf } from "../testing/open-parts.ts";
import { answer, make, read, serve } from "../testing/transport-server.ts";
import { anyAnswer } from "./answer.ts";

describe("HttpTransport, answers that are none", () => {
  const stacks = z.object({
    stacks: z.array(z.object({ name: z.string() })),
    mode: z.enum(["audit", "preventative"]),
  });

  it.each([
    ["{}", "stacks"],
    ["", "its top"],
    ['{"stacks":[{"name":"a"},{}]}', "stacks.1.name"],
    ['{"stacks":[]}', "mode"],
  ])("name what %s lacks, and are not asked for again", async (body, path) => {
    const { transport, requests } = await serve((_, response) => answer(response, 200, body));
    const error = await failureOf(transport.send(read, stacks));
    expect(error.message).toContain(
      path === "its top" ? "the answer has an unexpected shape at its top" : `the answer lacks \`${path}\``,
    );
    expect(error.advice).toContain("is the API of Some Plane");
    expect(requests()).toBe(1);
  });

  it("name where a value is another than expected, and what is wrong with it", async () => {
    const { transport } = await serve((_, response) => answer(response, 200, '{"stacks":null}'));
    const error = await failureOf(transport.send(read, stacks));
    expect(error.vendorMessage).toMatch(/^the answer has an unexpected shape at stacks: .*expected array/);
  });

  it.each(["", " \r\n"])("may be empty where nobody reads them: %j", async (body) => {
    const { transport } = await serve((_, response) => answer(response, 200, body));
    await expect(transport.send(read, anyAnswer)).resolves.toBe(true);
    await expect(transport.send(read, z.undefined())).resolves.toBeUndefined();
  });

  it("show their start in one line", async () => {
    const { transport } = await serve((_, response) =>
      answer(response, 403, `\n  no\n\n\tpermission ${"x".repeat(200)}`, { "content-type": "text/plain" }),
    );
    const error = await failureOf(transport.send(read, z.unknown()));
    expect(error.vendorMessage).toBe(`text/plain that starts with: no permission ${"x".repeat(106)}`);
  });

  it("may have no media type", async () => {
    const { transport } = await serve((_, response) => response.writeHead(502).end("gone"));
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.vendorMessage).toBe("an answer without a media type that starts with: gone");
  });

  it.each([
    ["to an address", { location: "https://other.test/" }, "https://other.test/"],
    ["to nowhere", {}, "an unnamed address"],
  ])("that redirect %s are not followed, and say what to do", async (_, headers, address) => {
    const { transport, requests } = await serve(
      (_request, response) => answer(response, 307, "", headers as Record<string, string>),
      { advice: (status) => `Advice for ${status}.` },
    );
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.vendorMessage).toBe(`the server redirects to ${address}, which is not followed`);
    expect(error.advice).toBe("Advice for 307.");
    expect(requests()).toBe(1);
  });

  it.each([
    ["HTML by its media type", "Bad gateway", "text/html"],
    ["HTML by its start", " \n<h1>Bad gateway", "text/plain"],
  ])("blame what stands in between for %s", async (_, body, type) => {
    const { transport } = await serve((_request, response) =>
      answer(response, 502, body, { "content-type": type }),
    );
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error.vendorMessage).toContain("a proxy or load balancer between here and Some Plane");
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

  it("name the proxy that requires authentication, and are not asked for again", async () => {
    const { transport, requests } = await serve((_, response) => answer(response, 407, "{}"), {
      advice: () => "The vendor's advice.",
    });
    const error = await failureOf(transport.send(make, z.unknown()));
    expect(error).toMatchObject({
      status: 407,
      ambiguous: false,
      vendorMessage: "the proxy requires authentication",
    });
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

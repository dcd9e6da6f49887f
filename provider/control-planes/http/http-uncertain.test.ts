import { describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf } from "../testing/open-parts.ts";
import { answer, change, make, quick, read, serve } from "../testing/transport-server.ts";

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
    // A rate limit clears some time: it is tried again for as long as there is time, and not three times only.
    expect(requests()).toBeGreaterThan(3);
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
    setTimeout(() => cancel.abort(), 20);
    const error = await failureOf(sent);
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(error).toMatchObject({ status: 503, ambiguous: true });
    expect(error.vendorMessage).toBe("busy; the deployment was cancelled while it waited to try again");
    await new Promise((done) => setTimeout(done, 30));
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

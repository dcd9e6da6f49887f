import { expect, it } from "vitest";
import { z } from "zod";
import { failureOf } from "../testing/open-parts.ts";
import { answer, make, rateLimits, read, serve } from "../testing/transport-server.ts";

const limits = [{ requests: 2, period: 400, key: () => "all", header: "x-limit" }];

it("keeps its pace after a refusal that lacks the header of the service's limiter", async () => {
  const { transport } = await serve(
    (_request, response, number) =>
      number === 2 ? answer(response, 503, "{}") : answer(response, 200, "{}", { "x-limit": "2" }),
    { rateLimits: { ...rateLimits, limits } },
  );
  const begun = performance.now();
  // One request begins in each 400 milliseconds, and one of them twice.
  for (let count = 0; count < 3; count++) await transport.send(read, z.unknown());
  expect(performance.now() - begun).toBeGreaterThanOrEqual(1_150);
});

it("repeats what fails after rate limits as often as what fails at first", async () => {
  const { transport, requests } = await serve((_request, response, number) =>
    answer(response, number <= 3 ? 429 : number === 4 ? 503 : 200, "{}"),
  );
  await transport.send(read, z.unknown());
  expect(requests()).toBe(5);
});

it("holds other requests back after a 429 of one that is not repeated", async () => {
  const { transport } = await serve(
    (_request, response, number) =>
      number === 1 ? answer(response, 429, "{}", { "retry-after": "1" }) : answer(response, 200, "{}"),
    { rateLimits: { ...rateLimits, precedeHandlers: false } },
  );
  await failureOf(transport.send(make, z.unknown()));
  const begun = performance.now();
  await transport.send(read, z.unknown());
  expect(performance.now() - begun).toBeGreaterThanOrEqual(800);
});

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

it("waits no longer for each refusal while the limit lets others of the method pass", async () => {
  let refusals = 0;
  const { transport } = await serve(
    (request, response) => {
      const isRefused = request.url === "/refused" && ++refusals <= 5;
      if (!isRefused) answer(response, 200, "{}");
      else setTimeout(() => answer(response, 429, "{}"), 30);
    },
    {},
    { retries: { attempts: 3, firstDelay: 100, longestDelay: 5_000, totalTime: 10_000 } },
  );
  const begun = performance.now();
  let isDone = false;
  const refused = transport.send({ ...read, path: "/refused" }, z.unknown()).then(() => {
    isDone = true;
  });
  while (!isDone) await transport.send(read, z.unknown());
  await refused;
  expect(refusals).toBe(6);
  // Waits that double would take one and a half seconds at least.
  expect(performance.now() - begun).toBeLessThan(1_200);
});

it("says of a rate limit that does not clear in time no more than that", async () => {
  const { transport } = await serve((_request, response) =>
    answer(response, 429, "{}", { "retry-after": "1" }),
  );
  const error = await failureOf(transport.send(read, z.unknown()));
  expect(error.message).not.toContain("longer than this provider waits");
});

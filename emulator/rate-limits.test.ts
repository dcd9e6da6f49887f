import { expect, test } from "vitest";
import { clientOf } from "../test/contract/emulator-client.ts";
import { useEmulator } from "../test/contract/use-emulator.ts";
import { RateLimiter, type RateSubject } from "./rate-limits.ts";

const emulator = useEmulator();

const subject: RateSubject = {
  plane: "hcp-terraform",
  method: "GET",
  path: "/api/v2/organizations",
  operation: "listOrganizations",
  login: "ada",
  address: "127.0.0.1",
};

test("HCP Terraform allows a user 30 requests per second, over all of their tokens", () => {
  const limiter = new RateLimiter();
  const allowed = Array.from({ length: 31 }, () => limiter.take(subject, 0)?.allowed);
  expect(allowed.filter(Boolean)).toHaveLength(30);
  expect(limiter.take({ ...subject, login: "bob" }, 0)?.allowed).toBe(true);
  expect(limiter.take(subject, 40)?.allowed).toBe(true);
});

test("HCP Terraform allows 30 lists of runs per minute", () => {
  const limiter = new RateLimiter();
  const runs = { ...subject, operation: "listOrganizationRuns" };
  for (let request = 0; request < 30; request++) limiter.take(runs, request * 60);
  const refused = limiter.take(runs, 1_800);
  expect(refused?.allowed).toBe(false);
  expect(refused?.resetSeconds).toBeGreaterThan(0);
  expect(limiter.take(subject, 1_800)?.allowed).toBe(true);
});

test("env zero counts by method and path, query left out", async () => {
  emulator.admin.setRateLimits({ envZero: { requests: 2, perMilliseconds: 60_000 } });
  const send = clientOf(emulator, "env-zero");
  const statuses = [];
  for (const query of ["", "?a=1", "?a=2"])
    statuses.push((await send("GET", `/organizations${query}`)).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await send("GET", "/agents")).status).toBe(400);
});

test("a refusal by HCP Terraform says when to come back", async () => {
  emulator.admin.setRateLimits({ hcpTerraform: { requests: 1, perMilliseconds: 10_000 } });
  const send = clientOf(emulator, "hcp-terraform");
  expect((await send("GET", "/api/v2/organizations")).headers.get("x-ratelimit-remaining")).toBe("0");
  const { status, headers, body } = await send("GET", "/api/v2/organizations");
  expect(status).toBe(429);
  expect(body).toEqual({ errors: [expect.objectContaining({ title: "Too many requests" })] });
  expect(Number(headers.get("x-ratelimit-reset"))).toBeGreaterThan(1);
});

import { expect, it } from "vitest";
import { systemClock } from "./clock.ts";

it("tells the Unix time, and waits as long as it is told", async () => {
  const begun = systemClock.now();
  expect(Math.abs(begun - Date.now())).toBeLessThan(1_000);
  expect(await systemClock.pause(30)).toBe(true);
  expect(systemClock.now() - begun).toBeGreaterThanOrEqual(28);
});

it.each([0, 20])("ends a wait at once when the signal comes, after %i ms", async (after) => {
  const cancellation = new AbortController();
  if (after === 0) cancellation.abort();
  else setTimeout(() => cancellation.abort(), after);
  const begun = systemClock.now();
  expect(await systemClock.pause(10_000, cancellation.signal)).toBe(false);
  expect(systemClock.now() - begun).toBeLessThan(5_000);
});

import { describe, expect, it, vi } from "vitest";
import { ThingLocks } from "./thing-locks.ts";

describe("one thing after the other", () => {
  it("works on a thing alone, and tells who comes later that it has changed", async () => {
    const things = new ThingLocks();
    const log: string[] = [];
    const seenAt = Date.now();
    const work = (name: string, key: string) =>
      things.exclusively(key, seenAt, async (isOutdated) => {
        log.push(`${name} begins${isOutdated ? " anew" : ""}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        log.push(`${name} ends`);
      });
    await Promise.all([work("a", "x"), work("b", "x"), work("c", "y")]);
    expect(log.filter((line) => !line.startsWith("c"))).toEqual([
      "a begins",
      "a ends",
      "b begins anew",
      "b ends",
    ]);
    expect(log.indexOf("c begins")).toBeLessThan(log.indexOf("a ends"));
    let outdated: boolean | undefined;
    await things.exclusively("x", Date.now() + 1, async (isOutdated) => {
      outdated = isOutdated;
    });
    expect(outdated).toBe(false);
  });

  it("takes a change in the very millisecond of the look for one that came after it", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000 });
    try {
      const things = new ThingLocks();
      const isOutdated = () => things.exclusively("x", Date.now(), async (changedSince) => changedSince);
      expect([await isOutdated(), await isOutdated()]).toEqual([false, true]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("lets the next one in after a failure", async () => {
    const things = new ThingLocks();
    const failing = things.exclusively("x", 0, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await things.exclusively("x", 0, async () => "done")).toBe("done");
  });

  it("does once what waits for a departure", async () => {
    const things = new ThingLocks();
    let revoked = 0;
    things.onDeparture("x", async () => void revoked++);
    await things.departed("y");
    expect(revoked).toBe(0);
    await things.departed("x");
    await things.departed("x");
    expect(revoked).toBe(1);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ControlPlane } from "../../control-planes/control-plane.ts";
import { fakeClock } from "../../testing/clock.ts";
import type { LifecycleContext } from "../framework/lifecycle.ts";
import { poolKey } from "../ownership/claim-keys.ts";
import { Claims, type WhenInUse } from "../ownership/claims.ts";
import { revokeToken } from "./revoke.ts";

const now = Date.parse("2026-03-01T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"], now });
});

afterEach(() => vi.useRealTimers());

const address = { kind: "hcp-terraform", url: "https://tfe.test" } as const;
const pool = poolKey(address, "apool-1");
const token = { poolId: "apool-1", tokenId: "at-1" };

/** @param lastUsedAt Unix time in milliseconds at which an agent last used the token, at each look. */
function plane(lastUsedAt: () => number) {
  const looks: number[] = [];
  const revoked: number[] = [];
  const tokens = {
    find: async () => {
      looks.push(Date.now());
      return { id: "at-1", description: "", lastUsedAt: new Date(lastUsedAt()).toISOString() };
    },
    delete: async () => {
      revoked.push(Date.now());
      return true;
    },
  };
  return { plane: { ...address, displayName: "P", tokens } as unknown as ControlPlane, looks, revoked };
}

function context(options: Partial<LifecycleContext> = {}): LifecycleContext & { told: string[] } {
  const claims = new Claims();
  claims.declare({ owner: "RunnerPool", pool, declared: [], resolve: async () => [] });
  const told: string[] = [];
  return {
    claims,
    clock: fakeClock,
    told,
    progress: (message: string) => void told.push(message),
    ...options,
  } as never;
}

const revoke = (own: ControlPlane, whenInUse: WhenInUse | undefined, options: LifecycleContext) =>
  revokeToken(own, { ...token, whenInUse }, options);

describe("a token in use", () => {
  it.each(["refuse", undefined] as const)("counts as such for five minutes (%s)", async (whenInUse) => {
    const used = plane(() => now - 299_000);
    await expect(revoke(used.plane, whenInUse, context())).rejects.toThrow("used it 299 seconds ago");
    expect(used.revoked).toEqual([]);
    const unused = plane(() => now - 300_000);
    await revoke(unused.plane, whenInUse, context());
    expect(unused.revoked).toHaveLength(1);
  });

  it("was used 0 seconds ago by a clock that runs ahead of ours", async () => {
    const used = plane(() => now + 9_000);
    await expect(revoke(used.plane, "refuse", context())).rejects.toThrow("used it 0 seconds ago");
  });

  it("is waited for until it was not used for a minute", async () => {
    const used = plane(() => now - 30_000);
    const waiting = context();
    await revoke(used.plane, "wait", waiting);
    expect(used.looks.map((time) => time - now)).toEqual([0, 5, 10, 15, 20, 25, 30].map((s) => s * 1000));
    expect(used.revoked).toEqual([now + 30_000]);
    expect(waiting.told[0]).toBe("token at-1 was used 30 s ago; it is revoked once it was not used for 60 s");
  });

  it("is not waited for where it was not used for a minute", async () => {
    const unused = plane(() => now - 60_000);
    await revoke(unused.plane, "wait", context());
    expect(unused.looks).toHaveLength(1);
    expect(unused.revoked).toHaveLength(1);
  });

  it("that stays so is given up after a quarter of an hour", async () => {
    const used = plane(() => Date.now());
    await expect(revoke(used.plane, "wait", context())).rejects.toThrow("was not revoked: an agent used it");
    expect(Date.now() - now).toBe(900_000);
    expect(used.revoked).toEqual([]);
  });

  it("lives when the deployment is cancelled during the wait", async () => {
    const cancellation = new AbortController();
    const used = plane(() => {
      if (Date.now() - now > 12_000) cancellation.abort();
      return Date.now();
    });
    const waiting = revoke(used.plane, "wait", context({ cancelled: cancellation.signal }));
    await expect(waiting).rejects.toThrow(
      "P: token at-1 of pool apool-1 was not revoked: the deployment was cancelled while it waited for agents to leave it.",
    );
    expect(used.revoked).toEqual([]);
  });

  it.each([
    ["revoke", "refuse", 1],
    ["wait", "refuse", 1],
  ] as const)(
    "is treated as the resource that takes its place says: %s, not %s",
    async (whenInUse, own, count) => {
      const used = plane(() => now - 50_000);
      const told = context({ subject: 'PoolToken "ci"' });
      const claim = { owner: 'PoolToken "ci"', declared: [], resolve: async () => [] };
      told.claims.declare({ ...claim, pool, whenInUse });
      await revoke(used.plane, own, told);
      expect(used.revoked).toHaveLength(count);
      expect(used.looks.length > 1).toBe(whenInUse === "wait");
    },
  );

  it("is not looked at where it may be revoked, and not where the deployment keeps nothing of its pool", async () => {
    const used = plane(() => now);
    await revoke(used.plane, "revoke", context());
    await revoke(used.plane, "refuse", context({ claims: new Claims() }));
    expect(used.looks).toEqual([]);
    expect(used.revoked).toHaveLength(2);
  });
});

import { describe, expect, it } from "vitest";
import type { ControlPlane } from "../../control-planes/control-plane.ts";
import { fakeClock } from "../../testing/clock.ts";
import type { LifecycleContext } from "../framework/lifecycle.ts";
import { poolKey } from "../ownership/claim-keys.ts";
import { Claims, type Owner, type WhenInUse } from "../ownership/claims.ts";
import { revokeToken } from "./revoke.ts";

const address = { kind: "hcp-terraform", url: "https://tfe.test" } as const;
const pool = poolKey(address, "apool-1");

/** Two tokens of one pool, and what the program says of each; absent: it does not declare that token. */
interface Scene {
  readonly own?: WhenInUse;
  readonly other?: WhenInUse;
  /** The adapter knows which resource it deletes. */
  readonly known?: boolean;
  /** State tells it. */
  readonly declaredAs?: string;
  /** What the token's own state says. */
  readonly state?: WhenInUse;
}

/** Revokes a token that an agent uses now. */
async function revoked({ own, other, known, declaredAs, state }: Scene): Promise<boolean> {
  const claims = new Claims();
  const declare = (owner: Owner, whenInUse?: WhenInUse) =>
    claims.declare({ ...owner, pool, whenInUse, declared: [], resolve: async () => [] });
  declare({ owner: 'RunnerPool "builders"', urn: "RunnerPool::builders" });
  if (own) declare({ owner: 'PoolToken "ci"', urn: "PoolToken::ci" }, own);
  if (other) declare({ owner: 'PoolToken "other"', urn: "PoolToken::other" }, other);
  let isRevoked = false;
  const tokens = {
    find: async () => ({ id: "at-1", description: "", lastUsedAt: new Date(fakeClock.now()).toISOString() }),
    delete: async () => {
      isRevoked = true;
      return true;
    },
  };
  const plane = { ...address, displayName: "P", tokens } as unknown as ControlPlane;
  const identity = known ? { subject: 'PoolToken "ci"', urn: "PoolToken::ci" } : { subject: "PoolToken" };
  const context = { claims, clock: fakeClock, ...identity } as unknown as LifecycleContext;
  const token = { poolId: "apool-1", tokenId: "at-1", whenInUse: state, declaredAs };
  await revokeToken(plane, token, context).catch((error: Error) => {
    expect(error.message).toContain("was not revoked: an agent used it");
  });
  return isRevoked;
}

describe("a token in use", () => {
  it.each<[string, Scene]>([
    ["its own resource refuses", { own: "refuse", other: "revoke", known: true }],
    ["its own resource refuses now", { own: "refuse", known: true, state: "revoke" }],
    ["its own resource refuses, by state", { own: "refuse", other: "revoke", declaredAs: "PoolToken::ci" }],
    ["its resource has left the program", { other: "revoke", known: true }],
    ["its resource has left the program, by state", { other: "revoke", declaredAs: "PoolToken::ci" }],
    ["its resource is not known", { own: "revoke", other: "revoke" }],
  ])("is not revoked where %s", async (_case, scene) => {
    expect(await revoked(scene)).toBe(false);
  });

  it.each<[string, Scene]>([
    ["its own resource says so", { own: "revoke", other: "refuse", known: true, state: "refuse" }],
    ["its own resource says so, by state", { own: "revoke", declaredAs: "PoolToken::ci", state: "refuse" }],
    ["its state says so and its resource has left", { other: "refuse", known: true, state: "revoke" }],
    ["its state says so and its resource is not known", { other: "refuse", state: "revoke" }],
  ])("is revoked where %s", async (_case, scene) => {
    expect(await revoked(scene)).toBe(true);
  });
});

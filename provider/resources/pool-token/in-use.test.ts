import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;
let pool: TestResource;

beforeEach(async () => {
  world = await openWorld();
  pool = await world.poolOn("hcp-terraform");
});

afterEach(() => world.close());

function tokenOf(inputs: Properties = {}): Promise<TestResource> {
  const { controlPlane } = world.plane("hcp-terraform");
  return world
    .resource("PoolToken", { controlPlane, pool: pool.id, description: "builders", ...inputs })
    .create();
}

/** An agent uses a token so many seconds ago. */
function use(token: TestResource, secondsAgo: number): void {
  const lastUsedAt = new Date(world.clock.now() - secondsAgo * 1000).toISOString();
  world.emulator.admin.hcpTerraform.updateAgentToken({ id: String(token.state["tokenId"]), lastUsedAt });
}

async function tokenIds(): Promise<string[]> {
  const tokens = await world.outsider("hcp-terraform").tokens?.list(String(pool.state["poolId"]));
  return (tokens ?? []).map(({ id }) => id);
}

describe("a token that an agent has just used", () => {
  it("is not revoked while its pool stays", async () => {
    const token = await tokenOf();
    use(token, 20);
    await expect(token.delete(pool)).rejects.toThrow(
      new RegExp(
        `token ${token.state["tokenId"]} of pool ${pool.state["poolId"]} was not revoked: an agent used it 2\\d seconds ago.*whenInUse to "wait" or "revoke"`,
      ),
    );
    expect(await tokenIds()).toEqual([token.state["tokenId"]]);
  });

  it("is not revoked while another token of its pool stays", async () => {
    const token = await tokenOf();
    const other = await tokenOf({ description: "others" });
    use(token, 20);
    await expect(token.delete(other)).rejects.toThrow("was not revoked");
  });

  it("is looked at afresh", async () => {
    const token = await tokenOf();
    await token.refresh();
    use(token, 20);
    await expect(token.delete(pool)).rejects.toThrow("was not revoked");
  });

  it("is revoked without a question where everything is destroyed", async () => {
    const token = await tokenOf();
    use(token, 20);
    await token.delete();
    expect(await tokenIds()).toEqual([]);
  });

  it("is revoked without a question where only things of another pool stay", async () => {
    const token = await tokenOf();
    const other = await world.poolOn("hcp-terraform", "others");
    use(token, 20);
    await token.delete(other);
    expect(await tokenIds()).toEqual([]);
  });

  it("is revoked where its resource says so", async () => {
    const token = await tokenOf({ whenInUse: "revoke" });
    use(token, 20);
    await token.delete(pool);
    expect(await tokenIds()).toEqual([]);
  });

  it("is revoked where the resource that takes its place says so", async () => {
    const token = await tokenOf();
    use(token, 20);
    world.nextDeployment();
    await token.declare({ generation: 2, whenInUse: "revoke" });
    const next = await token.replacement();
    await token.delete(pool, next);
    expect(await tokenIds()).toEqual([next.state["tokenId"]]);
  });

  it("is not revoked because a token of another pool may be", async () => {
    const token = await tokenOf();
    const elsewhere = await world.poolOn("hcp-terraform", "others");
    const other = await tokenOf({ pool: elsewhere.id, whenInUse: "revoke" });
    use(token, 20);
    await expect(token.delete(pool, other)).rejects.toThrow("was not revoked");
  });

  it("is waited for where its resource says so", async () => {
    const token = await tokenOf({ whenInUse: "wait" });
    use(token, 58);
    await token.delete(pool);
    expect(await tokenIds()).toEqual([]);
    expect(world.progress[0]).toMatch(
      /^token at-\S+ was used \d+ s ago; it is revoked once it was not used for 60 s$/,
    );
  });
});

describe("a token", () => {
  it("that nobody ever used is revoked", async () => {
    const token = await tokenOf();
    await token.delete(pool);
    expect(await tokenIds()).toEqual([]);
  });

  it("that was not used for five minutes is revoked", async () => {
    const token = await tokenOf();
    use(token, 301);
    await token.delete(pool);
    expect(await tokenIds()).toEqual([]);
  });

  it("keeps its value when its description or what happens to it in use changes", async () => {
    const token = await tokenOf();
    const { tokenId, value, createdAt } = token.state;
    expect(createdAt).toMatch(/^\d{4}-/);
    for (const change of [{ description: "fleet" }, { whenInUse: "wait" }]) {
      world.nextDeployment();
      await token.declare(change);
      const { changes } = await token.difference();
      expect(changes.map(({ path, replaces }) => [path, replaces])).toEqual([
        [Object.keys(change)[0], false],
      ]);
      await token.update();
      expect(token.state).toMatchObject({ ...change, tokenId, value, createdAt });
      world.nextDeployment();
      await token.refresh();
      expect(token.state).toMatchObject({ ...change, tokenId, value, createdAt });
      expect(await token.pendingChanges()).toEqual([]);
    }
    expect(await tokenIds()).toEqual([tokenId]);
  });

  it("is replaced by another generation, and by that alone of what may change in place", async () => {
    const token = await tokenOf();
    await token.declare({ generation: 2 });
    expect((await token.difference()).changes).toEqual([
      { path: "generation", kind: "update", replaces: true },
    ]);
  });
});

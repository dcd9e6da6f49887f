import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import { poolCreation } from "../testing/strangers.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const creation = (plane: ControlPlaneKind) => ({ plane, method: "POST", path: poolCreation }) as const;

/** A pool in a deployment that replaces it, as `pulumi up --replace` does. */
async function replacedPool(kind: ControlPlaneKind): Promise<TestResource> {
  const pool = await world.poolOn(kind);
  world.nextDeployment();
  await pool.pendingChanges();
  return pool;
}

const poolsOf = async (kind: ControlPlaneKind) => {
  const pools = await world.outsider(kind).pools.list();
  return Object.fromEntries(pools.map(({ id, name }) => [id, name]));
};

describe.each(controlPlaneKinds)("a pool of %s that is replaced", (kind) => {
  it("gives its name to the new one", async () => {
    const pool = await replacedPool(kind);
    const next = await pool.replacement();
    expect(await poolsOf(kind)).toEqual({
      [String(pool.state["poolId"])]: expect.stringMatching(/^builders-replaced-[0-9a-f]{6}$/),
      [String(next.state["poolId"])]: "builders",
    });
  });

  it.each([403, 422])("has its name where the new one is refused with %d", async (status) => {
    const pool = await replacedPool(kind);
    world.emulator.admin.addFault({ ...creation(kind), kind: "status", status });
    await expect(pool.replacement()).rejects.toThrow(`HTTP ${status}`);
    expect(await poolsOf(kind)).toEqual({ [String(pool.state["poolId"])]: "builders" });
  });

  it("has its name where the new one is not given it", async () => {
    const pool = await replacedPool(kind);
    world.emulator.admin.addFault({ kind: "status", status: 422, method: "PATCH", skip: 1, times: 1 });
    await expect(pool.replacement()).rejects.toThrow("HTTP 422");
    expect(await poolsOf(kind)).toEqual({ [String(pool.state["poolId"])]: "builders" });
  });

  it("has not the name that somebody else's pool was given meanwhile", async () => {
    const pool = await replacedPool(kind);
    world.emulator.admin.interpose({
      method: "PATCH",
      when: "after",
      times: 1,
      run: async () => void (await world.outsider(kind).pools.create({ name: "builders" })),
    });
    await expect(pool.replacement()).rejects.toThrow("the name is taken by pool");
    expect(Object.values(await poolsOf(kind)).sort()).toEqual([
      "builders",
      expect.stringMatching(/^builders-replaced-/),
    ]);
  });

  it("is replaced by the next deployment, where the answer to the create got lost and the search failed", async () => {
    const pool = await replacedPool(kind);
    const { admin } = world.emulator;
    admin.addFault({ ...creation(kind), kind: "drop-after", times: 1 });
    const listing = { plane: kind, method: "GET", path: poolCreation } as const;
    admin.addFault({ ...listing, kind: "status", status: 403, skip: 2, times: 1 });
    await expect(pool.replacement()).rejects.toThrow("could not create");
    expect(await world.poolsNamed(kind, "builders")).toMatchObject([{ id: pool.state["poolId"] }]);
    world.nextDeployment();
    await pool.pendingChanges();
    const next = await pool.replacement();
    expect(await poolsOf(kind)).toEqual({
      [String(pool.state["poolId"])]: expect.stringMatching(/^builders-replaced-[0-9a-f]{6}$/),
      [String(next.state["poolId"])]: "builders",
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** Pools of these names, and a new deployment. */
async function poolsOf(kind: ControlPlaneKind, ...names: readonly string[]): Promise<TestResource[]> {
  const pools: TestResource[] = [];
  for (const name of names) pools.push(await world.poolOn(kind, name));
  world.nextDeployment();
  return pools;
}

/** Declares each pool under the name beside it. */
async function declare(pools: readonly TestResource[], ...names: readonly string[]): Promise<void> {
  for (const [index, pool] of pools.entries()) await pool.declare({ name: names[index] });
}

/** Names of these pools, as the control plane has them, in their order. */
async function namesOf(kind: ControlPlaneKind, pools: readonly TestResource[]) {
  const listed = await world.outsider(kind).pools.list();
  return pools.map(({ state }) => listed.find(({ id }) => id === state["poolId"])?.name);
}

const inSequence = async (pools: readonly TestResource[]) => {
  for (const pool of pools) await pool.update();
};
const orders: [string, (pools: readonly TestResource[]) => Promise<unknown>][] = [
  ["one after the other", inSequence],
  ["one after the other, the last one first", (pools) => inSequence([...pools].reverse())],
  ["at once", (pools) => Promise.all(pools.map((pool) => pool.update()))],
];

describe.each(controlPlaneKinds)("a name that another pool of the program gives up on %s", (kind) => {
  it.each(orders)("is taken, where they are updated %s", async (_order, update) => {
    const pools = await poolsOf(kind, "builders", "others");
    await declare(pools, "retired", "builders");
    const begun = world.clock.now();
    await update(pools);
    expect(await namesOf(kind, pools)).toEqual(["retired", "builders"]);
    expect(pools.map(({ state }) => state["name"])).toEqual(["retired", "builders"]);
    expect(world.clock.now() - begun).toBeLessThan(5_000);
  });

  it.each(orders)("goes round among three that are updated %s", async (_order, update) => {
    const pools = await poolsOf(kind, "one", "two", "three");
    await declare(pools, "two", "three", "one");
    await update(pools);
    expect(await namesOf(kind, pools)).toEqual(["two", "three", "one"]);
    world.nextDeployment();
    expect(await Promise.all(pools.map((pool) => pool.pendingChanges()))).toEqual([[], [], []]);
  });
});

it("is looked for in one list by all pools that are made at the same time", async () => {
  world.emulator.admin.addFault({ kind: "latency", milliseconds: 50 });
  await Promise.all(Array.from({ length: 20 }, (_, index) => world.poolOn("hcp-terraform", `pool-${index}`)));
  const lists = world.emulator.admin
    .journal()
    .filter(({ method, path }) => method === "GET" && path.endsWith("/agent-pools"));
  // Each looks before and after it is made; a look that comes while a list is read takes the next one.
  expect(lists.length).toBeLessThan(12);
});

const kind = "hcp-terraform";

describe("two pools that change names", () => {
  let pools: [TestResource, TestResource];

  beforeEach(async () => {
    pools = (await poolsOf(kind, "builders", "others")) as typeof pools;
    await declare(pools, "others", "builders");
  });

  it.each(orders)("do so where they are updated %s", async (_order, update) => {
    await update(pools);
    expect(await namesOf(kind, pools)).toEqual(["others", "builders"]);
  });

  it("do so in the next deployment, where this one is cut after the first", async () => {
    await pools[1].update();
    expect(await namesOf(kind, pools)).toEqual([
      expect.stringMatching(/^builders-renaming-[0-9a-f]{6}$/),
      "builders",
    ]);
    world.nextDeployment();
    expect(await pools[0].pendingChanges()).toEqual(["name"]);
    await declare(pools, "others", "builders");
    await pools[0].update();
    expect(await namesOf(kind, pools)).toEqual(["others", "builders"]);
  });

  it("have their former names after a refresh and a deployment of the former program", async () => {
    await pools[1].update();
    world.nextDeployment();
    for (const pool of pools) await pool.refresh();
    await declare(pools, "builders", "others");
    for (const pool of pools) await pool.update();
    expect(await namesOf(kind, pools)).toEqual(["builders", "others"]);
  });

  it("have their former names where the first one cannot be renamed", async () => {
    world.emulator.admin.addFault({ kind: "status", status: 422, method: "PATCH", skip: 1, times: 1 });
    await expect(pools[1].update()).rejects.toThrow("HTTP 422");
    expect(await namesOf(kind, pools)).toEqual(["builders", "others"]);
  });

  it("do so, too, where the one in the way is registered a moment later", async () => {
    world.nextDeployment();
    await declare([pools[1]], "builders");
    const updating = pools[1].update();
    await declare(pools, "others", "builders");
    await updating;
    await pools[0].update();
    expect(await namesOf(kind, pools)).toEqual(["others", "builders"]);
  });
});

describe("a pool that has a wanted name keeps it", () => {
  it("where the program gives it that name", async () => {
    const pools = await poolsOf(kind, "builders", "others");
    await pools[0]?.pendingChanges();
    await expect(pools[1]?.declare({ name: "builders" })).rejects.toThrow("builders");
    expect(await namesOf(kind, pools)).toEqual(["builders", "others"]);
  });

  it("where the program adopted it and leaves its name open", async () => {
    const { controlPlane } = world.plane(kind);
    const { id } = world.emulator.admin.hcpTerraform.createAgentPool({
      organization: "acme",
      name: "builders",
    }) as { id: string };
    const adopted = await world.resource("RunnerPool", { controlPlane, adopt: id }).create();
    const other = await world.poolOn(kind, "others");
    world.nextDeployment();
    await adopted.pendingChanges();
    await other.declare({ name: "builders" });
    await expect(other.update()).rejects.toThrow(`the name is taken by pool ${id}`);
    expect(await namesOf(kind, [adopted, other])).toEqual(["builders", "others"]);
  });

  it("where the program does not have it", async () => {
    const [former, next] = (await poolsOf(kind, "builders", "others")) as [TestResource, TestResource];
    await next.declare({ name: "builders" });
    await expect(next.update()).rejects.toThrow(
      /the name is taken by pool .*neither of the two may depend on the other one/,
    );
    expect(await namesOf(kind, [former, next])).toEqual(["builders", "others"]);
  });
});

it("is no passing one for a pool that is given its own while another one is about to move it out of the way", async () => {
  const pools = (await poolsOf("pulumi-cloud", "builders", "others")) as [TestResource, TestResource];
  await declare(pools, "others", "builders");
  let updating: Promise<unknown> | undefined;
  world.emulator.admin.interpose({
    method: "PATCH",
    path: String(pools[0].state["poolId"]),
    when: "before",
    times: 1,
    run: async () => {
      updating = pools[0].update();
      await Promise.race([updating, new Promise((resolve) => setTimeout(resolve, 500))]);
    },
  });
  await pools[1].update();
  await updating;
  expect(await namesOf("pulumi-cloud", pools)).toEqual(["others", "builders"]);
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const organization = "acme";
const numbered = (count: number) => Array.from({ length: count }, (_, number) => `bulk/s${number}`);

async function setOf(count: number, more: object = {}): Promise<{ pool: TestResource; set: TestResource }> {
  world.emulator.admin.seed({ pulumiCloud: [{ organization, stacks: numbered(count) }] });
  const { controlPlane } = world.plane("pulumi-cloud");
  const pool = await world.poolOn("pulumi-cloud");
  const targets = { stacks: ["bulk/*"] };
  const set = await world
    .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets, ...more })
    .create();
  world.nextDeployment();
  return { pool, set };
}

const poolOf = (stack: string) => world.poolOfTarget("pulumi-cloud", { stack });
const writes = () => world.emulator.admin.journal({ operation: "PatchDeploymentSettings" }).length;

describe("a set that would give back many targets", () => {
  it("refuses more than ten, lists them, and releases nothing until it is allowed to", async () => {
    const { pool, set } = await setOf(14);
    await set.declare({ targets: { stacks: ["bulk/s1", "bulk/s2", "bulk/s3", "network/prod"] } });
    await expect(set.update()).rejects.toThrow(
      /would take the pool from 11 of 14 targets, and at most 10 are allowed: stack bulk\/s0, stack bulk\/s10, .*stack bulk\/s9\. Nothing was released\. .*set maxReleases to 11\.$/,
    );
    expect(await poolOf("bulk/s0")).toBe(pool.state["poolId"]);
    // What the set gains is assigned before.
    expect(await poolOf("network/prod")).toBe(pool.state["poolId"]);
    world.nextDeployment();
    const before = writes();
    expect(await set.difference()).toEqual({ changes: [], needsUpdate: false });
    await expect(set.update()).rejects.toThrow("from 11 of 14 targets, and at most 10 are allowed");
    expect(writes()).toBe(before);
    world.nextDeployment();
    expect(await set.declare({ maxReleases: 11 })).toEqual(["maxReleases"]);
    await set.update();
    expect(writes()).toBe(before + 11);
    expect(await poolOf("bulk/s0")).toBeUndefined();
    expect(set.state["assigned"]).toHaveLength(4);
  });

  it("goes on with all of them where the program declares them again", async () => {
    const { pool, set } = await setOf(14);
    await set.declare({ targets: { stacks: ["bulk/s1"] } });
    await expect(set.update()).rejects.toThrow("from 13 of 14 targets");
    world.nextDeployment();
    const before = writes();
    await set.declare({ targets: { stacks: ["bulk/*"] } });
    await set.update();
    expect(set.state["assigned"]).toHaveLength(14);
    expect(writes()).toBe(before);
    expect(await poolOf("bulk/s0")).toBe(pool.state["poolId"]);
  });

  it("allows a tenth of a large set, and no more", async () => {
    const { set } = await setOf(125);
    const keep = (count: number) => ({ targets: { stacks: numbered(125).slice(0, count) } });
    await set.declare(keep(111));
    await expect(set.update()).rejects.toThrow("from 14 of 125 targets, and at most 13 are allowed");
    world.nextDeployment();
    await set.declare(keep(112));
    await set.update();
    expect(set.state["assigned"]).toHaveLength(112);
    expect(await poolOf("bulk/s124")).toBeUndefined();
  });

  it.each([
    [{ stacks: ["bulk/s0"] }, 12, "from 13 of 14 targets, and at most 12 are allowed"],
    [{ stacks: numbered(13) }, 0, "from 1 of 14 targets, and at most 0 are"],
  ])("goes by maxReleases where that is given: %o, %d", async (targets, maxReleases, message) => {
    const { pool, set } = await setOf(14);
    await set.declare({ targets, maxReleases });
    await expect(set.update()).rejects.toThrow(message);
    expect(await poolOf("bulk/s13")).toBe(pool.state["poolId"]);
    world.nextDeployment();
    await set.declare({ maxReleases: maxReleases + 1 });
    await set.update();
    expect(await poolOf("bulk/s13")).toBeUndefined();
  });

  it("goes by it, too, where another pool replaces the set, and counts nothing that moves there", async () => {
    const { pool, set } = await setOf(14, { maxReleases: 1 });
    const other = await world.poolOn("pulumi-cloud", "second");
    world.nextDeployment();
    await Promise.all([pool.pendingChanges(), other.pendingChanges()]);
    await set.declare({ pool: other.id, targets: { stacks: numbered(12) } });
    await expect(set.update()).rejects.toThrow("from 2 of 14 targets, and at most 1 are allowed");
    expect(await poolOf("bulk/s0")).toBe(other.state["poolId"]);
    expect(await poolOf("bulk/s13")).toBe(pool.state["poolId"]);
    world.nextDeployment();
    await set.declare({ maxReleases: 2 });
    await set.update();
    expect(await poolOf("bulk/s0")).toBe(other.state["poolId"]);
    expect(await poolOf("bulk/s13")).toBeUndefined();
  });

  it("gives back all of them where the program has no such set any more", async () => {
    const { set } = await setOf(14, { maxReleases: 0 });
    await set.delete();
    const pools = await Promise.all(numbered(14).map(poolOf));
    expect(pools.filter((id) => id !== undefined)).toEqual([]);
  });

  it("does not count what another resource of the program declares, also one that is registered later", async () => {
    const { pool, set } = await setOf(14, { maxReleases: 0 });
    const { controlPlane } = world.plane("pulumi-cloud");
    await set.declare({ targets: { stacks: ["bulk/s0"] } });
    await set.updateFirst();
    const stacks = numbered(14).slice(1);
    const before = writes();
    await world
      .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets: { stacks } })
      .create();
    await set.deleteReplaced();
    expect(set.state["assigned"]).toEqual(["stack:bulk/s0"]);
    expect(await poolOf("bulk/s13")).toBe(pool.state["poolId"]);
    expect(writes()).toBe(before);
  });
});

describe("a broken or shorter list", () => {
  it("releases nothing when the answer has no list at all", async () => {
    const { pool, set } = await setOf(3);
    world.emulator.admin.addFault({
      kind: "without-field",
      operation: "ListUserStacks",
      field: "stacks",
    });
    await expect(set.needsUpdate()).rejects.toThrow("could not list the stacks");
    await expect(set.update()).rejects.toThrow("could not list the stacks");
    expect(await poolOf("bulk/s0")).toBe(pool.state["poolId"]);
  });

  it("releases nothing with a credential that sees fewer stacks", async () => {
    const { pool, set } = await setOf(14);
    const { admin, url } = world.emulator;
    const pulumiCloudAccessToken = "pul-0123456789012345678901234567890123456789";
    admin.addCredential({
      plane: "pulumi-cloud",
      value: pulumiCloudAccessToken,
      kind: "member",
      login: "alice",
      organizations: [organization],
    });
    admin.pulumiCloud.setStackAccess({ organization, login: "alice", stacks: ["bulk/s0"] });
    world.nextDeployment({ pulumiCloudAccessToken, pulumiCloudUrl: url });
    await expect(set.update()).rejects.toThrow("from 13 of 14 targets, and at most 10");
    world.nextDeployment({ pulumiCloudAccessToken, pulumiCloudUrl: url });
    await set.declare({ maxReleases: 13 });
    await expect(set.update()).rejects.toThrow("it sees 1 of");
    expect(await poolOf("bulk/s13")).toBe(pool.state["poolId"]);
  });
});

describe("a plan", () => {
  it("names what a new set assigns, and what an update assigns and gives back", async () => {
    const { pool, set } = await setOf(3);
    const named = `pool "builders" (${pool.state["poolId"]})`;
    expect(world.plans).toEqual([
      `${set.subject} assigns 3 targets to ${named}: stack bulk/s0, stack bulk/s1, stack bulk/s2`,
    ]);
    await set.declare({ targets: { stacks: ["bulk/s0", "app/*"] } });
    expect(world.plans.slice(1)).toEqual([
      `${set.subject} assigns 2 targets to ${named}: stack app/dev, stack app/prod`,
      `${set.subject} releases 2 targets from ${named}: stack bulk/s1, stack bulk/s2`,
    ]);
  });

  it("says nothing of assignments where a set only loses, and names the limit where it is exceeded", async () => {
    const { pool, set } = await setOf(14);
    const named = `pool "builders" (${pool.state["poolId"]})`;
    await set.declare({ targets: { stacks: numbered(14).slice(1) } });
    expect(world.plans.slice(1)).toEqual([`${set.subject} releases 1 target from ${named}: stack bulk/s0`]);
    world.nextDeployment();
    await set.declare({ targets: { stacks: numbered(4) } });
    expect(world.plans.at(-1)).toMatch(/releases 10 targets from pool "builders" \(\S+\): stack bulk/);
    world.nextDeployment();
    await set.declare({ targets: { stacks: numbered(3) } });
    expect(world.plans.at(-1)).toContain(
      `releases 11 targets from ${named} (at most 10 are allowed; what other resources declare does not count): stack bulk/`,
    );
  });

  it("names twenty targets at most, and is not made where nothing changes", async () => {
    const { set } = await setOf(23);
    expect(world.plans[0]).toMatch(
      /assigns 23 targets to .*: (stack bulk\/s\d+, ){19}stack bulk\/s\d+ and 3 more$/,
    );
    const count = world.plans.length;
    expect(await set.needsUpdate()).toBe(false);
    expect(world.plans).toHaveLength(count);
  });

  it("names what became new in a pattern, although no input changed", async () => {
    const { set } = await setOf(1);
    world.emulator.admin.seed({ pulumiCloud: [{ organization, stacks: ["bulk/young"] }] });
    expect(await set.needsUpdate()).toBe(true);
    expect(world.plans.at(-1)).toContain("assigns 1 target to pool");
  });

  it("names the pool of a single assignment when that is new or changes, and is no reason to fail", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const [one, two] = [await world.poolOn("pulumi-cloud"), await world.poolOn("pulumi-cloud", "second")];
    const single = world.resource("StackPoolAssignment", { controlPlane, pool: one.id, target });
    await single.create();
    expect(world.plans).toEqual([
      `${single.subject} assigns stack network/prod to pool "builders" (${one.state["poolId"]})`,
    ]);
    world.nextDeployment();
    await single.declare({ onDestroy: "inherit", overwrite: true });
    expect(world.plans).toHaveLength(1);
    await single.declare({ pool: two.id });
    expect(world.plans.at(-1)).toContain('assigns stack network/prod to pool "second"');
    world.nextDeployment();
    world.emulator.admin.addFault({ kind: "drop-before", operation: "ListUserStacks" });
    const targets = { stacks: ["app/*"] };
    const set = world.resource("StackPoolAssignments", { controlPlane, pool: one.id, targets });
    await expect(set.create()).rejects.toThrow("could not list");
    expect(world.warnings[0]).toContain(
      `${set.subject}: the preview could not look up what would change: Pulumi Cloud:`,
    );
  });
});

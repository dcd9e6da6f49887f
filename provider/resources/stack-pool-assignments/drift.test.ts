import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PartialFailure } from "../framework/lifecycle.ts";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const target = { workspace: "network-prod" };
const text = "workspace:network-prod";

/** A set of two workspaces, of which somebody has pointed one at another pool; a refresh has seen it. */
async function drifted(): Promise<{ set: TestResource; pool: TestResource; foreign: TestResource }> {
  const { controlPlane } = world.plane("hcp-terraform");
  const pool = await world.poolOn("hcp-terraform");
  const foreign = await world.poolOn("hcp-terraform", "foreign");
  const targets = { workspaces: ["network-*"] };
  const set = await world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets }).create();
  await world.repoint("hcp-terraform", target, foreign);
  world.nextDeployment();
  await set.refresh();
  return { set, pool, foreign };
}

const poolNow = () => world.poolOfTarget("hcp-terraform", target);

describe("a target that a refresh has found at another pool", () => {
  it("stays known, with its id and the access that the set gave it", async () => {
    const { set, foreign } = await drifted();
    const { state } = set;
    expect(state).toMatchObject({
      assigned: ["workspace:network-dev"],
      elsewhere: { [text]: foreign.state["poolId"] },
      targetIds: { [text]: expect.stringMatching(/^ws-/) },
      accessGranted: ["workspace:network-dev", text],
    });
    world.nextDeployment();
    await set.refresh();
    expect(set.state).toEqual(state);
  });

  it("is a member again once a refresh finds it back", async () => {
    const { set, pool } = await drifted();
    await world.repoint("hcp-terraform", target, pool);
    world.nextDeployment();
    await set.refresh();
    expect(set.state["assigned"]).toEqual(["workspace:network-dev", text]);
    expect(set.state).not.toHaveProperty("elsewhere");
    expect(await set.needsUpdate()).toBe(false);
  });

  it("keeps its pool when the set ends, and leaves the list of the set's pool", async () => {
    const { set, pool, foreign } = await drifted();
    expect(await allowedOf(world, pool)).toHaveLength(2);
    await set.delete(pool, foreign);
    expect(await poolNow()).toBe(foreign.state["poolId"]);
    expect(await allowedOf(world, pool)).toEqual([]);
  });

  it("may still be taken back by the update after one that failed", async () => {
    const { set, pool, foreign } = await drifted();
    const { admin } = world.emulator;
    admin.addFault({ kind: "status", status: 403, method: "PATCH", path: "/workspaces/" });
    const failure = (await set.update().catch((error: unknown) => error)) as PartialFailure;
    expect(failure.state).toMatchObject({
      assigned: ["workspace:network-dev"],
      elsewhere: { [text]: foreign.state["poolId"] },
      targetIds: { [text]: expect.stringMatching(/^ws-/) },
      accessGranted: ["workspace:network-dev"],
    });
    admin.clearFaults();
    world.nextDeployment();
    await set.update();
    expect(await poolNow()).toBe(pool.state["poolId"]);
    expect(set.state["assigned"]).toEqual(["workspace:network-dev", text]);
    expect(set.state).not.toHaveProperty("elsewhere");
  });
});

describe("targets that cannot be assigned", () => {
  const assign = async (kind: "pulumi-cloud", stacks: string[]) => {
    const { controlPlane } = world.plane(kind);
    const pool = await world.poolOn(kind);
    return world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets: { stacks } });
  };

  it("leave nothing in state where there is nothing else", async () => {
    const set = await assign("pulumi-cloud", ["no/one", "no/two"]);
    const failure = (await set.create().catch((error: unknown) => error)) as Error;
    expect(failure.name).toBe("Error");
    expect(failure.message).toMatch(/there is no stack no\/one .*Another target failed .*: stack no\/two\.$/);
    expect(set.id).toBe("");
  });

  it("leave what succeeded, and nothing that is known to be elsewhere", async () => {
    const set = await assign("pulumi-cloud", ["app/prod", "no/one"]);
    await expect(set.create()).rejects.toThrow("there is no stack no/one");
    expect(set.id).toMatch(/^pulumi-cloud\/acme\/assignments\//);
    expect(set.state).toEqual({
      ...set.inputs,
      poolId: set.id.split("/").at(-1),
      serviceUrl: world.emulator.url,
      declaredAs: set.subject,
      assigned: ["stack:app/prod"],
      accessGranted: [],
    });
  });
});

describe("a set that takes another one's place at its pool", () => {
  it("needs no permission to read pools, as a new one does", async () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const inputs = { controlPlane, pool: pool.id, targets: { stacks: ["*/prod"] } };
    const set = await world.resource("StackPoolAssignments", inputs).create();
    world.nextDeployment();
    world.emulator.admin.addFault({ kind: "status", status: 403, method: "GET", path: "agent-pools" });
    await set.declare({ targets: { stacks: ["app/prod"] } });
    await set.updateFirst();
    expect(set.state["assigned"]).toEqual(["stack:app/prod"]);
    world.nextDeployment();
    await expect(world.resource("StackPoolAssignments", inputs).create()).rejects.toThrow("HTTP 403");
  });
});

describe("a set that ends", () => {
  it("leaves what another resource has for another pool there, and takes it from its own pool's list", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const [one, two] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
    const targets = { workspaces: ["network-*"] };
    const inputs = { controlPlane, pool: one.id, targets };
    const set = await world.resource("StackPoolAssignments", inputs).create();
    world.nextDeployment();
    const single = await world
      .resource("StackPoolAssignment", { controlPlane, pool: two.id, target, overwrite: true })
      .create();
    expect(await allowedOf(world, one)).toHaveLength(2);
    await set.delete(two, single);
    expect(await allowedOf(world, one)).toEqual([]);
    expect(await poolNow()).toBe(two.state["poolId"]);
    expect(world.warnings).toEqual([expect.stringContaining(": workspace network-dev has no runner pool")]);
  });

  it("does not look at what another resource has for the same pool", async () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const inputs = { controlPlane, pool: pool.id, targets: { stacks: ["app/prod"] } };
    const set = await world.resource("StackPoolAssignments", inputs).create();
    world.nextDeployment();
    const target = { stack: "app/prod" };
    const single = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.emulator.admin.clearJournal();
    await set.delete(pool, single);
    const paths = world.emulator.admin.journal().map(({ path }) => String(path));
    expect(paths.filter((path) => path.includes("/app/prod/"))).toEqual([]);
  });
});

it("knows what is still at its former pool when a move to another one is cut", async () => {
  const { controlPlane } = world.plane("hcp-terraform");
  const [one, two] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
  const targets = { workspaces: ["network-*"] };
  const set = await world.resource("StackPoolAssignments", { controlPlane, pool: one.id, targets }).create();
  world.nextDeployment();
  await Promise.all([one.pendingChanges(), two.pendingChanges()]);
  await set.declare({ pool: two.id });
  const { admin } = world.emulator;
  admin.addFault({ kind: "status", status: 403, method: "PATCH", path: "/workspaces/", skip: 1 });
  await expect(set.updateFirst()).rejects.toThrow("403");
  const [assigned, ...others] = set.state["assigned"] as string[];
  const left = assigned === text ? "workspace:network-dev" : text;
  expect(others).toEqual([]);
  expect(set.state).toMatchObject({ poolId: two.state["poolId"], accessGranted: [assigned] });
  expect(set.state["elsewhere"]).toEqual({ [left]: one.state["poolId"] });
});

it("keeps its pool in the program: no token of that which is in use is revoked", async () => {
  const { set, pool } = await drifted();
  const { controlPlane } = world.plane("hcp-terraform");
  const token = await world
    .resource("PoolToken", { controlPlane, pool: pool.id, description: "builders" })
    .create();
  const lastUsedAt = new Date().toISOString();
  world.emulator.admin.hcpTerraform.updateAgentToken({ id: String(token.state["tokenId"]), lastUsedAt });
  await expect(token.delete(set)).rejects.toThrow("was not revoked: an agent used it");
});

describe("two sets of one program for two pools", () => {
  it.each([
    [{ stacks: ["app/prod"] }, "stack app/prod of Pulumi Cloud organization acme ("],
    [{ stackTags: ["tier=gold"] }, "stack with tag tier=gold of Pulumi Cloud organization acme ("],
    [{ stackProjects: ["app"] }, "stack with project app of Pulumi Cloud organization acme ("],
  ])("cannot both select %o", async (targets, words) => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const [one, two] = [await world.poolOn("pulumi-cloud"), await world.poolOn("pulumi-cloud", "second")];
    const set = (pool: TestResource) =>
      world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets });
    const first = set(one);
    await first.declareHere();
    await expect(set(two).create()).rejects.toThrow(
      `${first.subject} of this program also declares ${words}`,
    );
  });
});

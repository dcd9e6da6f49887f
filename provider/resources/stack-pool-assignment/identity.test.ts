import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const organization = "acme";
const rename = () =>
  world.emulator.admin.hcpTerraform.renameWorkspace({
    organization,
    workspace: "network-prod",
    name: "renamed",
  });

describe("a workspace that was renamed", () => {
  const assigned = async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    rename();
    world.nextDeployment();
    return { pool, assignment };
  };

  it("keeps its assignment in a refresh, which shows the new name", async () => {
    const { pool, assignment } = await assigned();
    expect(await assignment.refresh()).toBe(true);
    expect(assignment.state).toMatchObject({
      target: { workspace: "renamed" },
      poolId: pool.state["poolId"],
    });
  });

  it("is given back by a delete", async () => {
    const { pool, assignment } = await assigned();
    await assignment.delete(pool);
    expect(await world.poolOfTarget("hcp-terraform", { workspace: "renamed" })).toBeUndefined();
    expect(await allowedOf(world, pool)).toEqual([]);
  });

  it("is asked for under its new name, and with that nothing is replaced", async () => {
    const { pool, assignment } = await assigned();
    await assignment.refresh();
    await expect(assignment.update()).rejects.toThrow(
      "there is no workspace network-prod in organization acme. The one that this assignment has is called renamed: if it was renamed, write its new name.",
    );
    await assignment.declare({ target: { workspace: "renamed" } });
    expect((await assignment.difference()).changes).toEqual([]);
    expect(await world.poolOfTarget("hcp-terraform", { workspace: "renamed" })).toBe(pool.state["poolId"]);
  });

  it("is another one than the workspace that has its name now", async () => {
    const { assignment } = await assigned();
    world.emulator.admin.seed({ hcpTerraform: [{ organization, workspaces: [{ name: "network-prod" }] }] });
    await assignment.refresh();
    const { changes } = await assignment.difference();
    expect(changes).toEqual([expect.objectContaining({ path: "target.workspace", replaces: true })]);
  });

  it("is gone when it was deleted", async () => {
    const { pool, assignment } = await assigned();
    world.emulator.admin.hcpTerraform.deleteWorkspace({ organization, workspace: "renamed" });
    expect(await assignment.refresh()).toBe(false);
    await assignment.delete(pool);
    expect(world.warnings).toEqual([]);
  });
});

describe("a target whose declaration changes", () => {
  it("is replaced where it is another target or another kind", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.nextDeployment();
    const replaces = async (to: object) => {
      await assignment.declare({ target: to });
      return (await assignment.difference()).changes.every((change) => change.replaces);
    };
    expect(await replaces({ workspace: "app-prod" })).toBe(true);
    expect(await replaces({ project: "platform" })).toBe(true);
    expect(await replaces({ workspace: String(assignment.state["targetId"]) })).toBe(false);
    world.emulator.admin.hcpTerraform.deleteWorkspace({ organization, workspace: "network-prod" });
    world.nextDeployment();
    expect(await replaces({ workspace: "no-such" })).toBe(true);
  });
});

describe("one target that two resources declare", () => {
  const message = (owner: TestResource, first: TestResource, second: TestResource) =>
    new RegExp(
      `${owner.subject} of this program also declares .*, for pool ${first.state["poolId"]}; this resource declares it for pool ${second.state["poolId"]}\\. Only one of the two can apply`,
    );

  it.each([
    ["pulumi-cloud", { stack: "network/prod" }, { stack: "acme/network/prod" }],
    ["hcp-terraform", { workspace: "network-prod" }, { workspace: "id" }],
    ["env-zero", { project: "network" }, { project: emulatorIds.envZeroProjects.network }],
  ] as const)(
    "is refused on %s for different pools, by any of its names, and allowed for one",
    async (kind, by, other) => {
      const { controlPlane } = world.plane(kind);
      const [one, two] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
      const first = await world
        .resource("StackPoolAssignment", { controlPlane, pool: one.id, target: by })
        .create();
      const target = kind === "hcp-terraform" ? { workspace: first.state["targetId"] } : other;
      const second = world.resource("StackPoolAssignment", { controlPlane, pool: two.id, target });
      await expect(second.create()).rejects.toThrow(message(first, one, two));
      expect(await world.poolOfTarget(kind, by)).toBe(one.state["poolId"]);
      world.nextDeployment();
      await first.pendingChanges();
      await world.resource("StackPoolAssignment", { controlPlane, pool: one.id, target }).create();
    },
  );

  it.each([
    ["pulumi-cloud", { stack: "network/prod" }, { stacks: ["network/*"] }, { stacks: ["*/prod"] }],
    ["hcp-terraform", { workspace: "network-prod" }, { workspaces: ["*"] }, { workspaces: ["network-*"] }],
    ["env-zero", { project: "network" }, { projects: ["net*"] }, { projects: ["n*"] }],
  ] as const)(
    "is refused on %s where a pattern holds it, unless it is excluded",
    async (kind, target, targets, exclude) => {
      const { controlPlane } = world.plane(kind);
      const [one, two] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
      const first = await world
        .resource("StackPoolAssignment", { controlPlane, pool: one.id, target })
        .create();
      const set = world.resource("StackPoolAssignments", { controlPlane, pool: two.id, targets });
      await expect(set.create()).rejects.toThrow(message(first, one, two));
      expect(await world.poolOfTarget(kind, target)).toBe(one.state["poolId"]);
      const late = world.resource("StackPoolAssignment", { controlPlane, pool: one.id, target });
      world.nextDeployment();
      await expect(set.declareHere()).resolves.toBeUndefined();
      await expect(late.create()).rejects.toThrow(message(set, two, one));
      world.nextDeployment();
      await first.pendingChanges();
      const most = kind === "env-zero" ? { projects: ["*"] } : targets;
      const rest = await world
        .resource("StackPoolAssignments", { controlPlane, pool: two.id, targets: most, exclude })
        .create();
      expect(await world.poolOfTarget(kind, target)).toBe(one.state["poolId"]);
      // A preview refuses it, too, when the set is no longer told to leave it out.
      world.nextDeployment();
      await first.pendingChanges();
      await expect(rest.declare({ exclude: undefined })).rejects.toThrow(message(first, one, two));
    },
  );
});

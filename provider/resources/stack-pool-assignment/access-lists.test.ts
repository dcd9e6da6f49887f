import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe("StackPoolAssignment on HCP Terraform, where a pool lists who may use it", () => {
  it("grants a workspace access to a pool and takes it away again, for many at a time", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const names = ["network-dev", "network-prod", "app-prod"];
    const assignments = await Promise.all(
      names.map((workspace) =>
        world
          .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: { workspace } })
          .create(),
      ),
    );
    const allowed = async () =>
      (await world.outsider("hcp-terraform").pools.find(String(pool.state["poolId"])))?.scope
        ?.allowedWorkspaces;
    expect(await allowed()).toHaveLength(3);
    await Promise.all(assignments.map((assignment) => assignment.delete()));
    expect(await allowed()).toEqual([]);
  });

  describe.each([
    ["a single assignment", "StackPoolAssignment", "target", { workspace: "network-prod" }],
    ["a set", "StackPoolAssignments", "targets", { workspaces: ["network-prod"] }],
  ] as const)("of %s that somebody took away", (_what, type, property, declared) => {
    const closed = async () => {
      const { controlPlane } = world.plane("hcp-terraform");
      const pool = await world.poolOn("hcp-terraform");
      const assignment = await world
        .resource(type, { controlPlane, pool: pool.id, [property]: declared })
        .create();
      const poolId = String(pool.state["poolId"]);
      await world.outsider("hcp-terraform").pools.update(poolId, {
        name: "builders",
        scope: { organizationScoped: false, allowedWorkspaces: [] },
      });
      world.nextDeployment();
      expect(await assignment.refresh()).toBe(true);
      return { pool, assignment };
    };

    it("is granted again by the next update", async () => {
      const { pool, assignment } = await closed();
      expect(await assignment.needsUpdate()).toBe(true);
      await assignment.update();
      expect(await allowedOf(world, pool)).toHaveLength(1);
      expect(await assignment.difference()).toEqual({ changes: [], needsUpdate: false });
      await assignment.delete();
      await pool.delete();
    });

    it("keeps no destroy from releasing the target", async () => {
      const { pool, assignment } = await closed();
      await assignment.delete();
      expect(await world.poolOfTarget("hcp-terraform", { workspace: "network-prod" })).toBeUndefined();
      await pool.delete();
    });
  });

  it("keeps its access when the pool is no longer for everybody, and gives it back in the end", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const scope = { mode: "organization" };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders", scope }).create();
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    expect(assignment.state["accessGranted"]).toBe(false);
    pool.declare({ scope: { mode: "assigned" } });
    await pool.update();
    const allowed = async () =>
      (await world.outsider("hcp-terraform").pools.find(String(pool.state["poolId"])))?.scope
        ?.allowedWorkspaces;
    expect(await allowed()).toHaveLength(1);
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(true);
    await assignment.delete(pool);
    expect(await allowed()).toEqual([]);
  });

  it("keeps an entry that the pool itself declares, and takes none that others gave", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const { assignments } = world.outsider("hcp-terraform");
    const id = (await assignments.find({ kind: "workspace", name: "network-prod" }))?.id ?? "";
    const scope = { mode: "listed", allowedWorkspaces: [id] };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders", scope }).create();
    const assign = (to: object) =>
      world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: to });
    const assignment = await assign(target).create();
    await assignment.delete(pool);
    expect(await allowedOf(world, pool)).toEqual([id]);
    expect(await world.poolOfTarget("hcp-terraform", target)).toBeUndefined();

    // Without the pool in the program the entry is somebody else's, who gave it before.
    world.nextDeployment();
    await (await assign(target).create()).delete();
    expect(await allowedOf(world, pool)).toEqual([id]);
  });

  it("keeps a declared entry of a workspace whose assignment was taken over with it", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const { assignments } = world.outsider("hcp-terraform");
    const id = (await assignments.find({ kind: "workspace", name: "network-prod" }))?.id ?? "";
    const scope = { mode: "listed", allowedWorkspaces: [id] };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders", scope }).create();
    await world.repoint("hcp-terraform", target, pool);
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await assignment.delete(pool);
    expect(await allowedOf(world, pool)).toEqual([id]);
  });

  it("takes the former pool's entry back with a move, also after a first try that ended in between", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const [one, two] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: String(one.state["poolId"]), target })
      .create();
    world.nextDeployment();
    await assignment.declare({ pool: two.id });
    world.emulator.admin.addFault({
      kind: "status",
      status: 403,
      method: "PATCH",
      path: `/agent-pools/${one.state["poolId"]}$`,
      times: 1,
    });
    await expect(assignment.update()).rejects.toThrow("403");
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(two.state["poolId"]);
    world.nextDeployment();
    await assignment.update();
    expect(await allowedOf(world, one)).toEqual([]);
    expect(await allowedOf(world, two)).toEqual([assignment.state["targetId"]]);
  });

  it("takes the entry back that a deleted resource left for one that then failed", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const [one, two] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
    const assign = (pool: TestResource) =>
      world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target });
    const former = await assign(one).create();
    const next = assign(two);
    await former.delete(one, two, next);
    expect(await allowedOf(world, one)).toHaveLength(1);
    world.nextDeployment();
    await Promise.all([one.pendingChanges(), two.pendingChanges()]);
    await next.create();
    expect(await allowedOf(world, one)).toEqual([]);
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(two.state["poolId"]);
  });

  it("takes the entry back when the target moves after the resource that gave it is gone", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const [one, two] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
    const foreign = String(one.state["poolId"]);
    const assign = (pool: string) =>
      world.resource("StackPoolAssignment", { controlPlane, pool, target, overwrite: true });
    const former = await assign(foreign).create();
    world.nextDeployment();
    const next = assign(two.id);
    const created = (async () => {
      await next.declareHere();
      await former.deleteNow();
      expect(await allowedOf(world, one)).toHaveLength(1);
      await next.create();
    })();
    await created;
    expect(await allowedOf(world, one)).toEqual([]);
  });

  it("takes the entry back when the resource that gave it goes while the target is being moved", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const [one, two] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
    const assign = (pool: unknown) =>
      world.resource("StackPoolAssignment", { controlPlane, pool, target, overwrite: true });
    const former = await assign(one.state["poolId"]).create();
    world.nextDeployment();
    const next = assign(two.id);
    await next.declareHere();
    const moment = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
    world.emulator.admin.interpose({
      method: "PATCH",
      path: "/workspaces/",
      when: "before",
      times: 1,
      run: () => moment(600),
    });
    const created = next.create();
    await moment(250);
    await former.deleteNow();
    await created;
    expect(await allowedOf(world, one)).toEqual([]);
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(two.state["poolId"]);
  });

  it("has its workspace and its access in spite of every lost answer, or neither", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    world.emulator.admin.addFault({
      kind: "drop-after",
      plane: "hcp-terraform",
      method: "PATCH",
      path: "/workspaces/",
    });
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(pool.state["poolId"]);
    expect(await allowedOf(world, pool)).toEqual([assignment.state["targetId"]]);
    world.emulator.admin.clearFaults();
    world.emulator.admin.addFault({ kind: "status", status: 422, method: "PATCH", path: "/workspaces/" });
    const refused = world.resource("StackPoolAssignment", {
      controlPlane,
      pool: pool.id,
      target: { workspace: "app-prod" },
    });
    await expect(refused.create()).rejects.toThrow("422");
    expect(await allowedOf(world, pool)).toEqual([assignment.state["targetId"]]);
  });
});

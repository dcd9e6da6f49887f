import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type World } from "../testing/world.ts";

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

  it("finds access that was taken away, and grants it again", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const make = () => world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target });
    const assignment = await make().create();
    const poolId = String(pool.state["poolId"]);
    await world.outsider("hcp-terraform").pools.update(poolId, {
      name: "builders",
      scope: { organizationScoped: false, allowedWorkspaces: [] },
    });
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(false);
    await make().create();
    expect((await world.outsider("hcp-terraform").pools.find(poolId))?.scope?.allowedWorkspaces).toHaveLength(
      1,
    );
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
});

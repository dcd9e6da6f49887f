import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials, emulatorIds } from "../../../emulator/default-seed.ts";
import type { PartialFailure } from "../framework/lifecycle.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe("StackPoolAssignments", () => {
  it("assigns a set, follows patterns, and gives back what leaves", async () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: pool.id,
        targets: { stacks: ["*/prod", "app/dev"] },
      })
      .create();
    expect(set.state["assigned"]).toEqual(["stack:app/dev", "stack:app/prod", "stack:network/prod"]);
    expect(await set.needsUpdate()).toBe(false);

    world.emulator.admin.seed({ pulumiCloud: [{ organization: "acme", stacks: ["data/prod"] }] });
    world.nextDeployment();
    expect(await set.needsUpdate()).toBe(true);
    world.nextDeployment();
    expect(await set.declare({ targets: { stacks: ["*/prod"] } })).toEqual(["targets"]);
    await set.update();
    expect(set.state["assigned"]).toEqual(["stack:app/prod", "stack:data/prod", "stack:network/prod"]);
    expect(await world.poolOfTarget("pulumi-cloud", { stack: "app/dev" })).toBeUndefined();

    await set.delete();
    expect(await world.poolOfTarget("pulumi-cloud", { stack: "data/prod" })).toBeUndefined();
    await pool.delete();
  });

  it("finds what matches on every page of a long list", async () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const stacks = Array.from({ length: 1100 }, (_, number) => `bulk/dev-${number}`);
    world.emulator.admin.seed({ pulumiCloud: [{ organization: "acme", stacks: [...stacks, "zoo/last"] }] });
    const pool = await world.poolOn("pulumi-cloud");
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: pool.id,
        targets: { stacks: ["network/prod", "*/last"] },
      })
      .create();
    expect(set.state["assigned"]).toEqual(["stack:network/prod", "stack:zoo/last"]);
    const lists = world.emulator.admin.journal().filter(({ operation }) => operation === "ListUserStacks");
    expect(lists.length).toBeGreaterThan(1);
  });

  it("takes back what a refresh has found at another pool", async () => {
    const { controlPlane, otherTarget } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const foreign = await world.poolOn("pulumi-cloud", "foreign");
    const set = await world
      .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets: { stacks: ["app/*"] } })
      .create();
    await world.repoint("pulumi-cloud", otherTarget, foreign);
    world.nextDeployment();
    await set.refresh();
    expect(set.state["assigned"]).toEqual(["stack:app/dev"]);
    expect(await set.needsUpdate()).toBe(true);
    expect(set.state["elsewhere"]).toEqual({ "stack:app/prod": foreign.state["poolId"] });
    await set.update();
    expect(await world.poolOfTarget("pulumi-cloud", otherTarget)).toBe(pool.state["poolId"]);
  });

  it("keeps what succeeded when some of a set fail, and says which failed", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const targets = { workspaces: ["network-dev", "nosuch"], projects: ["platform"] };
    const set = world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets });
    const failure = (await set.create().catch((error: unknown) => error)) as PartialFailure;
    expect(failure.name).toBe("PartialFailure");
    expect(failure.reasons).toEqual([expect.stringContaining("there is no workspace nosuch")]);
    expect(failure.state["assigned"]).toEqual(["project:platform", "workspace:network-dev"]);
    world.nextDeployment();
    await set.declare({ targets: { workspaces: ["network-dev"], projects: ["platform"] } });
    await set.update();
    await set.delete();
    await pool.delete();
  });

  it("is imported by its id alone, with everything that uses the pool", async () => {
    const { controlPlane } = world.plane("env-zero");
    const pool = await world.poolOn("env-zero");
    const { network, app } = emulatorIds.envZeroProjects;
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: pool.id,
        targets: { projects: [network, app] },
      })
      .create();
    world.nextDeployment({ ...emulatorCredentials, envZeroUrl: world.emulator.url });
    const found = await set.importedAs(set.id);
    expect(found?.inputs).toMatchObject({ pool: pool.id, targets: { projects: ["app", "network"] } });
  });
});

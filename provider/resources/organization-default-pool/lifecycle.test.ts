import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each(["pulumi-cloud", "hcp-terraform"] as const)("OrganizationDefaultPool on %s", (kind) => {
  it("is set, moved, repaired and given back, but only while it is ours", async () => {
    const { controlPlane } = world.plane(kind);
    const organizationWide = kind === "hcp-terraform" ? { scope: { mode: "organization" } } : {};
    const make = (name: string) =>
      world.resource("RunnerPool", { controlPlane, name, ...organizationWide }).create();
    const [first, second] = [await make("first"), await make("second")];
    const byDefault = await world
      .resource("OrganizationDefaultPool", { controlPlane, pool: first.id })
      .create();
    expect(byDefault.id).toBe(`${kind}/acme/default-pool`);
    world.nextDeployment();
    await byDefault.refresh();
    expect(await byDefault.pendingChanges()).toEqual([]);

    await world.outsider(kind).defaultPool.set?.(String(second.state["poolId"]));
    world.nextDeployment();
    await byDefault.refresh();
    expect(await byDefault.pendingChanges()).toEqual(["pool"]);
    await byDefault.delete();
    expect(await world.outsider(kind).defaultPool.find()).toBe(second.state["poolId"]);
    await byDefault.update();
    expect(await world.outsider(kind).defaultPool.find()).toBe(first.state["poolId"]);

    await world.outsider(kind).defaultPool.set?.(String(second.state["poolId"]));
    world.nextDeployment();
    await byDefault.delete();
    expect(await world.outsider(kind).defaultPool.find()).toBe(second.state["poolId"]);
    await world.outsider(kind).defaultPool.set?.(String(first.state["poolId"]));
    world.nextDeployment();
    await byDefault.delete();
    expect(await world.outsider(kind).defaultPool.find()).toBeUndefined();
    expect(world.warnings).toHaveLength(1);
  });
});

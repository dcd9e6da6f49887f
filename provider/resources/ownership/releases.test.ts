import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each(controlPlaneKinds)("a pool on %s and what uses it, deleted at the same time", (kind) => {
  it("are both gone, as after an import, where neither depends on the other", async () => {
    const { controlPlane, target, otherTarget } = world.plane(kind);
    const pool = await world.poolOn(kind);
    const single = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    const [[other, name] = []] = Object.entries(otherTarget);
    const targets = { [`${other}s`]: [name] };
    const set = await world
      .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets })
      .create();
    world.nextDeployment();
    await Promise.all([pool.deleteNow(), single.deleteNow(), set.deleteNow()]);
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
  });

  it("is kept, with the reason, where something else uses it", async () => {
    const { controlPlane, target, otherTarget } = world.plane(kind);
    const pool = await world.poolOn(kind);
    const single = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await world.repoint(kind, otherTarget, pool);
    world.nextDeployment();
    const [deleted] = await Promise.allSettled([pool.deleteNow(), single.deleteNow()]);
    expect(deleted.status).toBe("rejected");
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });
});

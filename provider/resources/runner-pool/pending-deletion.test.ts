import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

const kind = "pulumi-cloud";
const stack = { stack: "network/prod" };
const account = { insightsAccount: "aws-production" };
let world: World;
let former: Properties;
let pool: TestResource;

const names = async () => (await world.outsider(kind).pools.list()).map(({ name }) => name).sort();

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each([stack, account])("a pool that was replaced while somebody's %o uses it", (user) => {
  beforeEach(async () => {
    pool = await world.poolOn(kind);
    former = pool.state;
    world.nextDeployment();
    await world.repoint(kind, user, pool);
    await pool.declare({ generation: 2 });
    await expect(pool.update()).rejects.toThrow("set forceDestroy: true");
    expect(await names()).toEqual(["builders", "builders-g2"]);
    world.nextDeployment();
  });

  it("is kept as long as the program does not force its deletion", async () => {
    await expect(pool.update()).rejects.toThrow("set forceDestroy: true");
    expect(await names()).toEqual(["builders", "builders-g2"]);
  });

  it("is deleted once the program says forceDestroy", async () => {
    expect(await pool.declare({ forceDestroy: true })).toEqual(["forceDestroy"]);
    await pool.update();
    expect(await names()).toEqual(["builders-g2"]);
    expect(world.warnings).toEqual([expect.stringContaining("was deleted while in use, as forceDestroy")]);
  });

  it("is deleted, too, where nothing but its state tells which resource it was", async () => {
    await pool.declare({ forceDestroy: true });
    const nameless = Object.assign(world.resource("RunnerPool", {}), { id: pool.id, state: former });
    await nameless.deleteNow();
    expect(await names()).toEqual(["builders-g2"]);
  });

  it("is not deleted because another pool of the program may be", async () => {
    const { controlPlane } = world.plane(kind);
    await world.resource("RunnerPool", { controlPlane, name: "others", forceDestroy: true }).create();
    await pool.pendingChanges();
    const nameless = Object.assign(world.resource("RunnerPool", {}), { id: pool.id, state: former });
    await expect(nameless.deleteNow()).rejects.toThrow("set forceDestroy: true");
    expect(await names()).toEqual(["builders", "builders-g2", "others"]);
  });
});

it("goes by what state says where the program has no such pool any more", async () => {
  const { controlPlane } = world.plane(kind);
  pool = await world.resource("RunnerPool", { controlPlane, name: "builders", forceDestroy: true }).create();
  await world.repoint(kind, stack, pool);
  await pool.delete();
  expect(await names()).toEqual([]);
});

it("is kept where the program forces nothing any more when it replaces it", async () => {
  const { controlPlane } = world.plane(kind);
  pool = await world.resource("RunnerPool", { controlPlane, name: "builders", forceDestroy: true }).create();
  world.nextDeployment();
  await world.repoint(kind, stack, pool);
  await pool.declare({ generation: 2, forceDestroy: false });
  await expect(pool.update()).rejects.toThrow("is kept");
  expect(await names()).toEqual(["builders", "builders-g2"]);
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;
let former: TestResource;
let next: TestResource;

beforeEach(async () => {
  world = await openWorld();
  former = await world.poolOn("hcp-terraform", "builders");
  next = await world.poolOn("hcp-terraform", "others");
  world.nextDeployment();
  await former.declare({ name: "retired" });
  await next.declare({ name: "builders" });
});

afterEach(() => world.close());

/** Does something once the pools were listed so often from now on: each look at a name lists them. */
const afterLooks = (looks: number, run: () => unknown) =>
  world.emulator.admin.interpose({
    method: "GET",
    path: "/agent-pools$",
    when: "after",
    skip: looks - 1,
    times: 1,
    run: () => void run(),
  });

describe("a name that another pool of the program gives up", () => {
  it("is waited for", async () => {
    let renamed: Promise<unknown> | undefined;
    afterLooks(4, () => {
      renamed = former.update();
    });
    await next.update();
    await renamed;
    expect([former.state["name"], next.state["name"]]).toEqual(["retired", "builders"]);
  });

  it("is waited for ten seconds, while nothing renames that pool", async () => {
    const begun = world.clock.now();
    await expect(next.update()).rejects.toThrow(`the name is taken by pool ${former.state["poolId"]}`);
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(10_000);
  });

  it("is waited for no longer once the deployment is cancelled", async () => {
    const begun = world.clock.now();
    afterLooks(3, () => world.cancel());
    await expect(next.update()).rejects.toThrow("the name is taken by pool");
    expect(world.clock.now() - begun).toBeLessThan(10_000);
  });
});

describe("two pools that change names", () => {
  it("do so in one deployment", async () => {
    await former.declare({ name: "others" });
    await Promise.all([former.update(), next.update()]);
    const names = (await world.outsider("hcp-terraform").pools.list()).map(({ id, name }) => [id, name]);
    expect(Object.fromEntries(names)).toMatchObject({
      [String(former.state["poolId"])]: "others",
      [String(next.state["poolId"])]: "builders",
    });
  });

  it("have their former names where one of them cannot", async () => {
    await former.declare({ name: "others" });
    await expect(next.update()).rejects.toThrow("the name is taken by pool");
    expect(await world.poolsNamed("hcp-terraform", "others")).toMatchObject([{ id: next.state["poolId"] }]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;
let pools: TestResource[];
let set: TestResource;

beforeEach(async () => {
  world = await openWorld();
  const { controlPlane } = world.plane("hcp-terraform");
  const poolNamed = (name: string) =>
    world.resource("RunnerPool", { controlPlane, name, scope: { mode: "organization" } }).create();
  pools = [await poolNamed("first"), await poolNamed("second")];
  set = await world.resource("OrganizationDefaultPool", { controlPlane, pool: pools[0]?.id }).create();
  world.nextDeployment();
  await Promise.all(pools.map((pool) => pool.pendingChanges()));
});

afterEach(() => world.close());

const { organization } = emulatorIds;
const queueRun = () =>
  world.emulator.admin.hcpTerraform.queueRun({ organization, workspace: "network-prod", status: "planned" })
    .id;
const setByNow = () => world.outsider("hcp-terraform").defaultPool.find();
const move = (more: object = {}) => set.declare({ pool: pools[1]?.id, ...more });

describe("a run that inherits the default", () => {
  it.each([
    ["a change", async () => set.update()],
    ["a destroy", async () => set.deleteNow()],
  ])("makes %s fail where nobody wants to wait, and the default stays", async (what, act) => {
    const run = queueRun();
    await (what === "a change"
      ? move({ activeWorkTimeoutSeconds: 0 })
      : set.declare({ activeWorkTimeoutSeconds: 0 }));
    if (what !== "a change") await set.update();
    world.nextDeployment();
    await Promise.all(pools.map((pool) => pool.pendingChanges()));
    await expect(act()).rejects.toThrow(
      `the default of organization acme was left as it is: run ${run} is planned in workspace network-prod, and a change of its pool would make that fail`,
    );
    expect(await setByNow()).toBe(pools[0]?.state["poolId"]);
  });

  it("is waited for, with progress", async () => {
    const run = queueRun();
    await move();
    world.emulator.admin.interpose({
      when: "after",
      method: "GET",
      path: `runs/${run}`,
      skip: 1,
      times: 1,
      run: () => void world.emulator.admin.hcpTerraform.updateRun({ id: run, status: "applied" }),
    });
    await set.update();
    expect(world.progress).toEqual([
      expect.stringContaining(`run ${run} is planned in workspace network-prod`),
    ]);
    expect(await setByNow()).toBe(pools[1]?.state["poolId"]);
  });

  it.each([
    ["the workspace", { workspace: "network-prod" }],
    ["its project", { project: "platform" }],
  ])("is none where %s has a pool of its own", async (_what, target) => {
    const agentPoolId = String(pools[0]?.state["poolId"]);
    const { hcpTerraform } = world.emulator.admin;
    hcpTerraform.assign({ organization, target, agentPoolId });
    queueRun();
    await move({ activeWorkTimeoutSeconds: 0 });
    await set.update();
    expect(await setByNow()).toBe(pools[1]?.state["poolId"]);
  });
});

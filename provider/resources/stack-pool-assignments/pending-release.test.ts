import { afterEach, beforeEach, expect, it } from "vitest";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const poolNow = () => world.poolOfTarget("hcp-terraform", { workspace: "network-prod" });

/** A set that loses a workspace with a run under way, and whose release of it has failed. */
async function setWithPendingRelease(activeWorkTimeoutSeconds: number) {
  const { controlPlane } = world.plane("hcp-terraform");
  const pool = await world.poolOn("hcp-terraform");
  const targets = { workspaces: ["network-prod", "app-prod"] };
  const set = await world
    .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets, activeWorkTimeoutSeconds })
    .create();
  const { id } = world.emulator.admin.hcpTerraform.queueRun({
    organization: "acme",
    workspace: "network-prod",
    status: "planning",
  });
  world.nextDeployment();
  await pool.pendingChanges();
  await set.declare({ targets: { workspaces: ["app-prod"] } });
  await expect(set.update()).rejects.toThrow("raise activeWorkTimeoutSeconds");
  expect(await poolNow()).toBe(pool.state["poolId"]);
  world.nextDeployment();
  return { set, end: () => world.emulator.admin.hcpTerraform.updateRun({ id, status: "applied" }) };
}

it("a set whose release has failed waits as long as the program says now", async () => {
  const { set, end } = await setWithPendingRelease(0);
  expect(await set.declare({ activeWorkTimeoutSeconds: 60 })).toEqual(["activeWorkTimeoutSeconds"]);
  world.emulator.admin.interpose({ method: "GET", path: "/runs/", when: "after", times: 1, run: end });
  await set.update();
  expect(await poolNow()).toBeUndefined();
  expect(world.progress).toHaveLength(1);
});

it("a set whose release has failed waits no longer where the program says so", async () => {
  const { set } = await setWithPendingRelease(1);
  await set.declare({ activeWorkTimeoutSeconds: 0 });
  await expect(set.update()).rejects.toThrow("would make that fail. Run the deployment again");
  expect(world.progress).toHaveLength(1);
});

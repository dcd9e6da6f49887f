import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const organization = "acme";
const workspace = "network-prod";
const begin = (status = "planning") =>
  world.emulator.admin.hcpTerraform.queueRun({ organization, workspace, status }).id;
const end = (id: string) => world.emulator.admin.hcpTerraform.updateRun({ id, status: "applied" });
/** Does something once the run was looked at, so during the wait for its end. */
const afterFirstLook = (run: () => void | Promise<void>) =>
  world.emulator.admin.interpose({ method: "GET", path: "/runs/", when: "after", times: 1, run });
const poolNow = () => world.poolOfTarget("hcp-terraform", { workspace });

async function assigned(
  activeWorkTimeoutSeconds: number,
  more: object = {},
): Promise<[TestResource, TestResource]> {
  const { controlPlane, target } = world.plane("hcp-terraform");
  const pool = await world.poolOn("hcp-terraform");
  const inputs = { controlPlane, pool: pool.id, target, activeWorkTimeoutSeconds, ...more };
  const assignment = await world.resource("StackPoolAssignment", inputs).create();
  world.nextDeployment();
  await pool.pendingChanges();
  return [pool, assignment];
}

describe("a workspace of HCP Terraform with a run under way", () => {
  it("is refused at once where nothing shall be waited for, in create, update and delete", async () => {
    const [pool, assignment] = await assigned(0);
    const second = await world.poolOn("hcp-terraform", "second");
    const run = begin();
    const refusal = `HCP Terraform: workspace ${workspace} was left as it is: run ${run} is planning, and a change of its pool would make that fail. Run the deployment again once it has ended, or raise activeWorkTimeoutSeconds.`;
    await expect(assignment.deleteNow()).rejects.toThrow(
      /ws-|network-prod was left as it is: run .* is planning/,
    );
    await assignment.declare({ pool: second.id });
    await expect(assignment.update()).rejects.toThrow(refusal);
    expect(await poolNow()).toBe(pool.state["poolId"]);
    expect(await allowedOf(world, second)).toEqual([]);
    end(run);
    await assignment.update();
    expect(await poolNow()).toBe(second.state["poolId"]);
    expect(world.progress).toEqual([]);
  });

  it("is waited for, with progress, and then looked at again", async () => {
    const [pool, assignment] = await assigned(30);
    const run = begin("applying");
    afterFirstLook(() => end(run));
    await assignment.deleteNow();
    expect(await poolNow()).toBeUndefined();
    expect(await allowedOf(world, pool)).toEqual([]);
    expect(world.progress).toEqual([
      `workspace ${workspace}: run ${run} is applying; its pool is changed once that has ended`,
    ]);
  });

  it("is refused when the run goes on for too long", async () => {
    const [pool, assignment] = await assigned(1);
    begin();
    await expect(assignment.deleteNow()).rejects.toThrow("It was waited for 1 seconds.");
    expect(await poolNow()).toBe(pool.state["poolId"]);
  });

  it("is left to a stranger who took it during the wait", async () => {
    const [pool, assignment] = await assigned(30);
    const [second, theirs] = [
      await world.poolOn("hcp-terraform", "second"),
      await world.poolOn("hcp-terraform", "theirs"),
    ];
    world.nextDeployment();
    await pool.pendingChanges();
    const takeMeanwhile = () => {
      const run = begin();
      afterFirstLook(async () => {
        await world.repoint("hcp-terraform", { workspace }, theirs);
        end(run);
      });
    };
    await assignment.declare({ pool: second.id });
    takeMeanwhile();
    await expect(assignment.update()).rejects.toThrow('is assigned to pool "theirs"');
    await world.repoint("hcp-terraform", { workspace }, pool);
    takeMeanwhile();
    await assignment.delete(pool);
    expect(await poolNow()).toBe(theirs.state["poolId"]);
  });

  it("is waited for no longer once the deployment is cancelled", async () => {
    const [pool, assignment] = await assigned(30);
    const run = begin();
    afterFirstLook(() => world.cancel());
    await expect(assignment.deleteNow()).rejects.toThrow(
      `was left as it is: the deployment was cancelled while run ${run} is planning.`,
    );
    expect(await poolNow()).toBe(pool.state["poolId"]);
  });

  it("does not matter to an assignment that changes nothing of its pool", async () => {
    const [pool, assignment] = await assigned(0);
    begin();
    const { controlPlane, target } = world.plane("hcp-terraform");
    const inputs = { controlPlane, pool: pool.id, target, activeWorkTimeoutSeconds: 0 };
    await world.resource("StackPoolAssignment", inputs).create();
    await assignment.deleteNow();
    expect(await poolNow()).toBe(pool.state["poolId"]);
    expect(await allowedOf(world, pool)).toHaveLength(1);
  });
});

it("waits for the runs of a set's workspaces, too", async () => {
  const { controlPlane } = world.plane("hcp-terraform");
  const [pool, second] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "second")];
  const set = (to: TestResource) =>
    world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: to.id,
        targets: { workspaces: [workspace, "app-prod"] },
        activeWorkTimeoutSeconds: 0,
      })
      .create();
  const made = await set(pool);
  begin();
  await expect(set(second)).rejects.toThrow();
  await expect(made.delete()).rejects.toThrow(/network-prod was left as it is: run/);
  expect(await poolNow()).toBe(pool.state["poolId"]);
});

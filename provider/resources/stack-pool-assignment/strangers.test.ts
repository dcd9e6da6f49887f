import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each([
  ["pulumi-cloud", { stack: "network/prod" }],
  ["env-zero", { project: "network" }],
  ["hcp-terraform", { workspace: "network-prod" }],
  ["hcp-terraform", { project: "platform" }],
] as const)("a target of %s, %o, that a stranger uses", (kind, target) => {
  const assign = (pool: TestResource, more: object = {}) =>
    world.resource("StackPoolAssignment", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      target,
      ...more,
    });
  const poolNow = () => world.poolOfTarget(kind, target);
  const pools = async () => [await world.poolOn(kind), await world.poolOn(kind, "theirs")] as const;
  const refusal = ([ours, theirs]: readonly [TestResource, TestResource]) =>
    `is assigned to pool "theirs" (${theirs.state["poolId"]}), which this program does not manage, and was not moved to pool "builders" (${ours.state["poolId"]}). To take it, set overwrite: true`;

  it("is refused with the names of both pools, and taken where overwrite says so", async () => {
    const both = await pools();
    const [ours, theirs] = both;
    await world.repoint(kind, target, theirs);
    world.nextDeployment();
    await expect(assign(ours).create()).rejects.toThrow(refusal(both));
    expect(await poolNow()).toBe(theirs.state["poolId"]);
    await assign(ours, { overwrite: true }).create();
    expect(await poolNow()).toBe(ours.state["poolId"]);
  });

  it("is taken over in silence where it has our pool, and moves where the program manages both pools", async () => {
    const [ours, theirs] = await pools();
    await world.repoint(kind, target, ours);
    world.nextDeployment();
    await assign(ours).create();
    await world.repoint(kind, target, theirs);
    world.nextDeployment();
    const moved = assign(ours).create();
    void world.clock.pause(100).then(() => theirs.pendingChanges());
    await moved;
    expect(await poolNow()).toBe(ours.state["poolId"]);
    expect(world.warnings).toEqual([]);
  });

  it("is refused in an update, too, when it went to the stranger since", async () => {
    const both = await pools();
    const third = await world.poolOn(kind, "third");
    const assignment = await assign(third).create();
    await world.repoint(kind, target, both[1]);
    world.nextDeployment();
    await assignment.declare({ pool: both[0].id });
    await expect(assignment.update()).rejects.toThrow(refusal(both));
    expect(await poolNow()).toBe(both[1].state["poolId"]);
  });

  it("is left alone by a delete, whatever was read a moment before", async () => {
    const [ours, theirs] = await pools();
    const assignment = await assign(ours).create();
    world.nextDeployment();
    await assignment.refresh();
    await world.repoint(kind, target, theirs);
    await assignment.deleteNow();
    expect(await poolNow()).toBe(theirs.state["poolId"]);
  });

  it("is left alone by the delete of a set, and by its update", async () => {
    const [ours, theirs] = await pools();
    const [[targetKind = "", name = ""] = []] = Object.entries(target);
    const other = {
      stack: "app/prod",
      workspace: "app-prod",
      project: kind === "env-zero" ? "app" : "Default Project",
    }[targetKind];
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane: world.plane(kind).controlPlane,
        pool: ours.id,
        targets: { [`${targetKind}s`]: [name, other] },
      })
      .create();
    world.nextDeployment();
    await set.refresh();
    await set.declare({ targets: { [`${targetKind}s`]: [other] } });
    await world.repoint(kind, target, theirs);
    await set.update();
    expect(await poolNow()).toBe(theirs.state["poolId"]);
    await set.declare({ targets: { [`${targetKind}s`]: [name, other] }, overwrite: true });
    await set.update();
    expect(await poolNow()).toBe(ours.state["poolId"]);
    world.nextDeployment();
    await set.refresh();
    await world.repoint(kind, target, theirs);
    await set.deleteNow();
    expect(await poolNow()).toBe(theirs.state["poolId"]);
    expect(await world.poolOfTarget(kind, { [targetKind]: other ?? "" })).toBeUndefined();
  });
});

it("leaves a workspace alone that is re-pointed while the claims of the program are looked up", async () => {
  const { controlPlane, target } = world.plane("hcp-terraform");
  const [ours, theirs] = [await world.poolOn("hcp-terraform"), await world.poolOn("hcp-terraform", "theirs")];
  const assign = (to: object) =>
    world.resource("StackPoolAssignment", { controlPlane, pool: ours.id, target: to });
  const assignment = await assign(target).create();
  world.nextDeployment();
  const stranger = world.emulator.admin.interpose({
    method: "GET",
    path: "/workspaces/app-prod$",
    when: "after",
    times: 1,
    run: () => world.repoint("hcp-terraform", target, theirs),
  });
  await assignment.delete(assign({ workspace: "app-prod" }));
  expect(stranger.count).toBe(1);
  expect(await world.poolOfTarget("hcp-terraform", target)).toBe(theirs.state["poolId"]);
});

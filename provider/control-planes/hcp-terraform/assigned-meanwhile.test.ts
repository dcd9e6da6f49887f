import { expect, onTestFinished, test } from "vitest";
import type { AssignedTarget } from "../control-plane.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

/** A world in which somebody else does something while the access list is written. */
async function open(meanwhile: (world: Awaited<ReturnType<typeof openWorld>>) => void) {
  const world = await openWorld();
  world.emulator.admin.interpose({
    operation: "updateAgentPool",
    when: "after",
    times: 1,
    run: () => meanwhile(world),
  });
  return world;
}

async function openWorld() {
  const world = await openTestWorld();
  onTestFinished(() => world.emulator.stop());
  const [ours, theirs, former] = ["ours", "theirs", "former"].map(world.assignedPool) as [
    string,
    string,
    string,
  ];
  const { assignments } = openPlane(world.emulator.url);
  const look = async (kind: string, name: string) =>
    (await assignments.find({ kind, name }, { fresh: true })) as AssignedTarget;
  const point = (target: { workspace: string } | { project: string }, agentPoolId: string | null) =>
    world.emulator.admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId });
  return { ...world, ours, theirs, former, assignments, look, point };
}

test.each([
  ["workspace", { workspace: "app-prod" }, "app-prod", null],
  ["workspace", { workspace: "app-prod" }, "app-prod", "former"],
  ["project", { project: "platform" }, "platform", null],
] as const)(
  "a %s that somebody else assigns while its access is granted stays theirs: %j",
  async (kind, target, name, before) => {
    const world = await open(({ point, theirs }) => point(target, theirs));
    const { ours, theirs, former, assignments } = world;
    if (before) world.point(target, former);
    const seen = await world.look(kind, name);
    await expect(assignments.assign(seen, ours)).rejects.toThrow(
      `could not assign agent pool ${ours} to ${kind} ${name}: somebody else assigned ${kind} ${name} to agent pool ${theirs} at the same time, and it was left there. Run pulumi up again`,
    );
    expect(await world.look(kind, name)).toMatchObject({ poolId: theirs });
    expect(world.pool(ours)).toMatchObject({ allowedWorkspaceIds: [], allowedProjectIds: [] });
  },
);

test("access that was granted is taken back where the deployment is cancelled before the target has the pool", async () => {
  const cancellation = new AbortController();
  const world = await open(() => cancellation.abort());
  const { assignments } = openPlane(world.emulator.url, { cancelled: cancellation.signal });
  const seen = await world.look("workspace", "app-prod");
  await expect(assignments.assign(seen, world.ours)).rejects.toThrow(
    `could not assign agent pool ${world.ours} to workspace app-prod: the deployment was cancelled before that.`,
  );
  expect((await world.look("workspace", "app-prod")).poolId).toBeUndefined();
  expect(world.pool(world.ours)).toMatchObject({ allowedWorkspaceIds: [] });
});

test("access that was there before stays when somebody else has assigned the target", async () => {
  const world = await openWorld();
  const { ours, theirs, assignments } = world;
  const seen = await world.look("workspace", "app-prod");
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: ours, allowedWorkspaceIds: [seen.id] });
  world.point({ workspace: "app-prod" }, theirs);
  await expect(assignments.assign(seen, ours)).rejects.toThrow(`to agent pool ${theirs} at the same time`);
  expect(world.pool(ours).allowedWorkspaceIds).toEqual([seen.id]);
});

test("a target of another pool that the caller has seen is taken from it", async () => {
  const { ours, former, assignments, look, point } = await openWorld();
  point({ workspace: "app-prod" }, former);
  expect(await assignments.assign(await look("workspace", "app-prod"), ours)).toEqual({
    accessGranted: true,
  });
  expect(await look("workspace", "app-prod")).toMatchObject({ poolId: ours });
});

test.each([
  ["no pool", () => null],
  ["our pool", ({ ours }: { ours: string }) => ours],
])("a target that somebody else points at %s meanwhile gets ours", async (_case, poolOf) => {
  const world = await open((world) => world.point({ workspace: "app-prod" }, poolOf(world)));
  world.point({ workspace: "app-prod" }, world.former);
  const seen = await world.look("workspace", "app-prod");
  expect(await world.assignments.assign(seen, world.ours)).toEqual({ accessGranted: true });
  expect(await world.look("workspace", "app-prod")).toMatchObject({ poolId: world.ours, access: "list" });
});

test("a target that goes away while its access is granted leaves the list", async () => {
  const world = await open(({ emulator: { admin } }) => {
    admin.addFault({ operation: "getWorkspace", kind: "status", status: 404 });
    admin.addFault({ operation: "getWorkspaceByName", kind: "status", status: 404 });
  });
  const seen = await world.look("workspace", "app-prod");
  await expect(world.assignments.assign(seen, world.ours)).rejects.toThrow(
    "could not find workspace app-prod",
  );
  expect(world.pool(world.ours).allowedWorkspaceIds).toEqual([]);
});

test("a grant that fails stays the error while the target is there", async () => {
  const world = await openWorld();
  const seen = await world.look("workspace", "app-prod");
  world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "status", status: 403 });
  await expect(world.assignments.assign(seen, world.ours)).rejects.toThrow("HTTP 403");
});

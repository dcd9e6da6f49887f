import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AssignedTarget } from "../control-plane.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let plane: ReturnType<typeof openPlane>;
let pool: string;
beforeEach(async () => {
  world = await openTestWorld();
  plane = openPlane(world.emulator.url);
  pool = world.assignedPool("builders");
});
afterEach(() => world.emulator.stop());

const workspace = { kind: "workspace", name: "app-prod" };
const project = { kind: "project", name: "platform" };
const found = async (reference: { kind: string; name: string }) =>
  (await plane.assignments.find(reference, { fresh: true })) as AssignedTarget;

describe("assigning a pool", () => {
  test("to a workspace lets it in and makes mode and pool its own", async () => {
    const { id } = world.workspace("app-prod");
    expect(await plane.assignments.assign(await found(workspace), pool)).toEqual({ accessGranted: true });
    expect(world.bodies("updateWorkspace")).toEqual([
      {
        data: {
          type: "workspaces",
          id,
          attributes: {
            "execution-mode": "agent",
            "agent-pool-id": pool,
            "setting-overwrites": { "execution-mode": true, "agent-pool": true },
          },
        },
      },
    ]);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([id]);
    expect(await found(workspace)).toEqual({
      kind: "workspace",
      id,
      name: "app-prod",
      poolId: pool,
      access: "list",
    });
  });

  test("to a project lets it in and makes mode and pool its own", async () => {
    const { id } = world.project("platform");
    expect(await plane.assignments.assign(await found(project), pool)).toEqual({ accessGranted: true });
    expect(world.bodies("updateProject")).toEqual([
      {
        data: {
          type: "projects",
          id,
          attributes: {
            "default-execution-mode": "agent",
            "default-agent-pool-id": pool,
            "setting-overwrites": { "default-execution-mode": true, "default-agent-pool": true },
          },
        },
      },
    ]);
    expect(world.pool(pool).allowedProjectIds).toEqual([id]);
    expect(await found(project)).toEqual({
      kind: "project",
      id,
      name: "platform",
      poolId: pool,
      access: "list",
    });
  });

  test("that lists the target already is not told as a grant of ours", async () => {
    const { id } = world.workspace("app-prod");
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [id] });
    expect(await plane.assignments.assign(await found(workspace), pool)).toEqual({ accessGranted: false });
    expect(world.workspace("app-prod").settings.agentPoolId).toBe(pool);
  });

  test("that everybody may use takes no grant", async () => {
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, organizationScoped: true });
    expect(await plane.assignments.assign(await found(workspace), pool)).toEqual({ accessGranted: false });
    expect(await found(workspace)).toMatchObject({ poolId: pool, access: "everybody" });
  });

  test("that the target has by now changes no setting, whatever was found before", async () => {
    const before = await found(workspace);
    world.point({ workspace: "app-prod" }, pool);
    expect(await plane.assignments.assign(before, pool)).toEqual({ accessGranted: true });
    expect(world.requests("updateWorkspace")).toHaveLength(0);
  });

  test("that a project has by now changes no setting, whatever a list said before", async () => {
    const before = (await plane.assignments.find(project)) as AssignedTarget;
    world.point({ project: "platform" }, pool);
    expect(await plane.assignments.assign(before, pool)).toEqual({ accessGranted: true });
    expect(world.requests("updateProject")).toHaveLength(0);
  });

  test("that the target had, but no longer has, changes it", async () => {
    world.point({ workspace: "app-prod" }, pool);
    const before = await found(workspace);
    world.point({ workspace: "app-prod" }, null);
    await plane.assignments.assign(before, pool);
    expect(world.workspace("app-prod").settings.agentPoolId).toBe(pool);
  });

  test("to a target that is gone grants nothing", async () => {
    const target = { kind: "workspace", id: "ws-0123456789abcdef", name: "gone", poolId: undefined };
    const assignment = plane.assignments.assign(target, pool);
    await expect(assignment).rejects.toMatchObject({ status: 404 });
    await expect(assignment).rejects.toThrow(
      "could not find workspace gone: HTTP 404: there is no workspace with the id ws-0123456789abcdef in organization acme",
    );
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });

  test("that is refused takes the grant back", async () => {
    const target = await found(workspace);
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "status", status: 422 });
    await expect(plane.assignments.assign(target, pool)).rejects.toThrow(
      `could not assign agent pool ${pool} to workspace app-prod: HTTP 422`,
    );
    // A refusal needs no second look.
    expect(world.requests("getWorkspace")).toHaveLength(1);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });

  test("that is refused to a project takes the grant back", async () => {
    const target = await found(project);
    world.emulator.admin.addFault({ operation: "updateProject", kind: "status", status: 422 });
    await expect(plane.assignments.assign(target, pool)).rejects.toThrow(
      `assign agent pool ${pool} to project platform`,
    );
    expect(world.pool(pool).allowedProjectIds).toEqual([]);
  });

  test("that is refused leaves a grant that was there before", async () => {
    const target = await found(workspace);
    world.emulator.admin.hcpTerraform.updateAgentPool({
      agentPoolId: pool,
      allowedWorkspaceIds: [target.id],
    });
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "status", status: 422 });
    await expect(plane.assignments.assign(target, pool)).rejects.toThrow("HTTP 422");
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([target.id]);
  });

  test("whose answers all got lost has succeeded if the target has the pool", async () => {
    // The list that others read by now does not count.
    for (let read = 0; read < 4; read++) await plane.assignments.find(workspace);
    const target = await found(workspace);
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "drop-after" });
    expect(await plane.assignments.assign(target, pool)).toEqual({ accessGranted: true });
    expect(await found(workspace)).toMatchObject({ poolId: pool, access: "list" });
  });

  test("that got lost on the way takes the grant back if the target does not have the pool", async () => {
    const target = await found(workspace);
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "drop-before" });
    await expect(plane.assignments.assign(target, pool)).rejects.toMatchObject({ ambiguous: true });
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });

  test("to a target that is gone by then takes the grant back", async () => {
    const target = await found(workspace);
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "drop-before" });
    // After the look before the assignment, it is no longer there: neither by its id nor by that as a name.
    world.emulator.admin.addFault({ operation: "getWorkspace", kind: "status", status: 404, skip: 1 });
    await expect(plane.assignments.assign(target, pool)).rejects.toMatchObject({ ambiguous: true });
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });

  test("of which nobody knows whether it was done leaves the access as it is, and says so", async () => {
    const target = await found(workspace);
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "drop-after" });
    world.emulator.admin.addFault({ operation: "getWorkspace", kind: "status", status: 403, skip: 1 });
    await expect(plane.assignments.assign(target, pool)).rejects.toThrow(
      "Whether workspace app-prod has the pool now is not known, so its access to the pool was left as it is.",
    );
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([target.id]);
  });

  test("whose grant cannot be taken back says what is left", async () => {
    const target = await found(workspace);
    world.emulator.admin.addFault({ operation: "updateWorkspace", kind: "status", status: 422 });
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "status", status: 403, skip: 1 });
    await expect(plane.assignments.assign(target, pool)).rejects.toThrow(
      new RegExp(
        `HTTP 422.*workspace app-prod stays in the list of those that may use agent pool ${pool}: taking it out failed as well \\(.*HTTP 403`,
      ),
    );
  });
});

test("a kind that the plane does not have is a mistake of the caller", async () => {
  await expect(plane.assignments.find({ kind: "stack", name: "a/b" })).rejects.toThrow(
    "HCP Terraform has no targets of kind stack",
  );
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AssignedTarget } from "../control-plane.ts";
import { documents, startCannedService, toOne } from "./testing/canned-service.ts";
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

describe("access of a target to its pool", () => {
  test("is told from the list of pools, and afresh from the pool", async () => {
    const { id } = world.workspace("app-prod");
    world.point({ workspace: "app-prod" }, pool);
    expect(await plane.assignments.find(workspace)).toMatchObject({ access: "none" });
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [id] });
    expect(await plane.assignments.find(workspace)).toMatchObject({ access: "none" });
    expect(await plane.assignments.find(workspace, { fresh: true })).toMatchObject({ access: "list" });
    expect(world.requests("getAgentPool")).toHaveLength(1);
  });

  test("is that to its own pool among others", async () => {
    const { id } = world.workspace("app-prod");
    const other = world.assignedPool("others");
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: other, allowedWorkspaceIds: [id] });
    world.point({ workspace: "app-prod" }, pool);
    expect(await plane.assignments.find(workspace)).toMatchObject({ poolId: pool, access: "none" });
    world.point({ workspace: "app-prod" }, other);
    expect(await plane.assignments.find(workspace)).toMatchObject({ poolId: other, access: "list" });
  });

  test("is none to a pool whose answer has no lists", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces/app": {
        body: {
          data: documents.workspace(
            "ws-1",
            "app",
            { "agent-pool": toOne("apool-1") },
            { "execution-mode": "agent" },
          ),
        },
      },
      "GET /organizations/acme/agent-pools": { body: { data: [documents.pool("apool-1")] } },
    });
    const { assignments } = openPlane(service.url);
    expect(await assignments.find({ kind: "workspace", name: "app" })).toMatchObject({ access: "none" });
    await service.stop();
  });

  test.each([
    ["everybody", { organizationScoped: true, allowedProjectIds: [], excluded: false }],
    ["none", { organizationScoped: true, allowedProjectIds: ["platform"], excluded: true }],
    ["everybody", { organizationScoped: false, allowedProjectIds: ["platform"], excluded: false }],
    ["none", { organizationScoped: false, allowedProjectIds: ["platform"], excluded: true }],
    ["none", { organizationScoped: false, allowedProjectIds: ["Default Project"], excluded: false }],
  ])("is %s for a workspace that is not listed, with %j", async (access, { excluded, ...scope }) => {
    world.point({ workspace: "app-prod" }, pool);
    world.emulator.admin.hcpTerraform.updateAgentPool({
      agentPoolId: pool,
      organizationScoped: scope.organizationScoped,
      allowedProjectIds: scope.allowedProjectIds.map((name) => world.project(name).id),
      excludedWorkspaceIds: excluded ? [world.workspace("app-prod").id] : [],
    });
    expect(await found(workspace)).toMatchObject({ access });
  });

  test("is not known where the pool cannot be seen", async () => {
    world.point({ workspace: "app-prod" }, pool);
    world.emulator.admin.addFault({ operation: "getAgentPool", kind: "status", status: 404 });
    expect(await found(workspace)).toMatchObject({ poolId: pool, access: undefined });
  });

  test("is not asked for where the target has no pool of its own", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    expect(await found(workspace)).toMatchObject({ poolId: undefined, access: undefined });
    expect(await found(project)).toMatchObject({ poolId: undefined, access: undefined });
    expect(world.requests("getAgentPool")).toHaveLength(0);
  });
});

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
const point = (target: { workspace: string } | { project: string }, agentPoolId: string | null) =>
  world.emulator.admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId });

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
    point({ workspace: "app-prod" }, pool);
    expect(await plane.assignments.assign(before, pool)).toEqual({ accessGranted: true });
    expect(world.requests("updateWorkspace")).toHaveLength(0);
  });

  test("that the target had, but no longer has, changes it", async () => {
    point({ workspace: "app-prod" }, pool);
    const before = await found(workspace);
    point({ workspace: "app-prod" }, null);
    await plane.assignments.assign(before, pool);
    expect(world.workspace("app-prod").settings.agentPoolId).toBe(pool);
  });

  test("to a target that is gone grants nothing", async () => {
    const target = { kind: "workspace", id: "ws-0123456789abcdef", name: "gone", poolId: undefined };
    await expect(plane.assignments.assign(target, pool)).rejects.toThrow(
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

describe("releasing a target", () => {
  test.each([
    ["inherit", { "setting-overwrites": { "execution-mode": false, "agent-pool": false } }],
    ["hosted", { "execution-mode": "remote" }],
  ] as const)("of kind workspace to %s", async (fallback, attributes) => {
    point({ workspace: "app-prod" }, pool);
    const target = await found(workspace);
    await plane.assignments.release(target, fallback);
    expect(world.bodies("updateWorkspace")).toEqual([
      { data: { type: "workspaces", id: target.id, attributes } },
    ]);
    expect(await plane.assignments.find(workspace)).toEqual({
      ...target,
      poolId: undefined,
      access: undefined,
    });
  });

  test.each([
    ["inherit", { "setting-overwrites": { "default-execution-mode": false, "default-agent-pool": false } }],
    ["hosted", { "default-execution-mode": "remote" }],
  ] as const)("of kind project to %s", async (fallback, attributes) => {
    point({ project: "platform" }, pool);
    const target = await found(project);
    await plane.assignments.release(target, fallback);
    expect(world.bodies("updateProject")).toEqual([
      { data: { type: "projects", id: target.id, attributes } },
    ]);
    expect(await plane.assignments.find(project)).toMatchObject({ poolId: undefined });
  });

  test("that fails names what was tried", async () => {
    const [one, other] = [await found(workspace), await found(project)];
    world.emulator.admin.addFault({ method: "PATCH", kind: "status", status: 403 });
    await expect(plane.assignments.release(one, "inherit")).rejects.toThrow(
      "could not take the agent pool from workspace app-prod: HTTP 403",
    );
    await expect(plane.assignments.release(other, "hosted")).rejects.toThrow(
      "could not take the agent pool from project platform: HTTP 403",
    );
  });
});

describe("access of a target to its pool", () => {
  test("is told from the list of pools, and afresh from the pool", async () => {
    const { id } = world.workspace("app-prod");
    point({ workspace: "app-prod" }, pool);
    expect(await plane.assignments.find(workspace)).toMatchObject({ access: "none" });
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [id] });
    expect(await plane.assignments.find(workspace)).toMatchObject({ access: "none" });
    expect(await plane.assignments.find(workspace, { fresh: true })).toMatchObject({ access: "list" });
    expect(world.requests("getAgentPool")).toHaveLength(1);
  });

  test.each([
    ["everybody", { organizationScoped: true, allowedProjectIds: [], excluded: false }],
    ["none", { organizationScoped: true, allowedProjectIds: ["platform"], excluded: true }],
    ["everybody", { organizationScoped: false, allowedProjectIds: ["platform"], excluded: false }],
    ["none", { organizationScoped: false, allowedProjectIds: ["platform"], excluded: true }],
    ["none", { organizationScoped: false, allowedProjectIds: ["Default Project"], excluded: false }],
  ])("is %s for a workspace that is not listed, with %j", async (access, { excluded, ...scope }) => {
    point({ workspace: "app-prod" }, pool);
    world.emulator.admin.hcpTerraform.updateAgentPool({
      agentPoolId: pool,
      organizationScoped: scope.organizationScoped,
      allowedProjectIds: scope.allowedProjectIds.map((name) => world.project(name).id),
      excludedWorkspaceIds: excluded ? [world.workspace("app-prod").id] : [],
    });
    expect(await found(workspace)).toMatchObject({ access });
  });

  test("is not known where the pool cannot be seen", async () => {
    point({ workspace: "app-prod" }, pool);
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

describe("the pool that a target inherits", () => {
  const other = () => world.assignedPool("others");
  const inherited = async (reference: { kind: string; name: string }) =>
    plane.assignments.inheritedPool(await found(reference), { fresh: true });

  test("is none where neither project nor organization has one", async () => {
    expect(await inherited(workspace)).toBeUndefined();
    expect(await inherited(project)).toBeUndefined();
  });

  test("is the organization's, for a project and its workspaces", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    expect(await inherited(workspace)).toBe(pool);
    expect(await inherited(project)).toBe(pool);
  });

  test("is the project's own, for its workspaces", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: other() });
    point({ project: "platform" }, pool);
    expect(await inherited(workspace)).toBe(pool);
    expect(await inherited(project)).not.toBe(pool);
  });

  test("is none where the project runs remotely by its own setting", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    point({ project: "platform" }, null);
    expect(await inherited(workspace)).toBeUndefined();
    expect(await inherited(project)).toBe(pool);
  });

  test("takes lists that were read a short while ago, unless it has to be fresh", async () => {
    const target = await found(workspace);
    expect(await plane.assignments.inheritedPool(target)).toBeUndefined();
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    expect(await plane.assignments.inheritedPool(target)).toBeUndefined();
    expect(await plane.assignments.inheritedPool(target, { fresh: true })).toBe(pool);
  });

  test("of a workspace that is gone is an error", async () => {
    const target = { kind: "workspace", id: "ws-0123456789abcdef", name: "gone" };
    await expect(plane.assignments.inheritedPool(target)).rejects.toThrow("could not find workspace gone");
  });

  test.each([
    ["the organization's, where the service knows no defaults of projects", {}, "apool-org"],
    ["the organization's, where the project's mode is inherited", overwritten("agent", false), "apool-org"],
    [
      "the organization's pool in the project's mode agent",
      {
        "default-execution-mode": "agent",
        "setting-overwrites": { "default-execution-mode": true, "default-agent-pool": false },
      },
      "apool-org",
    ],
    ["none in the project's mode local", overwritten("local", true), undefined],
    [
      "none in the project's mode remote, where nothing is said of overwrites",
      { "default-execution-mode": "remote" },
      undefined,
    ],
  ])("is %s", async (_case, attributes, expected) => {
    const service = await startCannedService({
      "GET /workspaces/ws-0123456789abcdef": {
        body: {
          data: documents.workspace("ws-0123456789abcdef", "w", { project: toOne("prj-0123456789abcdef") }),
        },
      },
      "GET /projects/prj-0123456789abcdef": {
        body: { data: documents.project("prj-0123456789abcdef", "p", {}, attributes) },
      },
      "GET /organizations/acme": {
        body: {
          data: {
            id: "acme",
            attributes: { "default-execution-mode": "agent" },
            relationships: { "default-agent-pool": toOne("apool-org") },
          },
        },
      },
    });
    const target = { kind: "workspace", id: "ws-0123456789abcdef", name: "w" };
    const { assignments } = openPlane(service.url);
    expect(await assignments.inheritedPool(target, { fresh: true })).toBe(expected);
    await service.stop();
  });

  test("of a workspace without a project is the organization's", async () => {
    const service = await startCannedService({
      "GET /workspaces/ws-0123456789abcdef": {
        body: { data: documents.workspace("ws-0123456789abcdef", "w") },
      },
      "GET /organizations/acme": { body: documents.organization() },
    });
    const target = { kind: "workspace", id: "ws-0123456789abcdef", name: "w" };
    expect(await openPlane(service.url).assignments.inheritedPool(target)).toBeUndefined();
    expect(service.asked.map(({ path }) => path)).toEqual([
      "/workspaces/ws-0123456789abcdef",
      "/organizations/acme",
    ]);
    await service.stop();
  });

  function overwritten(mode: string, own: boolean) {
    return { "default-execution-mode": mode, "setting-overwrites": { "default-execution-mode": own } };
  }
});

describe("what has a pool", () => {
  test("are the workspaces and projects with a setting of their own, as they are now", async () => {
    await plane.assignments.list("workspace");
    await plane.assignments.list("project");
    point({ workspace: "app-prod" }, pool);
    point({ workspace: "network-dev" }, world.assignedPool("others"));
    point({ project: "platform" }, pool);
    expect(await plane.assignments.listAssigned(pool)).toEqual([
      { kind: "workspace", id: world.workspace("app-prod").id, name: "app-prod" },
      { kind: "project", id: world.project("platform").id, name: "platform" },
    ]);
  });
});

describe("that a target is gone", () => {
  test.each(["workspace", "project"])(
    "is certain of a %s that answers 404 while others are listed",
    async (kind) => {
      await plane.assignments.confirmGone({ kind, name: "gone" });
      expect(world.requests("getOrganization")).toHaveLength(0);
    },
  );

  test.each([workspace, project])("is refused while it is there: %j", async (reference) => {
    await expect(plane.assignments.confirmGone(reference)).rejects.toThrow(
      `could not confirm that ${reference.kind} ${reference.name} is gone: ${reference.kind} ${reference.name} is still there`,
    );
  });

  test.each([
    ["workspace", "can-create-workspace"],
    ["project", "can-create-project"],
  ])("is refused to a token that sees no %s and lacks %s", async (kind, permission) => {
    const open = (permissions: object) =>
      startCannedService({
        "GET /organizations/acme/workspaces": { body: { data: [] } },
        "GET /organizations/acme/projects": { body: { data: [] } },
        "GET /organizations/acme": { body: documents.organization(permissions) },
      });
    const weak = await open({ [permission]: false });
    await expect(openPlane(weak.url).assignments.confirmGone({ kind, name: "gone" })).rejects.toThrow(
      `the token sees no ${kind} at all in organization acme`,
    );
    await weak.stop();
    const strong = await open({ [permission]: true });
    await openPlane(strong.url).assignments.confirmGone({ kind, name: "gone" });
    await strong.stop();
  });

  test("is not known where they cannot be listed", async () => {
    world.emulator.admin.addFault({ operation: "listWorkspaces", kind: "status", status: 404 });
    await expect(plane.assignments.confirmGone({ kind: "workspace", name: "gone" })).rejects.toThrow(
      "could not list the workspaces of organization acme: HTTP 404",
    );
  });
});

describe("work that a move would break", () => {
  const queue = (status: string, workspace = "app-prod") =>
    world.emulator.admin.hcpTerraform.queueRun({ organization: "acme", workspace, status }).id;

  test.each([
    "fetching",
    "plan_queued",
    "planning",
    "planned",
    "cost_estimated",
    "policy_checked",
    "confirmed",
    "apply_queued",
    "applying",
  ])("is a current run that is %s", async (status) => {
    const run = queue(status);
    expect(await plane.assignments.activeWork(await found(workspace))).toBe(`run ${run} is ${status}`);
  });

  test.each([
    "pending",
    "applied",
    "planned_and_finished",
    "planned_and_saved",
    "discarded",
    "errored",
    "canceled",
    "policy_soft_failed",
  ])("is none where the run is %s", async (status) => {
    queue(status);
    expect(await plane.assignments.activeWork(await found(workspace))).toBeUndefined();
  });

  test("is none where there is no run, or no workspace any more", async () => {
    expect(await plane.assignments.activeWork(await found(workspace))).toBeUndefined();
    const gone = { kind: "workspace", id: "ws-0123456789abcdef", name: "gone" };
    expect(await plane.assignments.activeWork(gone)).toBeUndefined();
  });

  test("is looked for as it is now", async () => {
    const target = await found(workspace);
    const run = queue("planning");
    expect(await plane.assignments.activeWork(target)).toBe(`run ${run} is planning`);
    world.emulator.admin.hcpTerraform.updateRun({ id: run, status: "applied" });
    expect(await plane.assignments.activeWork(target)).toBeUndefined();
  });

  test("of a project is that of a workspace that inherits from it", async () => {
    expect(await plane.assignments.activeWork(await found(project))).toBeUndefined();
    point({ workspace: "app-prod" }, pool);
    queue("planning");
    queue("applied", "network-dev");
    expect(await plane.assignments.activeWork(await found(project))).toBeUndefined();
    expect(world.requests("getRun")).toHaveLength(0);
    const run = queue("applying", "network-prod");
    expect(await plane.assignments.activeWork(await found(project))).toBe(
      `run ${run} is applying in workspace network-prod`,
    );
    expect(world.requests("listWorkspaces").at(-1)?.query).toContain(
      new URLSearchParams({ "filter[project][id]": world.project("platform").id }).toString(),
    );
  });

  test("of a project is none where the run ended between two looks", async () => {
    const run = queue("planning");
    world.emulator.admin.addFault({ operation: "getRun", kind: "status", status: 404, times: 1 });
    expect(await plane.assignments.activeWork(await found(project))).toBeUndefined();
    expect(await plane.assignments.activeWork(await found(project))).toContain(run);
  });
});

test("a kind that the plane does not have is a mistake of the caller", async () => {
  await expect(plane.assignments.find({ kind: "stack", name: "a/b" })).rejects.toThrow(
    "HCP Terraform has no targets of kind stack",
  );
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AssignedTarget } from "../control-plane.ts";
import { documents, startCannedService } from "./testing/canned-service.ts";
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

describe("releasing a target", () => {
  test.each([
    ["inherit", { "setting-overwrites": { "execution-mode": false, "agent-pool": false } }],
    ["hosted", { "execution-mode": "remote" }],
  ] as const)("of kind workspace to %s", async (fallback, attributes) => {
    world.point({ workspace: "app-prod" }, pool);
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
    world.point({ project: "platform" }, pool);
    const target = await found(project);
    await plane.assignments.release(target, fallback);
    expect(world.bodies("updateProject")).toEqual([
      { data: { type: "projects", id: target.id, attributes } },
    ]);
    expect(await plane.assignments.find(project)).toMatchObject({ poolId: undefined });
  });

  test.each([workspace, project])("is known in a list that was read before: %j", async ({ kind, name }) => {
    world.point(kind === "workspace" ? { workspace: name } : { project: name }, pool);
    const listed = async () => {
      const all = (await plane.assignments.list(kind)) as readonly AssignedTarget[];
      return all.find((target) => target.name === name) as AssignedTarget;
    };
    expect(await listed()).toMatchObject({ poolId: pool });
    await plane.assignments.release(await listed(), "inherit");
    expect(await listed()).toMatchObject({ name, poolId: undefined });
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

describe("what has a pool", () => {
  test("are the workspaces and projects with a setting of their own, as they are now", async () => {
    await plane.assignments.list("workspace");
    await plane.assignments.list("project");
    world.point({ workspace: "app-prod" }, pool);
    world.point({ workspace: "network-dev" }, world.assignedPool("others"));
    world.point({ project: "platform" }, pool);
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

  test("is refused for one that came after the list was read", async () => {
    await plane.assignments.list("project");
    world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", projects: ["later"] }] });
    await expect(plane.assignments.confirmGone({ kind: "project", name: "later" })).rejects.toThrow(
      "project later is still there",
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

  test.each(["workspace", "project"])("is not known where no %s can be listed", async (kind) => {
    const service = await startCannedService({
      [`GET /organizations/acme/${kind}s`]: (times) => ({
        status: kind === "project" && times === 0 ? 200 : 403,
        body: { data: [] },
      }),
    });
    await expect(openPlane(service.url).assignments.confirmGone({ kind, name: "gone" })).rejects.toThrow(
      `could not list the ${kind}s of organization acme: HTTP 403`,
    );
    await service.stop();
  });
});

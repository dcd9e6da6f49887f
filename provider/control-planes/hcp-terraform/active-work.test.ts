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

  test("is none where there is no run", async () => {
    expect(await plane.assignments.activeWork(await found(workspace))).toBeUndefined();
  });

  test.each([{}, { "current-run": null }, { "current-run": { data: null } }])(
    "is none where the workspace tells of no run: %j",
    async (relationships) => {
      const service = await startCannedService({
        "GET /organizations/acme/workspaces/w": {
          body: { data: documents.workspace("ws-1", "w", relationships) },
        },
      });
      const { assignments } = openPlane(service.url);
      const target = await assignments.find({ kind: "workspace", name: "w" });
      expect(await assignments.activeWork(target as AssignedTarget)).toBeUndefined();
      expect(service.asked).toHaveLength(1);
      await service.stop();
    },
  );

  test("is the state that the run has now", async () => {
    const run = queue("planning");
    const target = await found(workspace);
    expect(await plane.assignments.activeWork(target)).toBe(`run ${run} is planning`);
    world.emulator.admin.hcpTerraform.updateRun({ id: run, status: "applied" });
    expect(await plane.assignments.activeWork(target)).toBeUndefined();
  });

  test("of a project is that of a workspace that inherits from it", async () => {
    expect(await plane.assignments.activeWork(await found(project))).toBeUndefined();
    world.point({ workspace: "app-prod" }, pool);
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

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
    world.point({ project: "platform" }, pool);
    expect(await inherited(workspace)).toBe(pool);
    expect(await inherited(project)).not.toBe(pool);
  });

  test("is none where the project runs remotely by its own setting", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    world.point({ project: "platform" }, null);
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
      "the organization's, where a project without agents inherits it",
      overwritten("remote", false),
      "apool-org",
    ],
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

  test("is not known for a workspace whose project cannot be seen", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    const { admin } = world.emulator;
    admin.addFault({ operation: "getProject", kind: "status", status: 404 });
    admin.addFault({ operation: "listProjects", kind: "status", status: 200, body: { data: [] } });
    await expect(inherited(workspace)).rejects.toThrow("the token may not see the project");
  });

  test.each([{ "default-agent-pool": null }, { "default-agent-pool": { data: null } }])(
    "is the organization's where the project runs on agents and names none: %j",
    async (relationships) => {
      const service = await startCannedService({
        "GET /organizations/acme/workspaces/w": {
          body: { data: documents.workspace("ws-1", "w", { project: toOne("prj-1") }) },
        },
        "GET /organizations/acme/projects": {
          body: { data: [documents.project("prj-1", "p", relationships, overwritten("agent", true))] },
        },
        "GET /organizations/acme": {
          body: documents.organization(
            {},
            {
              attributes: { "default-execution-mode": "agent" },
              relationships: { "default-agent-pool": toOne("apool-org") },
            },
          ),
        },
      });
      const target = { kind: "workspace", id: "w", name: "w" };
      expect(await openPlane(service.url).assignments.inheritedPool(target)).toBe("apool-org");
      await service.stop();
    },
  );

  test.each([{}, { project: null }, { project: { data: null } }])(
    "of a workspace without a project is the organization's: %j",
    async (relationships) => {
      const service = await startCannedService({
        "GET /workspaces/ws-0123456789abcdef": {
          body: { data: documents.workspace("ws-0123456789abcdef", "w", relationships) },
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
    },
  );

  function overwritten(mode: string, own: boolean) {
    return { "default-execution-mode": mode, "setting-overwrites": { "default-execution-mode": own } };
  }
});

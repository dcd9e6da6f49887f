import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { documents, startCannedService } from "./testing/canned-service.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let plane: ReturnType<typeof openPlane>;
beforeEach(async () => {
  world = await openTestWorld();
  plane = openPlane(world.emulator.url);
});
afterEach(() => world.emulator.stop());

describe("a pool", () => {
  test("whose scope the answer does not tell is a broken answer: it is written back with every change", async () => {
    const { "organization-scoped": _scope, ...attributes } = documents.pool("apool-1").attributes;
    const service = await startCannedService({
      "GET /agent-pools/apool-1": { body: { data: { ...documents.pool("apool-1"), attributes } } },
    });
    const change = openPlane(service.url).pools.update("apool-1", { name: "renamed" });
    await expect(change).rejects.toThrow("the answer lacks `data.attributes.organization-scoped`");
    await service.stop();
  });

  test("whose answer lacks a list has no such list, rather than an empty one", async () => {
    const { relationships, ...pool1 } = documents.pool("apool-1", { "allowed-workspaces": ["ws-b", "ws-a"] });
    const service = await startCannedService({
      "GET /agent-pools/apool-1": {
        body: { data: { ...pool1, relationships: { ...relationships, "allowed-projects": { data: null } } } },
      },
    });
    const pool = await openPlane(service.url).pools.find("apool-1", { fresh: true });
    expect(pool?.scope).toEqual({
      organizationScoped: false,
      allowedWorkspaces: ["ws-a", "ws-b"],
      allowedProjects: undefined,
      excludedWorkspaces: undefined,
    });
    expect(pool?.createdAt).toBeUndefined();
    await service.stop();
  });
});

describe("that a pool is gone", () => {
  test("is certain when it answers 404 and the list lacks it", async () => {
    world.assignedPool("other");
    await plane.pools.confirmGone("apool-none");
    expect(world.requests().map(({ operation }) => operation)).toEqual([
      "getAgentPool",
      "listAgentPools",
      "getOrganization",
    ]);
  });

  test("is refused while it is there", async () => {
    const id = world.assignedPool("builders");
    await expect(plane.pools.confirmGone(id)).rejects.toThrow(`agent pool ${id} is still there. Run again.`);
  });

  test("is refused when the list has it, among others, although it answers 404", async () => {
    const id = world.assignedPool("builders");
    world.assignedPool("other");
    world.emulator.admin.addFault({ operation: "getAgentPool", kind: "status", status: 404 });
    await expect(plane.pools.confirmGone(id)).rejects.toThrow(
      `could not confirm that agent pool ${id} is gone: it answers 404, yet organization acme lists it`,
    );
  });

  test("reads the list anew, whatever was known", async () => {
    await plane.pools.list();
    const id = world.assignedPool("builders");
    world.emulator.admin.addFault({ operation: "getAgentPool", kind: "status", status: 404 });
    await expect(plane.pools.confirmGone(id)).rejects.toThrow("organization acme lists it");
  });

  test.each([403, 404])("is refused when the list of pools answers %i", async (status) => {
    world.emulator.admin.addFault({ operation: "listAgentPools", kind: "status", status });
    await expect(plane.pools.confirmGone("apool-none")).rejects.toThrow(
      /could not list the agent pools of organization acme: HTTP 40[34].*The token may not see agent pools\. Use the token of a user or team that may manage agent pools/,
    );
  });

  test("is not known when the list cannot be read for another reason, which stays the advice", async () => {
    world.emulator.admin.addFault({ operation: "listAgentPools", kind: "status", status: 400 });
    const failure = plane.pools.confirmGone("apool-none");
    await expect(failure).rejects.toThrow("HTTP 400");
    await expect(failure).rejects.not.toThrow("may not see agent pools");
  });

  test.each([
    ["says that the token may not manage pools", { "can-update-agent-pools": false }, false],
    ["says that it may", { "can-update-agent-pools": true }, true],
    ["says nothing of it", {}, true],
    ["says nothing of permissions", null, true],
  ])("depends on the organization's document, which %s", async (_case, permissions, isCertain) => {
    const service = await startCannedService({
      "GET /organizations/acme/agent-pools": { body: { data: [] } },
      "GET /organizations/acme": {
        body: { data: { id: "acme", attributes: { "default-execution-mode": "remote", permissions } } },
      },
    });
    const confirmation = openPlane(service.url).pools.confirmGone("apool-none");
    if (isCertain) await confirmation;
    else {
      await expect(confirmation).rejects.toThrow(
        "the token may not manage the agent pools of organization acme",
      );
    }
    await service.stop();
  });

  test("depends on the organization's document as it is now", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/agent-pools": { body: { data: [] } },
      "GET /organizations/acme": (times) => ({
        body: documents.organization({ "can-update-agent-pools": times === 0 }),
      }),
    });
    const { defaultPool, pools } = openPlane(service.url);
    await defaultPool.find();
    await expect(pools.confirmGone("apool-none")).rejects.toThrow("the token may not manage the agent pools");
    await service.stop();
  });

  test("is not taken from an answer without a list", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/agent-pools": { body: {} },
      "GET /organizations/acme": { body: documents.organization() },
    });
    const plane = openPlane(service.url);
    await expect(plane.pools.confirmGone("apool-none")).rejects.toThrow("the answer lacks `data`");
    await expect(plane.pools.list()).rejects.toThrow("the answer lacks `data`");
    await service.stop();
  });
});

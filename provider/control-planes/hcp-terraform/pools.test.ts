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
  test("is created with its name alone, so that the service decides the scope", async () => {
    const { pool, initialToken } = await plane.pools.create({ name: "builders" });
    expect(world.bodies("createAgentPool")).toEqual([
      { data: { type: "agent-pools", attributes: { name: "builders" } } },
    ]);
    expect(initialToken).toBeUndefined();
    expect(pool).toEqual({
      id: pool.id,
      name: "builders",
      createdAt: world.pool(pool.id).createdAt,
      scope: { organizationScoped: true, allowedWorkspaces: [], allowedProjects: [], excludedWorkspaces: [] },
    });
  });

  test("is created with its scope", async () => {
    const [workspace, other, project] = [
      world.workspace("network-dev").id,
      world.workspace("app-prod").id,
      world.project("platform").id,
    ];
    const scope = {
      organizationScoped: false,
      allowedWorkspaces: [workspace],
      allowedProjects: [project],
      excludedWorkspaces: [other],
    };
    const { pool } = await plane.pools.create({ name: "builders", scope });
    expect(pool.scope).toEqual(scope);
    expect(world.bodies("createAgentPool")).toEqual([
      {
        data: {
          type: "agent-pools",
          attributes: { name: "builders", "organization-scoped": false },
          relationships: {
            "allowed-workspaces": { data: [{ id: workspace, type: "workspaces" }] },
            "allowed-projects": { data: [{ id: project, type: "projects" }] },
            "excluded-workspaces": { data: [{ id: other, type: "workspaces" }] },
          },
        },
      },
    ]);
  });

  test("that was just made is in the list once, however the list was read", async () => {
    await plane.pools.list();
    const { pool } = await plane.pools.create({ name: "builders" });
    expect((await plane.pools.list()).map(({ id }) => id)).toEqual([pool.id]);
    expect(await plane.pools.list({ fresh: true })).toHaveLength(1);
    expect(world.requests("listAgentPools")).toHaveLength(2);
  });

  test("is found in the list that was read, and afresh by asking for it alone", async () => {
    const id = world.assignedPool("builders");
    expect(await plane.pools.find(id)).toMatchObject({ id, name: "builders" });
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: id, name: "renamed" });
    expect(await plane.pools.find(id)).toMatchObject({ name: "builders" });
    expect(world.requests("getAgentPool")).toHaveLength(0);
    expect(await plane.pools.find(id, { fresh: true })).toMatchObject({ name: "renamed" });
    expect(world.requests("listAgentPools")).toHaveLength(1);
    // What is known now, all readers know.
    expect(await plane.pools.find(id)).toMatchObject({ name: "renamed" });
    expect(world.requests("getAgentPool")).toHaveLength(1);
  });

  test("that the list lacks is asked for by its id", async () => {
    await plane.pools.list();
    const id = world.assignedPool("builders");
    expect(await plane.pools.find(id)).toMatchObject({ name: "builders" });
    expect(await plane.pools.find("apool-none")).toBeUndefined();
  });

  test("that cannot be read is an error, not undefined", async () => {
    world.emulator.admin.addFault({ operation: "getAgentPool", kind: "status", status: 403 });
    await expect(plane.pools.find("apool-1", { fresh: true })).rejects.toThrow(
      "could not read agent pool apool-1: HTTP 403",
    );
  });

  test("is deleted, and a second time that answers false", async () => {
    const id = world.assignedPool("builders");
    await plane.pools.list();
    expect(await plane.pools.delete(id, { force: true })).toBe(true);
    expect(await plane.pools.list()).toEqual([]);
    expect(await plane.pools.delete(id, { force: false })).toBe(false);
    expect(world.requests("deleteAgentPool").map(({ path }) => path)).toEqual(
      Array(2).fill(`/api/v2/agent-pools/${id}`),
    );
  });

  test("whose deletion is refused stays known", async () => {
    const id = world.assignedPool("builders");
    world.emulator.admin.hcpTerraform.assign({
      organization: "acme",
      target: { workspace: "app-prod" },
      agentPoolId: id,
    });
    await plane.pools.list();
    await expect(plane.pools.delete(id, { force: true })).rejects.toThrow(
      `could not delete agent pool ${id}: HTTP 422`,
    );
    expect(await plane.pools.list()).toHaveLength(1);
  });

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
    const service = await startCannedService({
      "GET /agent-pools/apool-1": {
        body: { data: documents.pool("apool-1", { "allowed-workspaces": ["ws-b", "ws-a"] }) },
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

describe("a change of a pool", () => {
  test("of its name sends the scope that the pool has now, and no list", async () => {
    const id = world.assignedPool("builders");
    await plane.pools.list();
    world.emulator.admin.hcpTerraform.updateAgentPool({
      agentPoolId: id,
      allowedWorkspaceIds: [world.workspace("app-prod").id],
    });
    expect(await plane.pools.update(id, { name: "renamed" })).toMatchObject({ id, name: "renamed" });
    expect(world.bodies("updateAgentPool")).toEqual([
      {
        data: { type: "agent-pools", id, attributes: { name: "renamed", "organization-scoped": false } },
      },
    ]);
    expect(world.pool(id).allowedWorkspaceIds).toEqual([world.workspace("app-prod").id]);
    expect(await plane.pools.list()).toMatchObject([{ name: "renamed" }]);
  });

  test("waits for one that is under way, whose scope it would undo", async () => {
    const id = world.assignedPool("builders");
    world.emulator.admin.addFault({
      operation: "updateAgentPool",
      kind: "latency",
      milliseconds: 50,
      times: 1,
    });
    await Promise.all([
      plane.pools.update(id, { scope: { organizationScoped: true } }),
      plane.pools.update(id, { name: "renamed" }),
    ]);
    expect(world.bodies("updateAgentPool")[1]).toMatchObject({
      data: { attributes: { name: "renamed", "organization-scoped": true } },
    });
  });

  test("that follows one that failed is done all the same", async () => {
    const id = world.assignedPool("builders");
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "status", status: 422, times: 1 });
    const outcomes = await Promise.allSettled([
      plane.pools.update(id, { name: "first" }),
      plane.pools.update(id, { name: "second" }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(world.pool(id).name).toBe("second");
  });

  test("of a list alone sends that list as a whole, and the scope that the pool has", async () => {
    const id = world.assignedPool("builders");
    const project = world.project("platform").id;
    await plane.pools.update(id, { scope: { allowedProjects: [project] } });
    expect(world.bodies("updateAgentPool")).toEqual([
      {
        data: {
          type: "agent-pools",
          id,
          attributes: { "organization-scoped": false },
          relationships: { "allowed-projects": { data: [{ id: project, type: "projects" }] } },
        },
      },
    ]);
  });

  test("from the organization to those assigned empties the exclusions", async () => {
    const { pool } = await plane.pools.create({
      name: "builders",
      scope: { organizationScoped: true, excludedWorkspaces: [world.workspace("app-prod").id] },
    });
    const scope = { organizationScoped: false, excludedWorkspaces: [] };
    expect((await plane.pools.update(pool.id, { scope })).scope).toMatchObject(scope);
    expect(world.requests("getAgentPool")).toHaveLength(0);
    expect(world.pool(pool.id)).toMatchObject({ organizationScoped: false, excludedWorkspaceIds: [] });
  });

  test("of a pool that is not there says which, and writes nothing", async () => {
    await expect(plane.pools.update("apool-none", { name: "renamed" })).rejects.toThrow(
      "could not read agent pool apool-none: HTTP 404",
    );
    expect(world.requests("updateAgentPool")).toHaveLength(0);
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

  test("is refused when the list has it although it answers 404", async () => {
    const id = world.assignedPool("builders");
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
    ["does not say", {}, true],
  ])("depends on the organization's document, which %s", async (_case, permissions, isCertain) => {
    const service = await startCannedService({
      "GET /organizations/acme/agent-pools": { body: { data: [] } },
      "GET /organizations/acme": { body: documents.organization(permissions) },
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

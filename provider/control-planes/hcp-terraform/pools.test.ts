import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
});

describe("one pool of several", () => {
  let one: string;
  let other: string;
  beforeEach(async () => {
    one = world.assignedPool("one");
    other = world.assignedPool("other");
    await plane.pools.list();
  });
  const names = async () => (await plane.pools.list()).map(({ name }) => name);

  test("is found by its own id", async () => {
    expect(await plane.pools.find(one)).toMatchObject({ id: one, name: "one" });
    expect(await plane.pools.find(other)).toMatchObject({ id: other, name: "other" });
  });

  test("is changed and read anew while the others stay as they are known", async () => {
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: one, name: "changed-by-others" });
    await plane.pools.update(other, { name: "renamed" });
    expect(await names()).toEqual(["one", "renamed"]);
    await plane.pools.find(one, { fresh: true });
    expect(await names()).toEqual(["changed-by-others", "renamed"]);
  });

  test("is deleted while the others stay", async () => {
    await plane.pools.delete(one, { force: false });
    expect(await names()).toEqual(["other"]);
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

  test("whose answer got lost is sent again, since twice is the same as once", async () => {
    const id = world.assignedPool("builders");
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "drop-after", times: 1 });
    expect(await plane.pools.update(id, { name: "renamed" })).toMatchObject({ name: "renamed" });
    expect(world.requests("updateAgentPool")).toHaveLength(2);
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

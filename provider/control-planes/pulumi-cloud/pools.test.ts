import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { forbidden, missing, openCanned, openEmulator } from "./testing/pulumi-world.ts";

const poolsRoute = "/api/orgs/acme/agent-pools";
const listed = { id: "p1", name: "builders", description: "of ours", created: 1_700_000_000 };

describe("agent pools of Pulumi Cloud", () => {
  it("are made with both fields, and come with their one token", async () => {
    const { pools, bodies, state } = await openEmulator();
    const { pool, initialToken } = await pools.create({ name: "builders" });
    const [kept] = state().agentPools;
    expect(pool).toEqual({ id: kept?.id, name: "builders", description: "" });
    expect(initialToken).toMatch(/^pul-/);
    expect(bodies("CreateOrgAgentPool")).toEqual([{ name: "builders", description: "" }]);
  });

  it("are kept in the list when they are made, changed and deleted", async () => {
    const { pools, admin } = await openEmulator();
    expect(await pools.list()).toEqual([]);
    const { pool } = await pools.create({ name: "builders", description: "of ours" });
    const { pool: other } = await pools.create({ name: "others" });
    expect(await pools.list()).toEqual([pool, other]);
    await pools.update(pool.id, { name: "makers" });
    expect(await pools.find(pool.id)).toEqual({ ...pool, name: "makers" });
    expect(await pools.find(other.id)).toEqual(other);
    expect(await pools.delete(pool.id, { force: false })).toBe(true);
    expect(await pools.list()).toEqual([other]);
    expect(admin.journal({ operation: "ListOrgAgentPool" })).toHaveLength(1);
  });

  it("are sent only what changes; an empty description clears it", async () => {
    const { pools, poolId, bodies } = await openEmulator();
    const id = poolId();
    expect(await pools.update(id, { description: "of ours" })).toEqual({
      id,
      name: "builders",
      description: "of ours",
    });
    expect(await pools.update(id, { name: "makers" })).toEqual({
      id,
      name: "makers",
      description: "of ours",
    });
    expect(await pools.update(id, { description: "" })).toEqual({ id, name: "makers", description: "" });
    expect(bodies("PatchOrgAgentPool")).toEqual([
      { description: "of ours" },
      { name: "makers" },
      { description: "" },
    ]);
  });

  it("are found in the list of a moment ago, or now where asked", async () => {
    const { pools, poolId } = await openEmulator();
    await pools.list();
    const id = poolId();
    expect(await pools.find(id)).toBeUndefined();
    expect(await pools.find(id, { fresh: true })).toMatchObject({ id, name: "builders", description: "" });
    expect(await pools.find("other")).toBeUndefined();
  });

  it("are gone only where a fresh list lacks them", async () => {
    const { pools, poolId } = await openEmulator();
    await pools.list();
    const id = poolId();
    const failure = await failureOf(pools.confirmGone(id));
    expect(failure.message).toBe(
      `Pulumi Cloud: could not confirm that agent pool ${id} is gone: organization acme still has it, under the name "builders". Run again.`,
    );
    await expect(pools.confirmGone("other")).resolves.toBeUndefined();
  });

  it("are not gone for a token that may not see them", async () => {
    const { admin, another } = await openEmulator();
    const value = `pul-${"ab".repeat(20)}`;
    admin.addCredential({ plane: "pulumi-cloud", value, kind: "member", organizations: ["acme"] });
    expect((await failureOf(another(value).pools.confirmGone("p1"))).status).toBe(403);
    const { pools } = await openCanned({ "*": missing });
    expect((await failureOf(pools.confirmGone("p1"))).status).toBe(404);
  });

  it("are not deleted while in use, unless by force", async () => {
    const { pools, poolId, admin, state } = await openEmulator();
    const agentPoolId = poolId();
    const target = { stack: "network/prod" };
    admin.pulumiCloud.assign({ organization: "acme", target, agentPoolId });
    const failure = await failureOf(pools.delete(agentPoolId, { force: false }));
    expect(failure).toMatchObject({ status: 400 });
    expect(failure.message).toContain('Stacks have been configured to use deployment pool: "builders"');
    expect(await pools.delete(agentPoolId, { force: true })).toBe(true);
    expect(state().agentPools).toEqual([]);
    expect(admin.journal({ operation: "DeleteOrgAgentPool" }).map(({ query }) => query)).toEqual([
      "",
      "force=true",
    ]);
  });

  it("tell whether a pool was there to delete", async () => {
    const { pools } = await openEmulator();
    expect(await pools.delete("other", { force: false })).toBe(false);
  });

  it("tell times as ISO 8601, be they seconds or milliseconds, and what is absent", async () => {
    const created = [1_700_000_000, 1_700_000_000_000, 100_000_000_000, 0, null];
    const agentPools = created.map((time, index) => ({ ...listed, id: `p${index}`, created: time }));
    const { pools } = await openCanned({ [`GET ${poolsRoute}`]: { body: { agentPools } } });
    expect((await pools.list()).map(({ createdAt }) => createdAt)).toEqual([
      "2023-11-14T22:13:20.000Z",
      "2023-11-14T22:13:20.000Z",
      "5138-11-16T09:46:40.000Z",
      undefined,
      undefined,
    ]);
  });

  it("have an empty description where the service leaves it out", async () => {
    const { pools } = await openCanned({
      [`GET ${poolsRoute}`]: { body: { agentPools: [{ id: "p1", name: "builders" }] } },
      [`PATCH ${poolsRoute}/p1`]: { body: { name: "makers" } },
    });
    expect(await pools.list()).toEqual([{ id: "p1", name: "builders", description: "" }]);
    expect(await pools.update("p1", { name: "makers" })).toEqual({
      id: "p1",
      name: "makers",
      description: "",
    });
  });

  it("keep what a change does not tell", async () => {
    const { pools } = await openCanned({
      [`GET ${poolsRoute}`]: { body: { agentPools: [listed] } },
      [`PATCH ${poolsRoute}/p1`]: { body: { name: "makers", description: "of ours" } },
    });
    const [before] = await pools.list();
    await pools.update("p1", { name: "makers" });
    expect(await pools.find("p1")).toEqual({ ...before, name: "makers" });
  });

  it("are listed once, also where the list already has what was just made", async () => {
    const { pools } = await openCanned({
      [`GET ${poolsRoute}`]: { body: { agentPools: [listed] } },
      [`POST ${poolsRoute}`]: { body: { id: "p1", tokenValue: "pul-11111111111111111111" } },
    });
    await pools.list();
    await pools.create({ name: "builders", description: "of ours" });
    expect(await pools.list()).toEqual([{ id: "p1", name: "builders", description: "of ours" }]);
  });

  it("never take an answer without the list for an empty one", async () => {
    const { pools } = await openCanned({ [`GET ${poolsRoute}`]: { body: {} } });
    expect((await failureOf(pools.list())).message).toContain("agentPools");
  });

  it.each([
    ["an id", { id: "", tokenValue: "pul-11111111111111111111" }],
    ["a token", { id: "p1", tokenValue: "" }],
  ])("are not made by an answer without %s", async (_what, body) => {
    const { pools } = await openCanned({ [`POST ${poolsRoute}`]: { body } });
    expect((await failureOf(pools.create({ name: "builders" }))).ambiguous).toBe(true);
  });

  it("keep the token out of later errors", async () => {
    const tokenValue = "opaque-pulumi-value";
    const { pools } = await openCanned({
      [`POST ${poolsRoute}`]: { body: { id: "p1", tokenValue } },
      [`PATCH ${poolsRoute}/p1`]: { status: 400, body: { code: 400, message: `bad: ${tokenValue}` } },
    });
    await pools.create({ name: "builders" });
    expect((await failureOf(pools.update("p1", { name: "x" }))).message).toContain("bad: [secret]");
  });
});

describe("the default pool of Pulumi Cloud", () => {
  it("is set and given back by its one key", async () => {
    const { defaultPool, poolId, bodies, state } = await openEmulator();
    const id = poolId();
    await defaultPool.set?.(id);
    expect(state().defaultAgentPoolId).toBe(id);
    await defaultPool.set?.(undefined);
    expect(state().defaultAgentPoolId).toBeUndefined();
    expect(bodies("UpdateOrganizationSettings")).toEqual([
      { setDefaultAgentPoolID: id },
      { setDefaultAgentPoolID: "" },
    ]);
  });

  it("is known at once where we set it, and read again where asked", async () => {
    const { defaultPool, pools, poolId, admin } = await openEmulator();
    const id = poolId();
    expect(await defaultPool.find()).toBeUndefined();
    await defaultPool.set?.(id);
    expect(await defaultPool.find()).toBe(id);
    expect(await pools.find(id)).toBeDefined();
    admin.pulumiCloud.setDefaultAgentPool({ organization: "acme", agentPoolId: null });
    expect(await defaultPool.find()).toBe(id);
    expect(await defaultPool.find({ fresh: true })).toBeUndefined();
  });

  it("goes with the pool that is deleted, and with no other", async () => {
    const { defaultPool, pools, poolId, admin } = await openEmulator();
    const [first, second] = [poolId("first"), poolId("second")];
    admin.pulumiCloud.setDefaultAgentPool({ organization: "acme", agentPoolId: first });
    expect(await defaultPool.find()).toBe(first);
    await pools.delete(second, { force: false });
    expect(await defaultPool.find()).toBe(first);
    await pools.delete(first, { force: false });
    expect(await defaultPool.find()).toBeUndefined();
    expect(admin.journal({ operation: "ListOrgAgentPool" })).toHaveLength(1);
  });
});

describe("what Pulumi Cloud refuses", () => {
  const cases: [string, (world: Awaited<ReturnType<typeof openCanned>>) => Promise<unknown> | undefined][] = [
    ["list the agent pools of organization acme", ({ pools }) => pools.list()],
    ['create agent pool "builders"', ({ pools }) => pools.create({ name: "builders" })],
    ['update agent pool "makers" (p1)', ({ pools }) => pools.update("p1", { name: "makers" })],
    ["update agent pool p1", ({ pools }) => pools.update("p1", { description: "" })],
    ["delete agent pool p1", ({ pools }) => pools.delete("p1", { force: false })],
    ["set the default agent pool of organization acme", ({ defaultPool }) => defaultPool.set?.("p1")],
    ["read agent pool p1", ({ agents }) => agents.list("p1")],
    ["count the deployments of organization acme", ({ demand }) => demand.of("p1")],
  ];
  it.each(cases)("names what was tried: %s", async (operation, call) => {
    const world = await openCanned({ "*": forbidden });
    const failure = await failureOf(call(world) as Promise<unknown>);
    expect(failure.message).toBe(
      `Pulumi Cloud: could not ${operation}: HTTP 403: no. The token lacks a permission: agent pools need agent_pool:*, assignments stack_deployment_settings:write, the default pool organization:update.`,
    );
  });
});

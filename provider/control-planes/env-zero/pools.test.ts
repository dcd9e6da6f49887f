import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import {
  cannedOrganizationId,
  forbidden,
  missing,
  openCanned,
  openEmulator,
} from "./testing/env-zero-world.ts";

const logHosting = { accountId: "123456789012", region: "eu-west-1" };

describe("agent pools of env zero", () => {
  it("are made with what is given", async () => {
    const { pools, bodies, acmeId: organizationId } = await openEmulator();
    const { pool, initialToken } = await pools.create({ name: "builders" });
    expect(pool).toEqual({ id: expect.any(String), name: "builders", description: "" });
    expect(initialToken).toBeUndefined();
    const { pool: other } = await pools.create({ name: "others", description: "of ours", logHosting });
    const hosting = { ...logHosting, externalId: organizationId };
    expect(other).toEqual({ id: other.id, name: "others", description: "of ours", logHosting: hosting });
    expect(bodies("createAgent")).toEqual([
      { organizationId, name: "builders" },
      { organizationId, name: "others", description: "of ours", logs: { dynamo: { selfHosted: hosting } } },
    ]);
  });

  it("are kept in the list when they are made, changed and deleted", async () => {
    const { pools, calls } = await openEmulator();
    expect(await pools.list()).toEqual([]);
    const { pool } = await pools.create({ name: "builders" });
    const { pool: other } = await pools.create({ name: "others" });
    expect(await pools.list()).toEqual([pool, other]);
    const changed = await pools.update(pool.id, { name: "makers" });
    expect(await pools.list()).toEqual([changed, other]);
    expect(await pools.delete(pool.id, { force: false })).toBe(true);
    expect(await pools.list()).toEqual([other]);
    expect(calls("listAgents")).toBe(1);
  });

  it("are sent only what changes; null ends log hosting, the empty text a description", async () => {
    const { pools, poolId, bodies, acmeId: organizationId } = await openEmulator();
    const id = poolId();
    const hosting = { ...logHosting, externalId: organizationId };
    expect(await pools.update(id, { description: "of ours" })).toMatchObject({ description: "of ours" });
    expect(await pools.update(id, { logHosting })).toMatchObject({ logHosting: hosting });
    const renamed = await pools.update(id, { name: "makers" });
    expect(renamed).toEqual({ id, name: "makers", description: "of ours", logHosting: hosting });
    expect((await pools.update(id, { logHosting: null })).logHosting).toBeUndefined();
    expect(await pools.update(id, { description: "" })).toEqual({ id, name: "makers", description: "" });
    expect(bodies("updateAgent")).toEqual([
      { description: "of ours" },
      { logs: { dynamo: { selfHosted: hosting } } },
      { name: "makers" },
      { logs: null },
      { description: "" },
    ]);
  });

  it("keep an external id that is given", async () => {
    const answer = { id: "p1", name: "builders" };
    const { pools, api } = await openCanned({ "PATCH /agents/p1": { body: answer } });
    await pools.update("p1", { logHosting: { ...logHosting, externalId: "of ours" } });
    await pools.update("p1", { logHosting });
    expect(api.bodies("PATCH /agents/p1")).toEqual([
      { logs: { dynamo: { selfHosted: { ...logHosting, externalId: "of ours" } } } },
      { logs: { dynamo: { selfHosted: { ...logHosting, externalId: cannedOrganizationId } } } },
    ]);
  });

  it("are found in the list of a moment ago, or now where asked", async () => {
    const { pools, poolId } = await openEmulator();
    await pools.list();
    const id = poolId();
    expect(await pools.find(id)).toBeUndefined();
    expect(await pools.find(id, { fresh: true })).toEqual({ id, name: "builders", description: "" });
    expect(await pools.find("other")).toBeUndefined();
  });

  it("are gone only where a fresh list lacks them", async () => {
    const { pools, poolId } = await openEmulator();
    await pools.list();
    const id = poolId();
    expect((await failureOf(pools.confirmGone(id))).message).toBe(
      `env zero: could not confirm that agent pool ${id} is gone: organization acme still has it, under the name "builders". Run again.`,
    );
    await expect(pools.confirmGone("other")).resolves.toBeUndefined();
    const hidden = await openCanned({ "GET /agents": forbidden });
    expect((await failureOf(hidden.pools.confirmGone("p1"))).status).toBe(403);
  });

  it("tell whether a pool was there to delete, and why one cannot be", async () => {
    const { pools, poolId, admin, projects } = await openEmulator();
    expect(await pools.delete("other", { force: false })).toBe(false);
    const agentId = poolId();
    admin.envZero.assign({ projectId: projects.app, agentId });
    expect(await failureOf(pools.delete(agentId, { force: false }))).toMatchObject({ status: 409 });
  });

  it("may have an empty answer to their deletion", async () => {
    const { pools } = await openCanned({ "DELETE /agents/p1": { status: 204 } });
    expect(await pools.delete("p1", { force: false })).toBe(true);
  });

  it("of the old kind are listed by their key", async () => {
    const { pools } = await openCanned({
      "GET /agents": {
        body: [{ agentKey: "key-1" }, { agentKey: "key-2", name: "named" }, { id: "p1", name: "new" }],
      },
    });
    expect(await pools.list()).toEqual([
      { id: "key-1", name: "key-1", description: "" },
      { id: "key-2", name: "named", description: "" },
      { id: "p1", name: "new", description: "" },
    ]);
    expect(await pools.find("key-1")).toMatchObject({ id: "key-1" });
  });

  it.each([
    ["no list", {}],
    ["a pool without id and key", [{ name: "builders" }]],
    ["a pool with an empty id", [{ id: "", name: "builders" }]],
    ["a pool with an empty key", [{ agentKey: "" }]],
    ["a pool without a name", [{ id: "p1" }]],
  ])("never take %s for an answer", async (_what, body) => {
    const { pools } = await openCanned({ "GET /agents": { body } });
    expect((await failureOf(pools.list())).message).toContain("the answer");
  });

  it("host no logs where the answer names none", async () => {
    const of = (id: string, logs?: unknown) => ({
      id,
      name: id,
      description: null,
      ...(logs !== undefined && { logs }),
    });
    const { pools } = await openCanned({
      "GET /agents": {
        body: [of("a"), of("b", null), of("c", {}), of("d", { dynamo: null }), of("e", { dynamo: {} })],
      },
    });
    expect(await pools.list()).toEqual(
      ["a", "b", "c", "d", "e"].map((id) => ({ id, name: id, description: "" })),
    );
  });
});

describe("secrets of env zero's pools", () => {
  it("are made, listed and revoked", async () => {
    const { tokens, poolId, bodies, calls } = await openEmulator();
    const id = poolId();
    expect(await tokens.list(id)).toEqual([]);
    const { value, ...token } = await tokens.create(id, "first");
    expect(value).toMatch(/^env0agent_/);
    expect(token).toEqual({ id: expect.any(String), description: "first", createdAt: expect.any(String) });
    const { value: _second, ...other } = await tokens.create(id, "second");
    expect(await tokens.list(id)).toEqual([token, other]);
    expect(await tokens.find(id, token.id)).toEqual(token);
    expect(await tokens.delete(id, token.id)).toBe(true);
    expect(await tokens.list(id)).toEqual([other]);
    expect(await tokens.find(id, token.id)).toBeUndefined();
    expect(await tokens.list(id, { fresh: true })).toEqual([other]);
    expect(bodies("createAgentSecret")).toEqual([{ description: "first" }, { description: "second" }]);
    expect(calls("listAgentSecrets")).toBe(2);
  });

  it("are two at most", async () => {
    const { tokens, poolId } = await openEmulator();
    const id = poolId();
    await tokens.create(id, "first");
    await tokens.create(id, "second");
    expect(await failureOf(tokens.create(id, "third"))).toMatchObject({ status: 400, ambiguous: false });
  });

  it("are those of one pool", async () => {
    const { tokens, poolId } = await openEmulator();
    const [first, second] = [poolId("first"), poolId("second")];
    const { id } = await tokens.create(first, "first");
    expect(await tokens.find(second, id)).toBeUndefined();
    expect(await tokens.find(first, id)).toMatchObject({ id });
  });

  it("are found in the list of a moment ago, or now where asked", async () => {
    const { tokens, poolId, admin } = await openEmulator();
    const agentId = poolId();
    await tokens.list(agentId);
    const { id } = admin.envZero.createAgentSecret({ agentId });
    expect(await tokens.find(agentId, id)).toBeUndefined();
    expect(await tokens.find(agentId, id, { fresh: true })).toMatchObject({ id, description: "admin" });
  });

  it("are gone where a fresh list lacks them, or the pool is gone", async () => {
    const { tokens, poolId, admin } = await openEmulator();
    const agentId = poolId();
    admin.envZero.createAgentSecret({ agentId });
    await tokens.list(agentId);
    const { id } = admin.envZero.createAgentSecret({ agentId });
    expect((await failureOf(tokens.confirmGone(agentId, id))).message).toBe(
      `env zero: could not confirm that secret ${id} of agent pool ${agentId} is gone: it is there. Run again.`,
    );
    await expect(tokens.confirmGone(agentId, "other")).resolves.toBeUndefined();
    expect(await tokens.find("other", id)).toBeUndefined();
    await expect(tokens.confirmGone("other", id)).resolves.toBeUndefined();
  });

  it("are not gone where they are hidden", async () => {
    const pool = { id: "p1", name: "builders" };
    const hidden = await openCanned({ "GET /agents/p1/secrets": missing, "GET /agents": { body: [pool] } });
    expect((await failureOf(hidden.tokens.confirmGone("p1", "s1"))).vendorMessage).toContain("still has it");
    const refused = await openCanned({ "GET /agents/p1/secrets": forbidden, "GET /agents": { body: [] } });
    expect((await failureOf(refused.tokens.confirmGone("p1", "s1"))).status).toBe(403);
    expect((await failureOf(refused.tokens.find("p1", "s1"))).status).toBe(403);
  });

  it("tell whether one was there to revoke", async () => {
    const { tokens, poolId } = await openEmulator();
    expect(await tokens.delete(poolId(), "other")).toBe(false);
    const { tokens: others } = await openCanned({ "DELETE /agents/p1/secrets/s1": { status: 204 } });
    expect(await others.delete("p1", "s1")).toBe(true);
  });

  it("may lack what does not tell them apart", async () => {
    const { tokens } = await openCanned({ "GET /agents/p1/secrets": { body: [{ id: "s1" }] } });
    expect(await tokens.list("p1")).toEqual([{ id: "s1", description: "" }]);
  });

  it.each([{ id: "s1" }, { id: "s1", secret: "" }])("are not made by the answer %j", async (body) => {
    const { tokens } = await openCanned({ "POST /agents/p1/secrets": { body } });
    expect((await failureOf(tokens.create("p1", "first"))).ambiguous).toBe(true);
  });

  it("are kept out of later errors", async () => {
    const { tokens } = await openCanned({
      "POST /agents/p1/secrets": { body: { id: "s1", secret: "opaque-env-zero-value" } },
      "DELETE /agents/p1/secrets/s1": { status: 400, body: { message: "bad: opaque-env-zero-value" } },
    });
    await tokens.create("p1", "first");
    expect((await failureOf(tokens.delete("p1", "s1"))).vendorMessage).toBe("bad: [secret]");
  });

  it("escape what ids hold", async () => {
    const { tokens, api } = await openCanned({});
    await tokens.delete("a/b", "c?d");
    expect(api.routes()).toEqual(["DELETE /agents/a%2Fb/secrets/c%3Fd"]);
  });
});

describe("what env zero refuses", () => {
  type World = Awaited<ReturnType<typeof openCanned>>;
  const target = { kind: "project", id: "j1", name: "network", poolId: "p1" };
  const cases: [string, (world: World) => Promise<unknown>][] = [
    ["list the agent pools of organization acme", ({ pools }) => pools.list()],
    ['create agent pool "builders"', ({ pools }) => pools.create({ name: "builders" })],
    ['update agent pool "makers" (p1)', ({ pools }) => pools.update("p1", { name: "makers" })],
    ["update agent pool p1", ({ pools }) => pools.update("p1", { description: "" })],
    ["delete agent pool p1", ({ pools }) => pools.delete("p1", { force: false })],
    ["list the secrets of agent pool p1", ({ tokens }) => tokens.list("p1")],
    ['create a secret "first" for agent pool p1', ({ tokens }) => tokens.create("p1", "first")],
    ["revoke secret s1 of agent pool p1", ({ tokens }) => tokens.delete("p1", "s1")],
    ["read the agent assignments of organization acme", ({ defaultPool }) => defaultPool.find()],
    ["list the projects of organization acme", ({ assignments }) => assignments.list("project")],
    ["assign agent pool p2 to project j1", ({ assignments }) => assignments.assign(target, "p2")],
    ["take the agent pool from project j1", ({ assignments }) => assignments.release(target, "inherit")],
  ];
  it.each(cases)("names what was tried: %s", async (operation, call) => {
    const world = await openCanned({ "*": forbidden });
    expect((await failureOf(call(world))).message).toBe(
      `env zero: could not ${operation}: HTTP 403: no. The API key lacks a permission: pools, secrets and assignments need "Edit Organization Settings".`,
    );
  });
});

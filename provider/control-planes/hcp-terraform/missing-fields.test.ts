import { describe, expect, onTestFinished, test } from "vitest";
import type { ControlPlaneError } from "../http/error.ts";
import { documents, startCannedService, toOne } from "./testing/canned-service.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

async function openWorld() {
  const world = await openTestWorld();
  onTestFinished(() => world.emulator.stop());
  const { admin } = world.emulator;
  const pool = world.assignedPool("theirs");
  admin.hcpTerraform.assign({ organization: "acme", target: { workspace: "app-prod" }, agentPoolId: pool });
  admin.hcpTerraform.assign({ organization: "acme", target: { project: "platform" }, agentPoolId: pool });
  admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
  const lack = (field: string) => admin.addFault({ method: "GET", kind: "without-field", field });
  return { ...world, pool, lack, plane: openPlane(world.emulator.url) };
}

async function openCanned(answers: Parameters<typeof startCannedService>[0]) {
  const service = await startCannedService(answers);
  onTestFinished(service.stop);
  return openPlane(service.url);
}

const failureOf = (work: Promise<unknown>): Promise<ControlPlaneError> =>
  work.then(
    () => Promise.reject(new Error("it succeeded")),
    (error: ControlPlaneError) => error,
  );

describe("an answer that lacks the pool of what runs on agents is broken, and does not say that there is none", () => {
  const reads = {
    workspace: ["read workspace app-prod", { kind: "workspace", name: "app-prod" }],
    project: ["read project platform", { kind: "project", name: "platform" }],
  } as const;

  test.each([
    ["workspace", "data.relationships.agent-pool"],
    ["workspace", "data.relationships.agent-pool.data"],
    ["workspace", "data.relationships"],
    ["project", "data.*.relationships.default-agent-pool"],
    ["project", "data.*.relationships.default-agent-pool.data"],
    ["project", "data.*.relationships"],
  ] as const)("of a %s: %s", async (kind, field) => {
    const { plane, lack } = await openWorld();
    lack(field);
    const [operation, reference] = reads[kind];
    const { message } = await failureOf(plane.assignments.find(reference, { fresh: true }));
    expect(message).toContain(`could not ${operation}`);
    expect(message).toMatch(
      kind === "workspace"
        ? /relationships\.agent-pool\.data`, although execution-mode is agent/
        : /relationships\.default-agent-pool\.data`, although default-execution-mode is agent/,
    );
  });

  test.each(["relationships.agent-pool", "relationships.agent-pool.data"])(
    "in a list of workspaces: %s",
    async (field) => {
      const { plane, lack, pool } = await openWorld();
      lack(`data.*.${field}`);
      await expect(plane.assignments.list("workspace")).rejects.toThrow("relationships.agent-pool.data");
      await expect(plane.assignments.listAssigned(pool)).rejects.toThrow("relationships.agent-pool.data");
    },
  );

  test.each([
    ["data.relationships.default-agent-pool", "data.relationships.default-agent-pool.data`"],
    ["data.relationships", "data.relationships.default-agent-pool.data`"],
    ["data.attributes.default-execution-mode", "the answer lacks `data.attributes.default-execution-mode`"],
  ])("of an organization: %s", async (field, words) => {
    const { plane, lack } = await openWorld();
    lack(field);
    const { message } = await failureOf(plane.defaultPool.find());
    expect(message).toContain("could not read organization acme");
    expect(message).toContain(words);
  });

  test.each([
    ["workspace", "data.attributes.execution-mode"],
    ["project", "data.*.attributes.default-execution-mode"],
  ] as const)("of a %s that does not say its mode: %s", async (kind, field) => {
    const { plane, lack } = await openWorld();
    lack(field);
    await expect(plane.assignments.find(reads[kind][1], { fresh: true })).rejects.toThrow(
      `could not ${reads[kind][0]}`,
    );
  });

  test.each([
    ["workspace", { "execution-mode": "agent", "setting-overwrites": { "execution-mode": false } }],
    ["workspace", { "execution-mode": "agent", "setting-overwrites": { "agent-pool": false } }],
    ["workspace", { "execution-mode": "local" }],
    ["project", { "default-execution-mode": "agent", "setting-overwrites": { "default-agent-pool": false } }],
    ["project", { "default-execution-mode": "remote" }],
    // A service that knows no defaults of projects.
    ["project", {}],
  ] as const)("but a %s with %j needs none", async (kind, attributes) => {
    const { assignments } = await openCanned({
      [`GET /organizations/acme/${kind}s`]: {
        body: { data: [documents[kind]("id-1", "a", {}, attributes)] },
      },
    });
    expect(await assignments.list(kind)).toEqual([{ kind, id: "id-1", name: "a", poolId: undefined }]);
  });

  test("of a project that tells a pool and no mode", async () => {
    const { assignments } = await openCanned({
      "GET /organizations/acme/projects": {
        body: { data: [documents.project("prj-1", "p", { "default-agent-pool": toOne("apool-1") })] },
      },
    });
    await expect(assignments.list("project")).rejects.toThrow(
      "data.0.attributes.default-execution-mode`, although the answer has other defaults",
    );
  });
});

describe("an answer that lacks a list of a pool is broken, and the list is not empty", () => {
  test.each(["allowed-workspaces", "allowed-projects", "excluded-workspaces"])("%s", async (list) => {
    const { plane, lack, pool } = await openWorld();
    lack(`data.relationships.${list}`);
    const { message } = await failureOf(plane.pools.find(pool, { fresh: true }));
    expect(message).toContain(`could not read agent pool ${pool}`);
    expect(message).toContain(`data.relationships.${list}.data\``);
  });

  test("allowed-workspaces, in the list of pools", async () => {
    const { plane, lack } = await openWorld();
    lack("data.*.relationships.allowed-workspaces.data");
    await expect(plane.pools.list()).rejects.toThrow("data.0.relationships.allowed-workspaces.data");
  });

  const poolWith = (lists: Record<string, object>, scoped: boolean) =>
    openCanned({
      "GET /agent-pools/apool-1": {
        body: {
          data: {
            id: "apool-1",
            attributes: { name: "p", "organization-scoped": scoped },
            relationships: lists,
          },
        },
      },
    });
  const none = { data: [] };

  test.each([
    ["of an older service", { "allowed-workspaces": none }, false],
    ["that is organization-scoped", {}, true],
    ["that is organization-scoped, with exclusions", { "excluded-workspaces": none }, true],
  ])("but a pool %s needs no more than %j", async (_case, lists, scoped) => {
    const { pools } = await poolWith(lists, scoped);
    expect(await pools.find("apool-1", { fresh: true })).toMatchObject({ id: "apool-1" });
  });

  test.each([
    ["excluded-workspaces", { "allowed-workspaces": none, "allowed-projects": none }, true],
    ["excluded-workspaces", { "allowed-workspaces": none, "allowed-projects": none }, false],
    ["allowed-projects", { "allowed-workspaces": none, "excluded-workspaces": none }, false],
    ["allowed-workspaces", { "allowed-workspaces": { links: {} } }, false],
  ])("%s, although the service knows it: %j", async (list, lists, scoped) => {
    const { pools } = await poolWith(lists, scoped);
    await expect(pools.find("apool-1", { fresh: true })).rejects.toThrow(
      `relationships.${list}.data\`, although`,
    );
  });
});

describe("an answer that does not say when a token was last used is broken, and does not say never", () => {
  const token = async () => {
    const { plane, lack, pool, emulator } = await openWorld();
    const { id } = emulator.admin.hcpTerraform.createAgentToken({ agentPoolId: pool });
    return { id, lack, pool, tokens: plane.tokens, emulator };
  };

  test("about one token", async () => {
    const { id, lack, pool, tokens } = await token();
    lack("data.attributes.last-used-at");
    await expect(tokens.find(pool, id, { fresh: true })).rejects.toThrow(
      `could not read agent token ${id}: HTTP 200: the answer lacks \`data.attributes.last-used-at\``,
    );
  });

  test("about those of a pool", async () => {
    const { lack, pool, tokens } = await token();
    lack("data.*.attributes.last-used-at");
    await expect(tokens.list(pool)).rejects.toThrow(
      `could not list the tokens of agent pool ${pool}: HTTP 200: the answer lacks \`data.0.attributes.last-used-at\``,
    );
  });

  test("but a token that was just made keeps its value: nobody has used it", async () => {
    const { pool, tokens, emulator } = await token();
    emulator.admin.addFault({
      operation: "createAgentToken",
      kind: "without-field",
      field: "data.attributes.last-used-at",
    });
    expect(await tokens.create(pool, "fleet 1")).toMatchObject({
      lastUsedAt: null,
      value: expect.stringContaining(".atlasv1."),
    });
  });
});

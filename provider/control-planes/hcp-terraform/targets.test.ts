import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { documents, startCannedService, toOne } from "./testing/canned-service.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let plane: ReturnType<typeof openPlane>;
beforeEach(async () => {
  world = await openTestWorld();
  plane = openPlane(world.emulator.url);
});
afterEach(() => world.emulator.stop());

const seedWorkspaces = (count: number, project?: string) =>
  world.emulator.admin.seed({
    hcpTerraform: [
      {
        organization: "acme",
        workspaces: Array.from({ length: count }, (_, index) => ({
          name: `app-${index}`,
          ...(project && { project }),
        })),
      },
    ],
  });
const find = (kind: string, name: string, fresh = false) => plane.assignments.find({ kind, name }, { fresh });

describe("a workspace", () => {
  test("is one thing by its name and by its id", async () => {
    const { id } = world.workspace("app-prod");
    const expected = { kind: "workspace", id, name: "app-prod", poolId: undefined, access: undefined };
    expect(await find("workspace", "app-prod")).toEqual(expected);
    expect(await find("workspace", id)).toEqual(expected);
    expect(world.requests().map(({ operation }) => operation)).toEqual([
      "getWorkspaceByName",
      "getWorkspace",
    ]);
  });

  test.each(["ws-short", "ws-0123456789abcdef"])(
    "may have a name that looks like an id: %s",
    async (name) => {
      world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", workspaces: [{ name }] }] });
      expect(await find("workspace", name, true)).toMatchObject({ id: world.workspace(name).id, name });
      expect(world.requests("getWorkspace")).toHaveLength(name === "ws-short" ? 0 : 1);
    },
  );

  test("of another organization is not this one's, whatever its id", async () => {
    const id = "ws-0123456789abcdef";
    const open = (organization: string) =>
      startCannedService({
        [`GET /workspaces/${id}`]: {
          body: { data: documents.workspace(id, "app", { organization: toOne(organization) }) },
        },
      });
    for (const [organization, isOurs] of [
      ["other", false],
      ["Acme", true],
    ] as const) {
      const service = await open(organization);
      const found = await openPlane(service.url).assignments.find({ kind: "workspace", name: id });
      expect(found !== undefined).toBe(isOurs);
      await service.stop();
    }
  });

  test("that the plane does not have is undefined; one that it refuses is an error", async () => {
    expect(await find("workspace", "gone")).toBeUndefined();
    expect(await find("workspace", "gone", true)).toBeUndefined();
    world.emulator.admin.addFault({ operation: "getWorkspaceByName", kind: "status", status: 403 });
    await expect(find("workspace", "app-prod")).rejects.toThrow(
      "could not read workspace app-prod: HTTP 403",
    );
  });

  test("is read by itself three times, then from a list that all share", async () => {
    seedWorkspaces(8);
    for (let index = 0; index < 8; index++) expect(await find("workspace", `app-${index}`)).toBeDefined();
    expect(world.requests("getWorkspaceByName")).toHaveLength(3);
    // One look at how long the list is, and the list.
    expect(world.requests("listWorkspaces").map(({ query }) => query)).toEqual(
      Array(2).fill(new URLSearchParams({ "page[size]": "100", "page[number]": "1" }).toString()),
    );
    expect(await find("workspace", world.workspace("app-5").id)).toMatchObject({ name: "app-5" });
    expect(world.requests("getWorkspace")).toHaveLength(0);
  });

  test("is not read from a list that costs more than the single reads", async () => {
    seedWorkspaces(600);
    for (let index = 0; index < 7; index++) await find("workspace", `app-${index}`);
    // Seven pages are dear for six reads, and worth it for seven.
    expect(world.requests("getWorkspaceByName")).toHaveLength(6);
    expect(
      world.requests("listWorkspaces").map(({ query }) => new URLSearchParams(query).get("page[number]")),
    ).toEqual(["1", "1", "1", "2", "3", "4", "5", "6", "7"]);
  });

  test("that has to be fresh is asked for alone, however many there are, and the list learns of it", async () => {
    const pool = world.assignedPool("builders");
    for (const name of ["a", "b", "c"]) await find("workspace", name);
    await find("workspace", "app-prod");
    const lists = world.requests("listWorkspaces").length;
    world.emulator.admin.hcpTerraform.assign({
      organization: "acme",
      target: { workspace: "app-prod" },
      agentPoolId: pool,
    });
    expect(await find("workspace", "app-prod")).toMatchObject({ poolId: undefined });
    expect(await find("workspace", "app-prod", true)).toMatchObject({ poolId: pool });
    expect(await find("workspace", "app-prod")).toMatchObject({ poolId: pool });
    expect(world.requests("listWorkspaces")).toHaveLength(lists);
  });

  test("is looked for again in the list after a look that failed", async () => {
    for (const name of ["a", "b", "c"]) await find("workspace", name);
    world.emulator.admin.addFault({ operation: "listWorkspaces", kind: "status", status: 403, times: 1 });
    await expect(find("workspace", "app-prod")).rejects.toThrow("HTTP 403");
    expect(await find("workspace", "app-prod")).toBeDefined();
  });

  test.each([
    ["mode and pool are inherited", false, false],
    ["the mode is inherited", false, true],
    ["the pool is inherited", true, false],
  ])("has no pool of its own where %s", async (_case, mode, pool) => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces/app": {
        body: { data: onPool({ "setting-overwrites": { "execution-mode": mode, "agent-pool": pool } }) },
      },
    });
    const { assignments } = openPlane(service.url);
    expect(await assignments.find({ kind: "workspace", name: "app" })).toMatchObject({ poolId: undefined });
    await service.stop();
  });

  test.each([
    ["the service knows no overwrites", {}, "apool-1"],
    ["both are its own", { "setting-overwrites": { "execution-mode": true, "agent-pool": true } }, "apool-1"],
    ["it runs elsewhere", { "execution-mode": "local" }, undefined],
  ])("has the pool that is told where %s", async (_case, attributes, poolId) => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces/app": { body: { data: onPool(attributes) } },
      "GET /organizations/acme/agent-pools": { body: { data: [] } },
    });
    const { assignments } = openPlane(service.url);
    expect((await assignments.find({ kind: "workspace", name: "app" }))?.poolId).toBe(poolId);
    await service.stop();
  });

  const onPool = (attributes: object) =>
    documents.workspace(
      "ws-1",
      "app",
      { "agent-pool": toOne("apool-1") },
      { "execution-mode": "agent", ...attributes },
    );
});

describe("a project", () => {
  test("is one thing by its name and by its id", async () => {
    const { id } = world.project("platform");
    const expected = { kind: "project", id, name: "platform", poolId: undefined, access: undefined };
    expect(await find("project", "platform")).toEqual(expected);
    expect(await find("project", id)).toEqual(expected);
    expect(world.requests().map(({ operation }) => operation)).toEqual(["listProjects"]);
  });

  test("that the list lacks is asked for by its id", async () => {
    await find("project", "platform");
    world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", projects: ["later"] }] });
    expect(await find("project", world.project("later").id)).toMatchObject({ name: "later" });
    expect(await find("project", "later")).toBeUndefined();
    expect(await find("project", "prj-short")).toBeUndefined();
    expect(world.requests("getProject")).toHaveLength(1);
  });

  test("that has to be fresh is asked for alone, by its id or its name", async () => {
    world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", projects: ["platform-2"] }] });
    const pool = world.assignedPool("builders");
    await find("project", "platform");
    world.emulator.admin.hcpTerraform.assign({
      organization: "acme",
      target: { project: "platform" },
      agentPoolId: pool,
    });
    expect(await find("project", "platform")).toMatchObject({ poolId: undefined });
    expect(await find("project", "platform", true)).toMatchObject({ name: "platform", poolId: pool });
    expect(world.requests("listProjects").at(-1)?.query).toContain("filter%5Bnames%5D=platform&");
    expect(await find("project", world.project("platform").id, true)).toMatchObject({ poolId: pool });
    expect(world.requests("listProjects")).toHaveLength(2);
    expect(await find("project", "platform")).toMatchObject({ poolId: pool });
    expect(await find("project", "plat", true)).toBeUndefined();
  });

  test("may have a name that looks like an id", async () => {
    const name = "prj-0123456789abcdef";
    world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", projects: [name] }] });
    expect(await find("project", name)).toMatchObject({ id: world.project(name).id });
    expect(await find("project", name, true)).toMatchObject({ id: world.project(name).id });
  });

  test("of another organization is not this one's, and names are not taken from a service that does not filter", async () => {
    const id = "prj-0123456789abcdef";
    const service = await startCannedService({
      [`GET /projects/${id}`]: {
        body: { data: documents.project(id, "theirs", { organization: toOne("other") }) },
      },
      "GET /organizations/acme/projects": { body: { data: [documents.project("prj-1", "ours")] } },
    });
    const { assignments } = openPlane(service.url);
    expect(await assignments.find({ kind: "project", name: id }, { fresh: true })).toBeUndefined();
    expect(await assignments.find({ kind: "project", name: id })).toBeUndefined();
    expect(await assignments.find({ kind: "project", name: "theirs" }, { fresh: true })).toBeUndefined();
    await service.stop();
  });

  test.each([
    [
      "inherits its mode",
      { "default-execution-mode": false, "default-agent-pool": true },
      "agent",
      undefined,
    ],
    [
      "inherits its pool",
      { "default-execution-mode": true, "default-agent-pool": false },
      "agent",
      undefined,
    ],
    [
      "has both by itself",
      { "default-execution-mode": true, "default-agent-pool": true },
      "agent",
      "apool-1",
    ],
    ["runs remotely", { "default-execution-mode": true, "default-agent-pool": true }, "remote", undefined],
    ["says nothing of overwrites", undefined, "agent", "apool-1"],
  ])("that %s", async (_case, overwrites, mode, poolId) => {
    const attributes = { "default-execution-mode": mode, "setting-overwrites": overwrites };
    const service = await startCannedService({
      "GET /organizations/acme/projects": {
        body: {
          data: [documents.project("prj-1", "p", { "default-agent-pool": toOne("apool-1") }, attributes)],
        },
      },
      "GET /organizations/acme/agent-pools": { body: { data: [] } },
    });
    const { assignments } = openPlane(service.url);
    expect((await assignments.find({ kind: "project", name: "p" }))?.poolId).toBe(poolId);
    await service.stop();
  });
});

describe("a list of targets", () => {
  test("has all of a kind, in pages of a hundred, once for all who ask", async () => {
    seedWorkspaces(150);
    const listed = await plane.assignments.list("workspace");
    expect(listed).toHaveLength(153);
    expect(listed[0]).toEqual({
      kind: "workspace",
      id: world.workspace("app-0").id,
      name: "app-0",
      poolId: undefined,
    });
    await plane.assignments.list("workspace", {});
    expect(
      world.requests("listWorkspaces").map(({ query }) => new URLSearchParams(query).get("page[number]")),
    ).toEqual(["1", "2"]);
    await plane.assignments.list("workspace", {}, { fresh: true });
    expect(world.requests("listWorkspaces")).toHaveLength(4);
  });

  test("of projects is read once too, or afresh", async () => {
    const names = async (fresh: boolean) =>
      (await plane.assignments.list("project", {}, { fresh })).map(({ name }) => name);
    expect(await names(false)).toEqual(["Default Project", "platform"]);
    world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", projects: ["later"] }] });
    expect(await names(false)).toHaveLength(2);
    expect(await names(true)).toEqual(["Default Project", "platform", "later"]);
  });

  test.each(["name", "id"])("of a project's workspaces takes the project by its %s", async (by) => {
    seedWorkspaces(2);
    const { id } = world.project("platform");
    const project = by === "id" ? id : "platform";
    const names = (await plane.assignments.list("workspace", { project })).map(({ name }) => name);
    expect(names).toEqual(["app-prod", "network-dev", "network-prod"]);
    const query = new URLSearchParams(world.requests("listWorkspaces")[0]?.query);
    expect(Object.fromEntries(query)).toEqual({
      "filter[project][id]": id,
      "page[size]": "100",
      "page[number]": "1",
    });
  });

  test("of a project that does not exist names those that do", async () => {
    await expect(plane.assignments.list("workspace", { project: "platfrom" })).rejects.toThrow(
      "could not find project platfrom: organization acme has no project platfrom that this token may see. It has Default Project, platform.",
    );
    expect(world.requests("listWorkspaces")).toHaveLength(0);
  });

  test.each([
    [20, /p-19\.$/],
    [21, /p-19 and 1 more\.$/],
  ])("of a project that does not exist names twenty of %i at most", async (count, end) => {
    const projects = Array.from({ length: count }, (_, index) =>
      documents.project(`prj-${index}`, `p-${String(index).padStart(2, "0")}`),
    );
    const service = await startCannedService({
      "GET /organizations/acme/projects": { body: { data: projects } },
    });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace", { project: "none" })).rejects.toThrow(end);
    await service.stop();
  });

  test("of a project, to a token that sees none, says that", async () => {
    const service = await startCannedService({ "GET /organizations/acme/projects": { body: { data: [] } } });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace", { project: "none" })).rejects.toThrow(
      "It sees no project at all",
    );
    await service.stop();
  });

  test.each([
    ["a name", "production", { "search[tags]": "production" }],
    ["a key and a value", "env=a=b", { "filter[tagged][0][key]": "env", "filter[tagged][0][value]": "a=b" }],
    ["a key and an empty value", "env=", { "filter[tagged][0][key]": "env", "filter[tagged][0][value]": "" }],
  ])("by a tag that is %s asks the service for it", async (_case, tag, query) => {
    // A key has to be asked for by a service that knows the filter, which is tried out first.
    const probes = tag.includes("=") ? 1 : 0;
    const service = await startCannedService({
      "GET /organizations/acme/workspaces": (times) => ({
        body: { data: times < probes ? [] : [documents.workspace("ws-1", "app")] },
      }),
    });
    const listed = await openPlane(service.url).assignments.list("workspace", { tag });
    expect(listed).toEqual([{ kind: "workspace", id: "ws-1", name: "app", poolId: undefined }]);
    expect(service.asked.slice(probes).map((one) => Object.fromEntries(one.query))).toEqual([
      { ...query, "page[size]": "100", "page[number]": "1" },
    ]);
    await service.stop();
  });

  test("by a tag that nothing has is empty, and no answer for other lists", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces": (times) => ({
        body: { data: times === 0 ? [] : [documents.workspace("ws-1", "app")] },
      }),
    });
    const { assignments } = openPlane(service.url);
    expect(await assignments.list("workspace", { tag: "none" })).toEqual([]);
    expect(await assignments.list("workspace")).toHaveLength(1);
    await service.stop();
  });

  test("by tag and project asks for both, and drops what a service without that filter sends", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/projects": { body: { data: [documents.project("prj-1", "p")] } },
      "GET /organizations/acme/workspaces": {
        body: {
          data: [
            documents.workspace("ws-1", "mine", { project: toOne("prj-1") }),
            documents.workspace("ws-2", "other", { project: toOne("prj-2") }),
            documents.workspace("ws-3", "unknown"),
          ],
        },
      },
    });
    const listed = await openPlane(service.url).assignments.list("workspace", { tag: "t", project: "p" });
    expect(listed.map(({ name }) => name)).toEqual(["mine", "unknown"]);
    expect(Object.fromEntries(service.asked[1]?.query ?? [])).toMatchObject({
      "search[tags]": "t",
      "filter[project][id]": "prj-1",
    });
    await service.stop();
  });

  test.each([{ tag: "t" }, { project: "p" }])(
    "of projects cannot be filtered by %j, and is not the whole list then",
    async (filter) => {
      await expect(plane.assignments.list("project", filter)).rejects.toThrow(
        "projects cannot be selected by tag or by project",
      );
    },
  );

  test.each([
    ["data", {}],
    ["data.0.attributes.name", { data: [{ id: "ws-1", attributes: { "execution-mode": "remote" } }] }],
    ["data.0.attributes.execution-mode", { data: [{ id: "ws-1", attributes: { name: "app" } }] }],
  ])("that lacks %s is a broken answer, not an empty list", async (field, body) => {
    const service = await startCannedService({ "GET /organizations/acme/workspaces": { body } });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace")).rejects.toThrow(field);
    await expect(assignments.list("workspace", { tag: "t" })).rejects.toThrow(field);
    await service.stop();
  });
});

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
    const open = (organization: object) =>
      startCannedService({
        [`GET /workspaces/${id}`]: {
          body: { data: documents.workspace(id, "app", { organization }) },
        },
      });
    for (const [organization, isOurs] of [
      [toOne("other"), false],
      [toOne("Acme"), true],
      // An answer that does not tell the organization is about ours.
      [{ data: null }, true],
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

  test.each([{ "agent-pool": null }, { "agent-pool": { data: null } }])(
    "that runs on agents may name no pool: %j",
    async (relationships) => {
      const attributes = { "execution-mode": "agent" };
      const service = await startCannedService({
        "GET /organizations/acme/workspaces/t": {
          body: { data: documents.workspace("x-1", "t", relationships, attributes) },
        },
      });
      const { assignments } = openPlane(service.url);
      expect(await assignments.find({ kind: "workspace", name: "t" })).toMatchObject({
        id: "x-1",
        poolId: undefined,
      });
      await service.stop();
    },
  );

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

  test("is read from a list of five pages from the fourth read on", async () => {
    seedWorkspaces(500 - world.state().workspaces.length);
    for (let index = 0; index < 4; index++) await find("workspace", `app-${index}`);
    expect(world.requests("getWorkspaceByName")).toHaveLength(3);
  });

  test.each([{}, { meta: null }, { meta: {} }, { meta: { pagination: null } }, { meta: { pagination: {} } }])(
    "is read from a list that does not tell its pages, which is one: %j",
    async (rest) => {
      const names = ["a", "b", "c", "d"];
      const workspaces = names.map((name) => documents.workspace(`ws-${name}`, name));
      const service = await startCannedService({
        "GET /organizations/acme/workspaces": { body: { data: workspaces, ...rest } },
      });
      const { assignments } = openPlane(service.url);
      const found = [];
      for (const name of names) found.push(await assignments.find({ kind: "workspace", name }));
      expect(found.map((target) => target?.id)).toEqual([undefined, undefined, undefined, "ws-d"]);
      await service.stop();
    },
  );

  test("that is read anew or changed leaves the others as the list has them", async () => {
    for (const name of ["a", "b", "c", "app-prod"]) await find("workspace", name);
    expect(await find("workspace", "network-dev", true)).toMatchObject({ name: "network-dev" });
    for (const name of ["app-prod", "network-dev", "network-prod"])
      expect(await find("workspace", name)).toMatchObject({ id: world.workspace(name).id, name });
    // Three before there was a list, and the one that had to be fresh.
    expect(world.requests("getWorkspaceByName")).toHaveLength(4);
    expect(world.requests("listWorkspaces")).toHaveLength(2);
  });

  test("that the list lacks is asked for by itself", async () => {
    for (const name of ["a", "b", "c", "app-prod"]) await find("workspace", name);
    seedWorkspaces(1);
    expect(await find("workspace", "app-0")).toMatchObject({ name: "app-0" });
    expect(await find("workspace", "gone")).toBeUndefined();
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

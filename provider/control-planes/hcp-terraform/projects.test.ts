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

const find = (kind: string, name: string, fresh = false) => plane.assignments.find({ kind, name }, { fresh });

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

  test("that is read anew leaves the others as they are known", async () => {
    const [one, other] = [world.project("Default Project").id, world.project("platform").id];
    await find("project", one);
    await find("project", other, true);
    expect(await find("project", one)).toMatchObject({ id: one, name: "Default Project" });
    expect(await find("project", other)).toMatchObject({ id: other, name: "platform" });
  });

  test.each([{ "default-agent-pool": null }, { "default-agent-pool": { data: null } }])(
    "that runs on agents may name no pool: %j",
    async (relationships) => {
      const attributes = { "default-execution-mode": "agent" };
      const service = await startCannedService({
        "GET /organizations/acme/projects": {
          body: { data: [documents.project("x-1", "t", relationships, attributes)] },
        },
      });
      const { assignments } = openPlane(service.url);
      expect(await assignments.find({ kind: "project", name: "t" })).toMatchObject({
        id: "x-1",
        poolId: undefined,
      });
      await service.stop();
    },
  );

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

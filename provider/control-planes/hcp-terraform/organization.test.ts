import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { documents, startCannedService } from "./testing/canned-service.ts";
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

test("the organization is the same one in whatever case its name is given", async () => {
  for (const organization of ["acme", "Acme", "ACME"])
    expect(await openPlane(world.emulator.url, { organization }).organizationId()).toBe("acme");
});

describe("the default pool of the organization", () => {
  test("is set with the mode, and taken away with it", async () => {
    expect(await plane.defaultPool.find()).toBeUndefined();
    await plane.defaultPool.set(pool);
    expect(await plane.defaultPool.find()).toBe(pool);
    await plane.defaultPool.set(undefined);
    expect(await plane.defaultPool.find()).toBeUndefined();
    expect(await plane.defaultPool.find({ fresh: true })).toBeUndefined();
    expect(world.bodies("updateOrganization")).toEqual([
      {
        data: {
          type: "organizations",
          id: "acme",
          attributes: { "default-execution-mode": "agent" },
          relationships: { "default-agent-pool": { data: { id: pool, type: "agent-pools" } } },
        },
      },
      { data: { type: "organizations", id: "acme", attributes: { "default-execution-mode": "remote" } } },
    ]);
    // What we wrote is known; only what has to be fresh is asked for.
    expect(world.requests("getOrganization")).toHaveLength(2);
  });

  test("is read afresh where it has to be", async () => {
    expect(await plane.defaultPool.find()).toBeUndefined();
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    expect(await plane.defaultPool.find()).toBeUndefined();
    expect(await plane.defaultPool.find({ fresh: true })).toBe(pool);
  });

  test.each([
    ["has null for a pool", { "default-agent-pool": { data: null } }],
    ["has null for the relationship", { "default-agent-pool": null }],
  ])("is none where the organization runs on agents but %s", async (_case, relationships) => {
    const service = await startCannedService({
      "GET /organizations/acme": {
        body: documents.organization(
          {},
          { attributes: { "default-execution-mode": "agent" }, relationships },
        ),
      },
    });
    expect(await openPlane(service.url).defaultPool.find()).toBeUndefined();
    await service.stop();
  });

  test("is none where the mode is another, whatever pool is told", async () => {
    const service = await startCannedService({
      "GET /organizations/acme": {
        body: documents.organization(
          {},
          {
            attributes: { "default-execution-mode": "local" },
            relationships: { "default-agent-pool": { data: { id: pool } } },
          },
        ),
      },
    });
    expect(await openPlane(service.url).defaultPool.find()).toBeUndefined();
    await service.stop();
  });

  test("that cannot be set or read says so", async () => {
    await expect(plane.defaultPool.set("apool-none")).rejects.toThrow(
      "could not set the default agent pool of organization acme: HTTP 422",
    );
    const other = openPlane(world.emulator.url, { organization: "other" });
    await expect(other.defaultPool.find()).rejects.toThrow("could not read organization other: HTTP 404");
  });
});

describe("agents", () => {
  test.each([
    ["idle", true],
    ["busy", true],
    ["unknown", false],
    ["errored", false],
    ["exited", false],
  ] as const)("that are %s", async (status, online) => {
    const lastPingAt = "2026-01-02T03:04:05.000Z";
    const { id } = world.emulator.admin.hcpTerraform.putAgent({
      agentPoolId: pool,
      name: "a",
      status,
      lastPingAt,
    });
    expect(await plane.agents.list(pool)).toEqual([
      { id, name: "a", status, online, lastSeenAt: lastPingAt },
    ]);
  });

  test("without a name have their id for one, and no time if they never pinged", async () => {
    const service = await startCannedService({
      "GET /agent-pools/apool-1/agents": {
        body: {
          data: [
            { id: "agent-1", attributes: { name: null, status: "idle", "last-ping-at": null } },
            { id: "agent-2", attributes: { name: "", status: "idle" } },
          ],
        },
      },
    });
    expect(await openPlane(service.url).agents.list("apool-1")).toEqual([
      { id: "agent-1", name: "agent-1", status: "idle", online: true, lastSeenAt: undefined },
      { id: "agent-2", name: "agent-2", status: "idle", online: true, lastSeenAt: undefined },
    ]);
    await service.stop();
  });

  test("of a pool that is not there are an error, not none", async () => {
    await expect(plane.agents.list("apool-none")).rejects.toThrow(
      "could not list the agents of agent pool apool-none: HTTP 404",
    );
  });
});

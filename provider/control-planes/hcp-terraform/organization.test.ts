import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { documents, startCannedService, toOne } from "./testing/canned-service.ts";
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

describe("demand", () => {
  const point = (workspace: string) =>
    world.emulator.admin.hcpTerraform.assign({
      organization: "acme",
      target: { workspace },
      agentPoolId: pool,
    });
  const queue = (workspace: string, status: string, planOnly = false) =>
    world.emulator.admin.hcpTerraform.queueRun({ organization: "acme", workspace, status, planOnly });

  test("is one agent for each workspace that may apply and one for each run that only plans", async () => {
    for (const name of ["app-prod", "network-dev", "network-prod"]) point(name);
    queue("app-prod", "plan_queued");
    queue("app-prod", "apply_queued");
    queue("app-prod", "plan_queued", true);
    queue("app-prod", "planning", true);
    queue("network-dev", "applying");
    queue("network-dev", "plan_queued");
    queue("network-prod", "planned");
    expect(await plane.demand.of(pool)).toEqual({ waiting: 2, running: 2 });
    const { query } = world.requests("listOrganizationRuns")[0] ?? {};
    expect(Object.fromEntries(new URLSearchParams(query))).toMatchObject({
      "filter[agent_pool_names]": expect.stringContaining("builders"),
      "filter[status_group]": "non_final",
    });
  });

  test.each(["queuing", "queuing_apply", "plan_queued", "apply_queued"])(
    "waits while a run is %s",
    async (status) => {
      point("app-prod");
      queue("app-prod", status);
      expect(await plane.demand.of(pool)).toEqual({ waiting: 1, running: 0 });
    },
  );

  test.each([
    "pending",
    "planned",
    "planned_and_saved",
    "cost_estimated",
    "policy_checked",
    "policy_override",
    "post_plan_completed",
    "post_plan_awaiting_decision",
  ])("is none while a run is %s", async (status) => {
    point("app-prod");
    queue("app-prod", status);
    expect(await plane.demand.of(pool)).toEqual({ waiting: 0, running: 0 });
  });

  test("is that of one pool among others", async () => {
    const other = world.assignedPool("others");
    point("app-prod");
    queue("app-prod", "planning");
    expect(await plane.demand.of(other)).toEqual({ waiting: 0, running: 0 });
    expect(await plane.demand.of(pool)).toEqual({ waiting: 0, running: 1 });
    expect(world.requests("listOrganizationRuns")).toHaveLength(1);
  });

  test("is that of the pool which a workspace inherits", async () => {
    world.emulator.admin.hcpTerraform.assign({
      organization: "acme",
      target: { project: "platform" },
      agentPoolId: pool,
    });
    queue("network-prod", "planning");
    expect(await plane.demand.of(pool)).toEqual({ waiting: 0, running: 1 });
  });

  test("of a pool that came later counts, and of one that is gone there is none", async () => {
    await plane.pools.list();
    const later = world.assignedPool("later");
    world.point({ workspace: "app-prod" }, later);
    queue("app-prod", "planning");
    expect(await plane.demand.of(later)).toEqual({ waiting: 0, running: 1 });
    expect(await plane.demand.of("apool-none")).toEqual({ waiting: 0, running: 0 });
  });

  test("of many pools costs one read, within the limit of 30 lists of runs a minute", async () => {
    world.emulator.admin.setRateLimits({ hcpTerraformRunLists: { requests: 30, perMilliseconds: 60_000 } });
    const pools = Array.from({ length: 120 }, (_, index) =>
      world.assignedPool(`a-pool-with-a-long-name-${index}`),
    );
    world.point({ workspace: "app-prod" }, pools[77] as string);
    queue("app-prod", "planning");
    const demands = await Promise.all(pools.map((id) => plane.demand.of(id)));
    expect(demands.map(({ running }) => running)).toEqual(pools.map((_, index) => (index === 77 ? 1 : 0)));
    expect(world.requests("listOrganizationRuns")).toHaveLength(1);
    // So many names do not fit into a request: all runs are read then.
    expect(world.requests("listOrganizationRuns")[0]?.query).not.toContain("agent_pool_names");
  });

  test("leaves out runs whose workspace is not shown", async () => {
    const run = (id: string, relationships: object) => ({
      id,
      attributes: { status: "planning" },
      relationships,
    });
    const service = await startCannedService({
      "GET /organizations/acme/agent-pools": { body: { data: [documents.pool("apool-1")] } },
      "GET /organizations/acme/runs": {
        body: { data: [run("run-1", {}), run("run-2", { workspace: toOne("ws-1") })] },
      },
    });
    expect(await openPlane(service.url).demand.of("apool-1")).toEqual({ waiting: 0, running: 0 });
    await service.stop();
  });
});

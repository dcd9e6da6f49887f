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

  test("leaves out runs of a workspace that inherits from a project which is not shown", async () => {
    world.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization: "acme", agentPoolId: pool });
    queue("app-prod", "planning");
    expect(await openPlane(world.emulator.url).demand.of(pool)).toEqual({ waiting: 0, running: 1 });
    const { admin } = world.emulator;
    admin.addFault({ operation: "getProject", kind: "status", status: 404 });
    admin.addFault({ operation: "listProjects", kind: "status", status: 200, body: { data: [] } });
    expect(await plane.demand.of(pool)).toEqual({ waiting: 0, running: 0 });
  });
});

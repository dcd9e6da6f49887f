import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { missing, openCanned, openEmulator } from "./testing/pulumi-world.ts";

const poolRoute = "GET /api/orgs/acme/agent-pools/p1";
const deploymentsRoute = "GET /api/orgs/acme/deployments";
let made = 0;
const deployment = (status: string, poolId?: string, created = new Date().toISOString()) => ({
  id: `d${made++}`,
  status,
  created,
  ...(poolId && { agentPool: { id: poolId } }),
});
const countsRoute = "GET /api/orgs/acme/deployments/metadata";
const counts = (notStarted: number, accepted: number, running: number) => ({
  body: { deploymentCounts: { notStarted, accepted, running, total: 12_345 } },
});
const times = <Item>(count: number, item: () => Item): Item[] => Array.from({ length: count }, item);

describe("agents of a Pulumi Cloud pool", () => {
  it("are those that the service shows, online or not", async () => {
    const { agents, poolId, admin } = await openEmulator();
    const agentPoolId = poolId();
    admin.pulumiCloud.putAgent({ organization: "acme", agentPoolId, hostname: "one" });
    admin.pulumiCloud.putAgent({ organization: "acme", agentPoolId, hostname: "two", status: "offline" });
    const listed = await agents.list(agentPoolId);
    const common = { lastSeenAt: expect.stringMatching(/^20.*Z$/), version: "2.3.0" };
    expect(listed).toEqual([
      { id: "one/1", name: "one", status: "online", online: true, ...common },
      { id: "two/1", name: "two", status: "offline", online: false, ...common },
    ]);
  });

  it("may lack what does not tell them apart", async () => {
    const bare = { hostname: "one", status: "online" };
    const { agents } = await openCanned({ [poolRoute]: { body: { agents: [bare, { ...bare, pid: 7 }] } } });
    expect(await agents.list("p1")).toEqual([
      { id: "one/", name: "one", status: "online", online: true },
      { id: "one/7", name: "one", status: "online", online: true },
    ]);
  });

  it("are not none where the answer lacks them, or there is no pool", async () => {
    const { agents } = await openCanned({ [poolRoute]: { body: { id: "p1" } } });
    expect((await failureOf(agents.list("p1"))).message).toContain("agents");
    const none = await openCanned({ "*": missing });
    expect((await failureOf(none.agents.list("p1"))).status).toBe(404);
  });
});

describe("demand of a Pulumi Cloud pool", () => {
  it("is what its deployments wait for and run", async () => {
    const { demand, poolId, admin } = await openEmulator();
    const agentPoolId = poolId();
    const queue = (stack: string) =>
      admin.pulumiCloud.queueDeployment({ organization: "acme", stack, agentPoolId }).id;
    queue("network/dev");
    const id = queue("app/dev");
    admin.pulumiCloud.updateDeployment({ organization: "acme", id, status: "running" });
    expect(await demand.of(agentPoolId)).toEqual({ waiting: 1, running: 1 });
    expect(await demand.of(poolId("others"))).toEqual({ waiting: 0, running: 0 });
  });

  it("counts what is queued and taken as waiting, and nothing of others or of the past", async () => {
    const statuses = ["not-started", "accepted", "running", "failed", "succeeded", "skipped"];
    const deployments = [
      ...statuses.map((status) => deployment(status, "p1")),
      ...statuses.map((status) => deployment(status, "p2")),
      ...statuses.map((status) => deployment(status)),
    ];
    const { demand } = await openCanned({
      [countsRoute]: counts(3, 3, 3),
      [deploymentsRoute]: { body: { deployments } },
    });
    expect(await demand.of("p1")).toEqual({ waiting: 2, running: 1 });
  });

  it("reads until all that wait or run are found, once for all pools", async () => {
    const { demand, api } = await openCanned({
      [countsRoute]: counts(1_000, 60, 140),
      [deploymentsRoute]: [
        ...times(10, () => ({ body: { deployments: times(100, () => deployment("not-started", "p1")) } })),
        { body: { deployments: times(100, () => deployment("succeeded", "p1")) } },
        {
          body: {
            deployments: [
              ...times(60, () => deployment("accepted", "p1")),
              ...times(40, () => deployment("running", "p2")),
            ],
          },
        },
        { body: { deployments: times(100, () => deployment("running", "p1")) } },
      ],
    });
    expect(await Promise.all([demand.of("p1"), demand.of("p2"), demand.of("p3")])).toEqual([
      { waiting: 1_060, running: 100 },
      { waiting: 0, running: 40 },
      { waiting: 0, running: 0 },
    ]);
    expect(api.routes().filter((route) => route === deploymentsRoute)).toHaveLength(13);
    expect(api.requests.at(-1)?.query).toEqual({ page: "13", pageSize: "100" });
  });

  it("counts once what moves to the next page while pages are read", async () => {
    const page = times(100, () => deployment("running", "p1"));
    const { demand } = await openCanned({
      [countsRoute]: counts(0, 0, 200),
      [deploymentsRoute]: [
        { body: { deployments: page } },
        { body: { deployments: [page[99], ...times(98, () => deployment("running", "p1"))] } },
      ],
    });
    expect(await demand.of("p1")).toEqual({ waiting: 0, running: 198 });
  });

  it("asks for no deployment where nothing waits or runs", async () => {
    const { demand, api } = await openCanned({ [countsRoute]: counts(0, 0, 0) });
    expect(await demand.of("p1")).toEqual({ waiting: 0, running: 0 });
    expect(api.routes()).toEqual([countsRoute]);
  });

  it("reads to the last page, or back to what can wait no more, where the token sees fewer than there are", async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000).toISOString();
    const page = (days: number) => ({
      body: {
        deployments: [
          ...times(99, () => deployment("running", "p1")),
          deployment("failed", "p1", daysAgo(days)),
        ],
      },
    });
    const old = await openCanned({
      [countsRoute]: counts(0, 0, 9_999),
      [deploymentsRoute]: [page(1), page(6.99), page(7.01)],
    });
    expect(await old.demand.of("p1")).toEqual({ waiting: 0, running: 297 });
    expect(old.api.requests).toHaveLength(4);
    const few = await openCanned({
      [countsRoute]: counts(0, 0, 9_999),
      [deploymentsRoute]: [page(1), { body: { deployments: times(99, () => deployment("accepted", "p1")) } }],
    });
    expect(await few.demand.of("p1")).toEqual({ waiting: 99, running: 99 });
  });

  it("is not nothing where the answer lacks the list", async () => {
    const { demand } = await openCanned({ [countsRoute]: counts(1, 0, 0), [deploymentsRoute]: { body: {} } });
    expect((await failureOf(demand.of("p1"))).message).toContain("deployments");
  });
});

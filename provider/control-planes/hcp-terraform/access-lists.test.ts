import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import type { AssignedTarget } from "../control-plane.ts";
import { openSession } from "./session.ts";
import { documents, startCannedService } from "./testing/canned-service.ts";
import { openPlane, openTestWorld, quick } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let pool: string;
beforeEach(async () => {
  world = await openTestWorld();
  pool = world.assignedPool("builders");
});
afterEach(() => world.emulator.stop());

const listsOf = (url: string) =>
  openSession({ organization: "acme", url }, { token: emulatorCredentials.hcpTerraformToken }, quick)
    .accessLists;
const lists = () => listsOf(world.emulator.url);
const workspace = (id: string) => ({ list: "allowed-workspaces", id }) as const;
const project = (id: string) => ({ list: "allowed-projects", id }) as const;
const manyWorkspaces = (count: number) => {
  world.emulator.admin.seed({
    hcpTerraform: [
      {
        organization: "acme",
        workspaces: Array.from({ length: count }, (_, index) => ({ name: `app-${index}` })),
      },
    ],
  });
  return Array.from({ length: count }, (_, index) => world.workspace(`app-${index}`).id);
};

describe("a grant", () => {
  test("adds the member to the whole list, and sends that list and the scope only", async () => {
    const [first, second] = manyWorkspaces(2) as [string, string];
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [first] });
    expect(await lists().grant(pool, workspace(second))).toBe(true);
    const [body] = world.bodies("updateAgentPool");
    expect(body).toMatchObject({ data: { id: pool, attributes: { "organization-scoped": false } } });
    expect((body as { data: object }).data).toHaveProperty("relationships", {
      "allowed-workspaces": { data: [first, second].map((id) => ({ id, type: "workspaces" })) },
    });
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual([first, second].sort());
  });

  test("of a project goes to the list of projects", async () => {
    const { id } = world.project("platform");
    expect(await lists().grant(pool, project(id))).toBe(true);
    expect(world.pool(pool)).toMatchObject({ allowedProjectIds: [id], allowedWorkspaceIds: [] });
  });

  test("of what is listed already changes nothing, and says so", async () => {
    const { id } = world.workspace("app-prod");
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [id] });
    expect(await lists().grant(pool, workspace(id))).toBe(false);
    expect(world.requests("updateAgentPool")).toHaveLength(0);
  });

  test("for a pool that everybody may use changes nothing", async () => {
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, organizationScoped: true });
    expect(await lists().grant(pool, workspace(world.workspace("app-prod").id))).toBe(false);
    expect(world.requests("updateAgentPool")).toHaveLength(0);
  });

  test("for a pool that is not there says so", async () => {
    await expect(lists().grant("apool-none", workspace("ws-1"))).rejects.toMatchObject({
      status: 404,
      operation: "change the access list of agent pool apool-none",
    });
  });

  test("twice at the same time takes one change, which the first one made", async () => {
    const access = lists();
    const member = workspace(world.workspace("app-prod").id);
    expect(await Promise.all([access.grant(pool, member), access.grant(pool, member)])).toEqual([
      true,
      false,
    ]);
    expect(world.requests("updateAgentPool")).toHaveLength(1);
  });

  test("and a revocation of the same member come in their order", async () => {
    const access = lists();
    const member = workspace(world.workspace("app-prod").id);
    expect(await Promise.all([access.grant(pool, member), access.revoke(pool, member)])).toEqual([
      true,
      true,
    ]);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });

  test("is gathered with others while a write is under way", async () => {
    const ids = manyWorkspaces(50);
    const access = lists();
    const granted = await Promise.all(ids.map((id) => access.grant(pool, workspace(id))));
    expect(granted).toEqual(ids.map(() => true));
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual(ids.sort());
    expect(world.requests("updateAgentPool")).toHaveLength(1);
    // One look before a write, one at its time, and few until it has settled: for all of them, not for each.
    expect(world.requests("getAgentPool").length).toBeLessThan(20);
  });

  test("that the service refuses keeps no other one out", async () => {
    const [first, second] = manyWorkspaces(2) as [string, string];
    const access = lists();
    const outcomes = await Promise.allSettled(
      [first, "ws-unknown", second].map((id) => access.grant(pool, workspace(id))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(outcomes[1]).toMatchObject({
      reason: { status: 404, vendorMessage: expect.stringContaining("ws-unknown") },
    });
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual([first, second].sort());
  });

  test("after one that failed works as if nothing had been", async () => {
    const access = lists();
    const [one, other] = manyWorkspaces(2) as [string, string];
    const grant = (...ids: string[]) =>
      Promise.allSettled(ids.map((id) => access.grant(pool, workspace(id)))).then((outcomes) =>
        outcomes.map(({ status }) => status),
      );
    expect(await grant("ws-unknown", "ws-unknown-too")).toEqual(["rejected", "rejected"]);
    // Whoever comes before all that waited has its end belongs to them.
    await new Promise(setImmediate);
    const writes = world.requests("updateAgentPool").length;
    expect(await grant(one, other)).toEqual(["fulfilled", "fulfilled"]);
    expect(world.requests("updateAgentPool")).toHaveLength(writes + 1);
  });

  test("for a pool that cannot be read fails for all, and works once it can be read", async () => {
    world.emulator.admin.addFault({ operation: "getAgentPool", kind: "status", status: 403 });
    const access = lists();
    const { id } = world.workspace("app-prod");
    const outcomes = await Promise.allSettled([id, "ws-1"].map((one) => access.grant(pool, workspace(one))));
    expect(outcomes).toMatchObject([{ reason: { status: 403 } }, { reason: { status: 403 } }]);
    expect(world.requests("updateAgentPool")).toHaveLength(0);
    world.emulator.admin.clearFaults();
    expect(await access.grant(pool, workspace(id))).toBe(true);
  });

  test("does without the look at the time of the write if that fails", async () => {
    const { id } = world.workspace("app-prod");
    const look = { operation: "getAgentPool", kind: "status", status: 403, skip: 1, times: 1 } as const;
    world.emulator.admin.addFault(look);
    expect(await lists().grant(pool, workspace(id))).toBe(true);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([id]);
  });

  test("waits until its write has settled, rather than to look all the time", async () => {
    const { url } = world.emulator;
    // In real time: a wait that ends at once would leave room for twenty looks.
    const credential = { token: emulatorCredentials.hcpTerraformToken };
    const session = openSession({ organization: "acme", url }, credential, { retries: quick.retries });
    expect(await session.accessLists.grant(pool, workspace(world.workspace("app-prod").id))).toBe(true);
    expect(world.requests("getAgentPool").length).toBeLessThan(8);
  });

  test("of a workspace and one of a project are one write", async () => {
    const members = [workspace(world.workspace("app-prod").id), project(world.project("platform").id)];
    const access = lists();
    expect(await Promise.all(members.map((member) => access.grant(pool, member)))).toEqual([true, true]);
    expect(world.requests("updateAgentPool")).toHaveLength(1);
    expect(world.pool(pool)).toMatchObject({
      allowedWorkspaceIds: [members[0]?.id],
      allowedProjectIds: [members[1]?.id],
    });
  });

  test("that the service forbids fails for all, with one request", async () => {
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "status", status: 403 });
    const access = lists();
    const outcomes = await Promise.allSettled(
      ["ws-1", "ws-2"].map((id) => access.grant(pool, workspace(id))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(world.requests("updateAgentPool")).toHaveLength(1);
  });

  test("whose answer got lost has been made, and is not written again", async () => {
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "drop-after", times: 1 });
    expect(await lists().grant(pool, workspace(world.workspace("app-prod").id))).toBe(true);
    expect(world.requests("updateAgentPool")).toHaveLength(1);
  });

  test("that got lost before it was done is written again", async () => {
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "drop-before", times: 1 });
    const { id } = world.workspace("app-prod");
    expect(await lists().grant(pool, workspace(id))).toBe(true);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([id]);
  });

  test("that is always lost fails in the end", async () => {
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "status", status: 502 });
    await expect(lists().grant(pool, workspace(world.workspace("app-prod").id))).rejects.toMatchObject({
      status: 502,
      ambiguous: true,
    });
    expect(world.requests("updateAgentPool")).toHaveLength(6);
  });

  test("is refused where the answer about the pool lacks the list: nobody may lose access by that", async () => {
    const service = await startCannedService({
      "GET /agent-pools/apool-1": { body: { data: documents.pool("apool-1", { "allowed-workspaces": [] }) } },
    });
    await expect(listsOf(service.url).grant("apool-1", project("prj-1"))).rejects.toThrow(
      "the answer about the pool has no allowed-projects",
    );
    expect(service.asked.map(({ method }) => method)).toEqual(["GET"]);
    await service.stop();
  });
});

describe("a revocation", () => {
  test("takes the member out and leaves the others in", async () => {
    const [first, second] = manyWorkspaces(2) as [string, string];
    world.emulator.admin.hcpTerraform.updateAgentPool({
      agentPoolId: pool,
      allowedWorkspaceIds: [first, second],
    });
    expect(await lists().revoke(pool, workspace(first))).toBe(true);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([second]);
  });

  test("of what is not listed changes nothing", async () => {
    expect(await lists().revoke(pool, workspace("ws-1"))).toBe(false);
    expect(world.requests("updateAgentPool")).toHaveLength(0);
  });

  test("also works for a pool that everybody may use", async () => {
    const { id } = world.workspace("app-prod");
    world.emulator.admin.hcpTerraform.updateAgentPool({
      agentPoolId: pool,
      organizationScoped: true,
      allowedWorkspaceIds: [id],
    });
    expect(await lists().revoke(pool, workspace(id))).toBe(true);
    expect(world.bodies("updateAgentPool")).toMatchObject([
      { data: { attributes: { "organization-scoped": true } } },
    ]);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });
});

describe("with somebody else who writes the same list", () => {
  test.each(Array.from({ length: 10 }, (_, round) => round + 1))(
    "two deployments that grant at the same time lose none, time %i of 10",
    async (round) => {
      const [first, second] = manyWorkspaces(2) as [string, string];
      // Each reads before the other one has written, and the one is slower than the other.
      world.emulator.admin.addFault({
        operation: "updateAgentPool",
        kind: "latency",
        milliseconds: round,
      });
      world.emulator.admin.addFault({
        operation: "updateAgentPool",
        kind: "latency",
        milliseconds: 3,
        skip: 1,
        times: 1,
      });
      const granted = await Promise.all([
        lists().grant(pool, workspace(first)),
        lists().grant(pool, workspace(second)),
      ]);
      expect(granted).toEqual([true, true]);
      expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual([first, second].sort());
    },
  );

  test("a slow service makes the second look wait longer", async () => {
    const [first, second] = manyWorkspaces(2) as [string, string];
    // Both have looked before either write arrives; the second one overwrites the first one 40 ms later.
    const slow = { operation: "updateAgentPool", kind: "latency" } as const;
    world.emulator.admin.addFault({ ...slow, milliseconds: 40, times: 1 });
    world.emulator.admin.addFault({ ...slow, milliseconds: 80, skip: 1, times: 1 });
    const granted = await Promise.all([
      lists().grant(pool, workspace(first)),
      lists().grant(pool, workspace(second)),
    ]);
    expect(granted).toEqual([true, true]);
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual([first, second].sort());
  });

  test("four deployments that grant and revoke at the same time lose nothing", async () => {
    const ids = manyWorkspaces(12);
    const present = ids.slice(8);
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: present });
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "latency", milliseconds: 20 });
    await Promise.all(
      [0, 1, 2, 3].flatMap((index) => {
        const access = lists();
        return [
          access.grant(pool, workspace(ids[2 * index] as string)),
          access.grant(pool, workspace(ids[2 * index + 1] as string)),
          access.revoke(pool, workspace(present[index] as string)),
        ];
      }),
    );
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual(ids.slice(0, 8).sort());
  });

  /** Does something each time that the pool has been written so often. */
  const afterWrites = async (writes: number, act: () => void) => {
    while (world.requests("updateAgentPool").filter(({ status }) => status === 200).length < writes) {
      await new Promise((done) => setTimeout(done, 2));
    }
    act();
  };
  const edit = (allowedWorkspaceIds: string[]) =>
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds });

  test("a member that a third party overwrites is written again, and the third party's one stays", async () => {
    const [ours, theirs] = manyWorkspaces(2) as [string, string];
    const granted = lists().grant(pool, workspace(ours));
    await afterWrites(1, () => edit([theirs]));
    expect(await granted).toBe(true);
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual([ours, theirs].sort());
    expect(world.requests("updateAgentPool")).toHaveLength(2);
  });

  test("a member that a third party puts back is taken out again", async () => {
    const [ours, theirs] = manyWorkspaces(2) as [string, string];
    edit([ours]);
    const revoked = lists().revoke(pool, workspace(ours));
    await afterWrites(1, () => edit([ours, theirs]));
    expect(await revoked).toBe(true);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([theirs]);
  });

  test("what a third party adds between our look and our write is not lost", async () => {
    const [ours, theirs] = manyWorkspaces(2) as [string, string];
    // Our write is slow; the look at the time of the write is not, and comes after the third party's change.
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "latency", milliseconds: 120 });
    world.emulator.admin.addFault({
      operation: "getAgentPool",
      kind: "latency",
      milliseconds: 60,
      skip: 1,
      times: 1,
    });
    const granted = lists().grant(pool, workspace(ours));
    while (world.requests("getAgentPool").length < 1) await new Promise((done) => setTimeout(done, 2));
    await new Promise((done) => setTimeout(done, 20));
    edit([theirs]);
    expect(await granted).toBe(true);
    expect(world.pool(pool).allowedWorkspaceIds.sort()).toEqual([ours, theirs].sort());
  });

  test.each([
    ["grant", [], ["ws-1"], "added"],
    ["revoke", ["ws-1"], [], "removed"],
  ] as const)(
    "one that undoes every write makes the %s fail, which says so",
    async (act, seen, written, word) => {
      const pool = (ids: readonly string[]) => documents.pool("apool-1", { "allowed-workspaces": [...ids] });
      const service = await startCannedService({
        "GET /agent-pools/apool-1": { body: { data: pool(seen) } },
        "PATCH /agent-pools/apool-1": { body: { data: pool(written) } },
      });
      const change = listsOf(service.url)[act]("apool-1", workspace("ws-1"));
      await expect(change).rejects.toMatchObject({
        operation: "change the access list of agent pool apool-1",
      });
      await expect(change).rejects.toThrow(
        `ws-1 was ${word} 6 times, and each time something else wrote the list as it was before`,
      );
      expect(service.asked.filter(({ method }) => method === "PATCH")).toHaveLength(6);
      await service.stop();
    },
  );
});

describe("access of a target", () => {
  const target = async (name: string): Promise<AssignedTarget> => {
    const found = await openPlane(world.emulator.url).assignments.find({ kind: "workspace", name });
    return found as AssignedTarget;
  };

  test("is revoked from the pool's list", async () => {
    const { id } = world.workspace("app-prod");
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [id] });
    await openPlane(world.emulator.url).assignments.revokeAccess(await target("app-prod"), pool);
    expect(world.pool(pool).allowedWorkspaceIds).toEqual([]);
  });

  test("of a project is revoked from the list of projects", async () => {
    const { id } = world.project("platform");
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedProjectIds: [id] });
    await openPlane(world.emulator.url).assignments.revokeAccess(
      { kind: "project", id, name: "platform" },
      pool,
    );
    expect(world.pool(pool).allowedProjectIds).toEqual([]);
  });

  test("to a pool that is gone is no access", async () => {
    await openPlane(world.emulator.url).assignments.revokeAccess(await target("app-prod"), "apool-none");
  });

  test("to a pool that cannot be seen is not said to be revoked", async () => {
    world.emulator.admin.addFault({ operation: "getAgentPool", kind: "status", status: 404 });
    await expect(
      openPlane(world.emulator.url).assignments.revokeAccess(await target("app-prod"), pool),
    ).rejects.toThrow("organization acme lists it");
  });

  test("is not said to be revoked when the change fails", async () => {
    const { id } = world.workspace("app-prod");
    world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedWorkspaceIds: [id] });
    world.emulator.admin.addFault({ operation: "updateAgentPool", kind: "status", status: 403 });
    await expect(
      openPlane(world.emulator.url).assignments.revokeAccess(await target("app-prod"), pool),
    ).rejects.toThrow("HTTP 403");
  });
});

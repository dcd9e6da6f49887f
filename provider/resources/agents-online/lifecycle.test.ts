import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { unknownValue } from "../framework/unknown.ts";
import { check } from "../testing/check-inputs.ts";
import { openWorld, type World } from "../testing/world.ts";
import { agentsOnlineLifecycle } from "./lifecycle.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** Does something once the agents of a pool were looked at so often from now on. */
function afterLooks(looks: number, run: () => void): void {
  const path = "agent-pools/[^/]+(/agents)?$";
  world.emulator.admin.interpose({ method: "GET", path, when: "after", skip: looks - 1, times: 1, run });
}

/** An agent that reports now, as the admin API puts it there. */
function report(
  kind: "pulumi-cloud" | "hcp-terraform",
  poolId: string,
  name: string,
  status: "up" | "down" = "up",
): void {
  const { admin } = world.emulator;
  if (kind === "pulumi-cloud") {
    admin.pulumiCloud.putAgent({
      organization: "acme",
      agentPoolId: poolId,
      hostname: name,
      status: status === "up" ? "online" : "offline",
    });
  } else {
    admin.hcpTerraform.putAgent({ agentPoolId: poolId, name, status: status === "up" ? "idle" : "exited" });
  }
}

describe.each(["pulumi-cloud", "hcp-terraform"] as const)("AgentsOnline on %s", (kind) => {
  const wait = async (inputs: Record<string, unknown>) => {
    const { controlPlane } = world.plane(kind);
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders" }).create();
    const poolId = String(pool.state["poolId"]);
    return { poolId, waiting: world.resource("AgentsOnline", { controlPlane, pool: pool.id, ...inputs }) };
  };

  it("waits until that many report, and says how it goes on", async () => {
    const { poolId, waiting } = await wait({ count: 2, timeoutSeconds: 20 });
    afterLooks(1, () => report(kind, poolId, "agent-a"));
    afterLooks(4, () => report(kind, poolId, "agent-b"));
    const { state, id } = await waiting.create();
    expect(state["agents"]).toEqual(["agent-a", "agent-b"]);
    expect(id).toBe(`${kind}/acme/${poolId}/agents-online`);
    const told = world.progress.map((text) => text.replace(/\d+ s$/, "n s"));
    expect(told).toEqual([0, 1].map((count) => `${count} of 2 agents of pool ${poolId} online after n s`));
    expect(world.progress[0]).toMatch(/ [01] s$/);
    expect(await waiting.refresh()).toBe(true);
    expect(await waiting.pendingChanges()).toEqual([]);
  });

  it("does not count an agent that the control plane only remembers", async () => {
    const { poolId, waiting } = await wait({ timeoutSeconds: 3 });
    report(kind, poolId, "ghost");
    await expect(waiting.create()).rejects.toThrow(
      /0 of 1 agents of pool .* were online after 3 seconds\. The control plane knows of: ghost \(.*\)\. Look at the agents' logs/,
    );
  });

  it("waits for agents of certain names, and only after a change where that is asked for", async () => {
    const { poolId, waiting } = await wait({ names: ["agent-b"], triggers: ["1"], waitOnCreate: false });
    const made = await waiting.create();
    expect(made.state["agents"]).toEqual([]);
    expect(await made.declare({ triggers: ["2"], timeoutSeconds: 20 })).toEqual([
      "timeoutSeconds",
      "triggers",
    ]);
    afterLooks(1, () => report(kind, poolId, "agent-a"));
    afterLooks(4, () => report(kind, poolId, "agent-b"));
    expect((await made.update()).state["agents"]).toEqual(["agent-a", "agent-b"]);
    made.declare({ triggers: ["3"], names: ["agent-c"], timeoutSeconds: 1 });
    await expect(made.update()).rejects.toThrow("online after 1 seconds, without agent-c. The control plane");
  });

  it("ends at once when the deployment is cancelled", async () => {
    const { poolId, waiting } = await wait({ timeoutSeconds: 60 });
    afterLooks(2, () => world.cancel());
    const begun = world.clock.now();
    await expect(waiting.create()).rejects.toThrow(
      `the deployment was cancelled while it waited for agents of pool ${poolId}.`,
    );
    expect(world.clock.now() - begun).toBeLessThan(10_000);
  });

  it("counts no agent that is offline", async () => {
    const { poolId, waiting } = await wait({ timeoutSeconds: 2 });
    afterLooks(1, () => report(kind, poolId, "agent-a", "down"));
    await expect(waiting.create()).rejects.toThrow("0 of 1 agents");
  });

  it("waits again for more agents or other names, and for nothing where it waits for less", async () => {
    const { poolId, waiting } = await wait({ count: 2, waitOnCreate: false });
    const made = await waiting.create();
    await made.declare({ count: 1, timeoutSeconds: 1 });
    expect((await made.update()).state["agents"]).toEqual([]);
    await made.declare({ count: 2 });
    await expect(made.update()).rejects.toThrow("0 of 2 agents");
    await made.declare({ count: 1, names: ["agent-a"] });
    await expect(made.update()).rejects.toThrow("without agent-a");
    await made.declare({ timeoutSeconds: 20 });
    afterLooks(1, () => report(kind, poolId, "agent-a"));
    expect((await made.update()).state["agents"]).toEqual(["agent-a"]);
    await expect(made.importedAs(made.id)).rejects.toThrow("cannot be imported: AgentsOnline owns nothing");
    await made.delete();
  });

  it("looks soon at first, then every two seconds", async () => {
    const { waiting } = await wait({ timeoutSeconds: 5 });
    const pause = vi.spyOn(world.clock, "pause");
    await expect(waiting.create()).rejects.toThrow("0 of 1 agents");
    expect(pause.mock.calls.slice(0, 4).map(([milliseconds]) => milliseconds)).toEqual([
      250, 500, 1_000, 2_000,
    ]);
  });

  it("is what it was after a refresh, and waits for nothing where nothing of its wait changes", async () => {
    const { poolId, waiting } = await wait({ timeoutSeconds: 20 });
    afterLooks(1, () => report(kind, poolId, "agent-a"));
    const made = await waiting.create();
    const { state } = made;
    await made.refresh();
    expect(made.state).toEqual(state);
    await made.declare({ timeoutSeconds: 30 });
    world.emulator.admin.clearJournal();
    await made.update();
    expect(made.state["agents"]).toEqual(["agent-a"]);
    expect(world.emulator.admin.journal()).toEqual([]);
  });

  it("fails when none comes", async () => {
    const { waiting } = await wait({ timeoutSeconds: 1 });
    await expect(waiting.create()).rejects.toThrow("The control plane knows of none.");
  });
});

describe("AgentsOnline", () => {
  it.each([
    ["urn:pulumi:dev::shop::runner-pools:index:AgentsOnline::builders", /Raise timeoutSeconds if/],
    [
      "urn:pulumi:dev::shop::runner-pools:index:DockerFleet$runner-pools:index:AgentsOnline::builders",
      /Raise awaitTimeoutSeconds of the fleet if/,
    ],
    [
      "AgentsOnline::runner-pools:index:DockerFleet::builders$builders-edge-1",
      /Raise awaitTimeoutSeconds of DockerFleet "builders" if/,
    ],
  ])("names the argument that the user wrote, for %s", async (urn, advice) => {
    const { controlPlane } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const inputs = { controlPlane, pool: pool.id, count: 1, timeoutSeconds: 1, waitOnCreate: true };
    const context = { ...world.contextOf("AgentsOnline"), urn };
    await expect(agentsOnlineLifecycle.create(inputs as never, context)).rejects.toThrow(advice);
  });

  it.each([unknownValue, { kind: unknownValue, organization: "acme" }])(
    "passes a check while its control plane is not known: %o",
    (controlPlane) => {
      expect(check("AgentsOnline", { controlPlane, pool: "x" }).violations).toEqual([]);
    },
  );

  it("is refused on env zero, which shows no agents", async () => {
    const { controlPlane } = world.plane("env-zero");
    const waiting = world.resource("AgentsOnline", { controlPlane, pool: "env-zero/acme/x" });
    await expect(waiting.create()).rejects.toThrow("shows no single agents");
  });
});

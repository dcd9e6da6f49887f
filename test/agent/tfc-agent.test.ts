import { beforeAll, describe, expect, test, vi } from "vitest";
import { useEmulator } from "../contract/use-emulator.ts";
import { agentUnavailable, buildAgent } from "./build.ts";
import { emptyFolder, type RunningAgent, startAgent } from "./start-agent.ts";

const organization = "acme";
const emulator = useEmulator();
beforeAll(async () => {
  if (agentUnavailable === undefined) await buildAgent();
});

/** A pool with a token, to which workspaces may be assigned. */
function makePool(name: string, ...workspaces: string[]) {
  const { hcpTerraform } = emulator.admin;
  const { id } = hcpTerraform.createAgentPool({ organization, name });
  const token = hcpTerraform.createAgentToken({ agentPoolId: id });
  for (const workspace of workspaces) {
    hcpTerraform.assign({ organization, target: { workspace }, agentPoolId: id });
  }
  return { id, tokenId: token.id, token: token.token };
}

function start(token: string, environment: Record<string, string> = {}): Promise<RunningAgent> {
  const basics = { TFC_ADDRESS: emulator.url, TFC_AGENT_DATA_DIR: emptyFolder() };
  return startAgent("tfc-agent", {
    environment: { ...basics, TFC_AGENT_TOKEN: token, TFC_AGENT_AUTO_UPDATE: "disabled", ...environment },
  });
}

function queue(workspace: string, seconds: number): string {
  return emulator.admin.hcpTerraform.queueRun({ organization, workspace, seconds }).id;
}

function jobOf(id: string) {
  return emulator.admin.jobs().find((job) => job.id === id);
}

function agentsOf(poolId: string) {
  const { agentPools } = emulator.admin.snapshot().hcpTerraform;
  return agentPools.find(({ id }) => id === poolId)?.agents ?? [];
}

async function ended(id: string, outcome: string): Promise<void> {
  await vi.waitFor(() => expect(jobOf(id)?.outcome).toBe(outcome), { timeout: 10_000, interval: 20 });
}

describe.skipIf(agentUnavailable !== undefined)(
  `tfc-agent's stand-in (${agentUnavailable ?? "built"})`,
  () => {
    test("joins its pool, shows as idle, and leaves at a signal", async () => {
      const pool = makePool("p");
      const agent = await start(pool.token, { TFC_AGENT_NAME: "builder" });
      await agent.printed("registered");
      expect(agentsOf(pool.id)).toMatchObject([{ name: "builder", status: "idle", ipAddress: "127.0.0.1" }]);
      agent.signal("SIGTERM");
      expect(await agent.exited).toBe(0);
      expect(agentsOf(pool.id)).toMatchObject([{ status: "exited" }]);
      expect(agent.output).not.toContain(pool.token);
    });

    test("runs a job to its end, with heartbeats, and its token shows as used", async () => {
      const pool = makePool("p", "app-prod");
      const agent = await start(pool.token);
      const id = queue("app-prod", 1.3);
      await agent.printed("job-start");
      expect(agentsOf(pool.id)[0]?.status).toBe("busy");
      await ended(id, "succeeded");
      const job = jobOf(id);
      expect(job).toMatchObject({ pool: pool.id, target: "acme/app-prod", heartbeats: 1 });
      const took = Date.parse(job?.finishedAt ?? "") - Date.parse(job?.startedAt ?? "");
      expect(took).toBeGreaterThanOrEqual(1250);
      const [shown] = emulator.admin.snapshot().hcpTerraform.agentPools[0]?.tokens ?? [];
      expect(shown?.lastUsedAt).not.toBeNull();
    });

    test("runs one job at a time, and exactly one with -single", async () => {
      const pool = makePool("p", "app-prod", "network-prod");
      const ids = [queue("app-prod", 0.4), queue("network-prod", 0.1)];
      const agent = await start(pool.token, { TFC_AGENT_SINGLE: "true" });
      await agent.printed("job-start");
      expect(emulator.admin.jobs().map(({ outcome }) => outcome)).toEqual(["running", "queued"]);
      expect(await agent.exited).toBe(0);
      expect(ids.map((id) => jobOf(id)?.outcome)).toEqual(["succeeded", "queued"]);
    });

    test("finishes its job after one signal and takes no other", async () => {
      const pool = makePool("p", "app-prod", "network-prod");
      const agent = await start(pool.token);
      const first = queue("app-prod", 0.8);
      await agent.printed("job-start");
      agent.signal("SIGTERM");
      const second = queue("network-prod", 0.1);
      expect(await agent.exited).toBe(0);
      expect([jobOf(first)?.outcome, jobOf(second)?.outcome]).toEqual(["succeeded", "queued"]);
    });

    test("abandons its job at the second signal, and the job is lost once the agent counts as errored", async () => {
      const pool = makePool("p", "app-prod");
      const agent = await start(pool.token);
      const id = queue("app-prod", 30);
      await agent.printed("job-start");
      agent.signal("SIGTERM");
      await agent.printed("signal");
      agent.signal("SIGTERM");
      expect(await agent.exited).toBe(1);
      expect(jobOf(id)?.outcome).toBe("running");
      emulator.admin.setAgentTimeouts({ hcpTerraform: { unknown: 0.1, errored: 0.4 } });
      await vi.waitFor(() => expect(agentsOf(pool.id)[0]?.status).toBe("unknown"));
      await ended(id, "lost");
      expect(agentsOf(pool.id)[0]?.status).toBe("errored");
    });

    test("killed in a job, it loses the job, which nobody gets again", async () => {
      const pool = makePool("p", "app-prod");
      const agent = await start(pool.token);
      const id = queue("app-prod", 30);
      await agent.printed("job-start");
      agent.signal("SIGKILL");
      await agent.exited;
      emulator.admin.setAgentTimeouts({ hcpTerraform: { unknown: 0.1, errored: 0.2 } });
      await ended(id, "lost");
      emulator.admin.setAgentTimeouts({ hcpTerraform: { unknown: 60, errored: 300 } });
      const other = await start(pool.token);
      await other.printed("registered");
      const next = queue("app-prod", 0.1);
      await ended(next, "succeeded");
      expect(jobOf(id)).toMatchObject({ outcome: "lost", heartbeats: 0 });
    });

    test("leaves at once when its token is revoked, in the middle of a job", async () => {
      const pool = makePool("p", "app-prod");
      const agent = await start(pool.token);
      queue("app-prod", 30);
      await agent.printed("job-start");
      emulator.admin.hcpTerraform.deleteAgentToken({ id: pool.tokenId });
      expect(await agent.exited).toBe(1);
      expect(agent.output).toContain("job-abandoned");
    });

    test("takes nothing that is for another pool, and what moves to its own while it waits", async () => {
      const [mine, other] = [makePool("mine"), makePool("other", "app-prod")];
      const agent = await start(mine.token);
      await agent.printed("registered");
      const id = queue("app-prod", 0.1);
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(jobOf(id)).toMatchObject({ outcome: "queued", pool: other.id });
      const target = { workspace: "app-prod" };
      emulator.admin.hcpTerraform.assign({ organization, target, agentPoolId: mine.id });
      await ended(id, "succeeded");
      expect(jobOf(id)?.pool).toBe(mine.id);
    });

    test("says what is wrong with its settings, its token or its data directory", async () => {
      const pool = makePool("p");
      const cases: [Record<string, string>, RegExp][] = [
        [{ TFC_AGENT_TOKEN: "" }, /set TFC_AGENT_TOKEN/],
        [{ TFC_AGENT_TOKEN: "wrong" }, /registering.*401/],
        [{ TFC_AGENT_AUTO_UPDATE: "never" }, /auto-update must be/],
        [{ TFC_AGENT_ACCEPT: "plan,everything" }, /everything/],
        [{ TFC_AGENT_DATA_DIR: "/proc/nowhere" }, /data directory/],
      ];
      for (const [environment, message] of cases) {
        const agent = await start(pool.token, environment);
        expect(await agent.exited).toBe(1);
        expect(agent.output).toMatch(message);
      }
    });
  },
);

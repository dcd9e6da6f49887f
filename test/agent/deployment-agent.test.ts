import { beforeAll, describe, expect, test, vi } from "vitest";
import { emulatorIds } from "../../emulator/default-seed.ts";
import { useEmulator } from "../contract/use-emulator.ts";
import { agentUnavailable, buildAgent } from "./build.ts";
import { type RunningAgent, startAgent } from "./start-agent.ts";

const { envZeroOrganizationId: organizationId, envZeroProjects: projects } = emulatorIds;
const emulator = useEmulator();
beforeAll(async () => {
  if (agentUnavailable === undefined) await buildAgent();
});

function makePool(name: string, ...projectIds: string[]) {
  const { envZero } = emulator.admin;
  const { id: agentId } = envZero.createAgent({ organizationId, name });
  const secret = envZero.createAgentSecret({ agentId });
  for (const projectId of projectIds) envZero.assign({ projectId, agentId });
  return { id: agentId, secretId: secret.id, secret: secret.secret };
}

function start(secret: string, environment: Record<string, string> = {}): Promise<RunningAgent> {
  const key = Buffer.from("state key").toString("base64");
  const basics = { ENV0_API_ENDPOINT: emulator.url, ENV0_STATE_ENCRYPTION_KEY: key };
  return startAgent("deployment-agent", {
    environment: { ...basics, AGENT_ACCESS_TOKEN: secret, ...environment },
  });
}

function queue(projectId: string, seconds: number): string {
  return emulator.admin.envZero.queueDeployment({ projectId, seconds }).id;
}

function outcomeOf(id: string): string | undefined {
  return emulator.admin.jobs().find((job) => job.id === id)?.outcome;
}

async function ended(id: string, outcome: string): Promise<void> {
  await vi.waitFor(() => expect(outcomeOf(id)).toBe(outcome), { timeout: 10_000, interval: 20 });
}

function statusOf(poolId: string): string | undefined {
  return emulator.admin.snapshot().envZero.agents.find(({ id }) => id === poolId)?.status;
}

describe.skipIf(agentUnavailable !== undefined)(
  `env zero's stand-in (${agentUnavailable ?? "built"})`,
  () => {
    test("makes its pool active, runs one deployment after the other, and leaves at a signal", async () => {
      const pool = makePool("p", projects.app, projects.network);
      const agent = await start(pool.secret);
      await agent.printed("registered");
      expect(statusOf(pool.id)).toBe("ACTIVE");
      const ids = [queue(projects.app, 0.3), queue(projects.network, 0.1)];
      await agent.printed("job-start");
      expect(ids.map(outcomeOf)).toEqual(["running", "queued"]);
      for (const id of ids) await ended(id, "succeeded");
      agent.signal("SIGTERM");
      expect(await agent.exited).toBe(0);
      expect(statusOf(pool.id)).toBe("INACTIVE");
      expect(agent.output).not.toContain(pool.secret);
    });

    test("lets a deployment end within SIGTERM_TIMEOUT, and abandons a longer one", async () => {
      const pool = makePool("p", projects.app, projects.network);
      const patient = await start(pool.secret, { SIGTERM_TIMEOUT: "5000" });
      const short = queue(projects.app, 0.7);
      await patient.printed("job-start");
      patient.signal("SIGTERM");
      expect(await patient.exited).toBe(0);
      expect(outcomeOf(short)).toBe("succeeded");

      const impatient = await start(pool.secret, { SIGTERM_TIMEOUT: "100" });
      const long = queue(projects.network, 30);
      await impatient.printed("job-start");
      impatient.signal("SIGTERM");
      expect(await impatient.exited).toBe(1);
      emulator.admin.setAgentTimeouts({ envZero: { jobLost: 0.2 } });
      await ended(long, "lost");
    });

    test("ends after one deployment when told to be single", async () => {
      const pool = makePool("p", projects.app);
      const id = queue(projects.app, 0.1);
      const agent = await start(pool.secret, { STANDIN_SINGLE: "true" });
      expect(await agent.exited).toBe(0);
      expect(outcomeOf(id)).toBe("succeeded");
    });

    test("takes what is for its pool only, also when that changes while it waits, or by default", async () => {
      const [mine, other] = [makePool("mine"), makePool("other", projects.app)];
      const agent = await start(mine.secret);
      await agent.printed("registered");
      const moved = queue(projects.app, 0.1);
      const unassigned = queue(projects.network, 0.1);
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(emulator.admin.jobs()).toMatchObject([
        { id: moved, outcome: "queued", pool: other.id },
        { id: unassigned, outcome: "hosted", pool: null },
      ]);
      emulator.admin.envZero.assign({ projectId: projects.app, agentId: mine.id });
      await ended(moved, "succeeded");
      emulator.admin.envZero.setDefaultAgent({ organizationId, agentId: mine.id });
      await ended(queue(projects.sandbox, 0.1), "succeeded");
      expect(outcomeOf(unassigned)).toBe("hosted");
    });

    test("ends when its secret is revoked", async () => {
      const pool = makePool("p");
      const agent = await start(pool.secret);
      await agent.printed("registered");
      emulator.admin.envZero.deleteAgentSecret({ agentId: pool.id, secretId: pool.secretId });
      expect(await agent.exited).toBe(1);
    });

    test("says which of its variables is wrong", async () => {
      const cases: [Record<string, string>, RegExp][] = [
        [{ AGENT_ACCESS_TOKEN: "" }, /AGENT_ACCESS_TOKEN is required/],
        [{ AGENT_ACCESS_TOKEN: "env0agent_a_b" }, /registering.*401/],
        [{ ENV0_STATE_ENCRYPTION_KEY: "" }, /ENV0_STATE_ENCRYPTION_KEY is required/],
        [{ ENV0_STATE_ENCRYPTION_KEY: "not base64!" }, /ENV0_STATE_ENCRYPTION_KEY must be base64/],
      ];
      for (const [environment, message] of cases) {
        const agent = await start(makePool(`p${message}`).secret, environment);
        expect(await agent.exited).toBe(1);
        expect(agent.output).toMatch(message);
      }
    });
  },
);

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { clientOf } from "../contract/emulator-client.ts";
import { useEmulator } from "../contract/use-emulator.ts";
import { agentUnavailable, buildAgent } from "./build.ts";
import { assign, jobOf, makeHost, makePool, queue, startOn, waitFor } from "./workflow-agent-world.ts";

const emulator = useEmulator();
beforeAll(async () => {
  if (agentUnavailable === undefined) await buildAgent();
});

async function shownAgents(poolId: string): Promise<unknown> {
  const path = `/api/orgs/acme/agent-pools/${poolId}`;
  return ((await clientOf(emulator, "pulumi-cloud")("GET", path)).body as { agents: unknown }).agents;
}

describe.skipIf(agentUnavailable !== undefined)(
  `the workflow agent's stand-in (${agentUnavailable ?? "built"})`,
  () => {
    test("shows online, answers /healthz, and ends at once when it is idle at a signal", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p")];
      const agent = await startOn(host, { token: pool.token });
      await agent.printed("registered");
      expect(await shownAgents(pool.id)).toEqual([
        {
          hostname: expect.any(String),
          ip: "127.0.0.1",
          pid: expect.stringMatching(/^\d+$/),
          platform: expect.stringMatching(/^linux\//),
          version: expect.any(String),
          lastSeen: expect.any(Number),
          status: "online",
        },
      ]);
      const port = /health address="[^"]*:(\d+)"/.exec(agent.output)?.[1];
      const health = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect(await health.json()).toEqual({
        status: "healthy",
        currentTime: expect.any(String),
        lastActivity: expect.any(String),
      });
      agent.signal("SIGTERM");
      expect(await agent.exited).toBe(0);
      expect(agent.output).not.toContain(pool.token);
      emulator.admin.setAgentTimeouts({ pulumiCloud: { offline: 0.1 } });
      const offline = async () => expect(await shownAgents(pool.id)).toMatchObject([{ status: "offline" }]);
      await vi.waitFor(offline, { timeout: 5_000 });
    });

    test("runs a job in a sibling container that sees the shared folder at the same path", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p", "app/prod")];
      const agent = await startOn(host, { token: pool.token });
      const id = queue(emulator, "app/prod", 1.3);
      await waitFor(emulator, id, "succeeded");
      expect(jobOf(emulator, id)).toMatchObject({ pool: pool.id, heartbeats: 1, target: "acme/app/prod" });
      await agent.printed("job-end");
      const [container] = host.daemon.containers;
      const shared = host.configuration["shared_volume_directory"] ?? "";
      const directory = join(shared, container?.name ?? "");
      expect(container).toMatchObject({ image: "jobs:1", binds: [`${directory}:${directory}`] });
      expect(container?.name).toMatch(/^pulumi-workflow-/);
      await vi.waitFor(() => expect(container?.isRemoved).toBe(true));
      await vi.waitFor(() => expect(readdirSync(shared)).toEqual([]));
    });

    test("runs one job at a time, and exactly one with single_run", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p", "app/prod", "app/dev")];
      const ids = [queue(emulator, "app/prod", 0.4), queue(emulator, "app/dev", 0.1)];
      // The environment beats the file.
      const agent = await startOn(host, { token: pool.token }, { PULUMI_AGENT_SINGLE_RUN: "true" });
      await agent.printed("job-start");
      expect(ids.map((id) => jobOf(emulator, id)?.outcome)).toEqual(["running", "queued"]);
      expect(await agent.exited).toBe(0);
      expect(ids.map((id) => jobOf(emulator, id)?.outcome)).toEqual(["succeeded", "queued"]);
    });

    test("abandons a running job soon after a signal: the container stays, the deployment is lost", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p", "app/prod")];
      const agent = await startOn(host, { token: pool.token });
      const id = queue(emulator, "app/prod", 30);
      await vi.waitFor(() => expect(host.daemon.containers[0]?.process).toBeDefined(), { timeout: 5_000 });
      agent.signal("SIGTERM");
      expect(await agent.exited).toBe(1);
      expect(host.daemon.containers[0]).toMatchObject({ isRemoved: false, process: { exitCode: null } });
      emulator.admin.setAgentTimeouts({ pulumiCloud: { jobLost: 0.2 } });
      await waitFor(emulator, id, "lost");
      const { deployments } = emulator.admin.snapshot().pulumiCloud.organizations[0] ?? {};
      expect(deployments?.[0]?.status).toBe("failed");
    });

    test("killed in a job, it loses the job, which nobody gets again", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p", "app/prod")];
      const agent = await startOn(host, { token: pool.token });
      const id = queue(emulator, "app/prod", 30);
      await agent.printed("job-start");
      agent.signal("SIGKILL");
      await agent.exited;
      emulator.admin.setAgentTimeouts({ pulumiCloud: { jobLost: 0.2 } });
      await waitFor(emulator, id, "lost");
      emulator.admin.setAgentTimeouts({ pulumiCloud: { jobLost: 600 } });
      await startOn(host, { token: pool.token });
      await waitFor(emulator, queue(emulator, "app/prod", 0.1), "succeeded");
      expect(jobOf(emulator, id)?.outcome).toBe("lost");
    });

    test("stops the container of a job that is cancelled", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p", "app/prod")];
      await startOn(host, { token: pool.token, job_status_loop_interval: "100ms" });
      const id = queue(emulator, "app/prod", 30);
      await vi.waitFor(() => expect(host.daemon.containers[0]?.process).toBeDefined(), { timeout: 5_000 });
      emulator.admin.pulumiCloud.updateDeployment({ organization: "acme", id, status: "failed" });
      await vi.waitFor(() => expect(host.daemon.containers[0]?.isRemoved).toBe(true), { timeout: 5_000 });
    });

    test("takes what is for its pool only, also when that changes while it waits, or by default", async () => {
      const host = await makeHost(emulator);
      const [mine, other] = [makePool(emulator, "mine"), makePool(emulator, "other", "app/prod")];
      const agent = await startOn(host, { token: mine.token });
      await agent.printed("registered");
      const [moved, unassigned] = [queue(emulator, "app/prod", 0.1), queue(emulator, "app/dev", 0.1)];
      await new Promise((resolve) => setTimeout(resolve, 1200));
      expect(emulator.admin.jobs()).toMatchObject([
        { id: moved, outcome: "queued", pool: other.id },
        { id: unassigned, outcome: "hosted", pool: null },
      ]);
      assign(emulator, "app/prod", mine.id);
      await waitFor(emulator, moved, "succeeded");
      emulator.admin.pulumiCloud.setDefaultAgentPool({ organization: "acme", agentPoolId: mine.id });
      await waitFor(emulator, queue(emulator, "network/dev", 0.1), "succeeded");
      expect(jobOf(emulator, unassigned)?.outcome).toBe("hosted");
    });

    test("ends when its pool, and with it its token, is gone", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p")];
      const agent = await startOn(host, { token: pool.token });
      await agent.printed("registered");
      emulator.admin.pulumiCloud.deleteAgentPool({ organization: "acme", agentPoolId: pool.id });
      expect(await agent.exited).toBe(1);
    });

    test("says what keeps it from starting", async () => {
      const [host, pool] = [await makeHost(emulator), makePool(emulator, "p")];
      const cases: [Record<string, string>, Record<string, string>, RegExp][] = [
        [{}, {}, /either token or oidc_token_file/],
        [{ token: "pul-wrong" }, {}, /registering.*403/],
        [{ token: pool.token }, { DOCKER_HOST: "unix:///nowhere.sock" }, /needs a Docker daemon at unix/],
        [{ token: pool.token, working_directory: "/tmp" }, {}, /needs workflow-runner in working_directory/],
        [{ token: pool.token, shared_volume_directory: "/proc/x" }, {}, /shared_volume_directory/],
        [{ token: pool.token, polling_interval: "30" }, {}, /polling_interval must be a Go duration/],
        [{ oidc_token_file: "/tmp/x" }, {}, /needs organization_name and runner_pool_id/],
        [{ token: pool.token, deploy_target: "kubernetes" }, {}, /docker only/],
      ];
      for (const [configuration, environment, message] of cases) {
        const agent = await startOn(host, configuration, environment);
        expect(await agent.exited).toBe(1);
        expect(agent.output).toMatch(message);
      }
      rmSync(join(host.configuration["working_directory"] ?? "", "workflow-runner-embeddable"));
      const agent = await startOn(host, { token: pool.token });
      expect(await agent.exited).toBe(1);
      expect(agent.output).toMatch(/needs workflow-runner-embeddable/);
      expect(existsSync(host.configuration["shared_volume_directory"] ?? "")).toBe(true);
    });
  },
);

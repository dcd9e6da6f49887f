import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import {
  DockerWorld,
  errorsOf,
  eventually,
  runningAgents,
  startAgentHost,
  succeeded,
} from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

let daemon: DockerDaemon;
let world: DockerWorld;

beforeAll(async () => {
  if (!hasNoFleets) daemon = await startAgentHost();
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
});

/** A pool with an assigned workspace, two tokens, and a fleet that uses one of them. */
function program(options: { token?: "first" | "second"; replicas?: number; more?: string } = {}): string {
  const { token = "first", replicas = 3, more = "" } = options;
  return `
    const controlPlane = address.hcp;
    const pool = new pools.RunnerPool("builders", { controlPlane });
    new pools.StackPoolAssignment("network", { controlPlane, pool, target: { workspace: "network-prod" } });
    const first = new pools.PoolToken("first", { controlPlane, pool });
    const second = new pools.PoolToken("second", { controlPlane, pool });
    const fleet = new DockerFleet("builders", {
      controlPlane, pool, token: ${token}.value,
      agent: { kind: "hcp-terraform", version: "1.30.2" },
      hosts: [{ name: "one", address: "${daemon.host}" }],
      replicas: ${replicas}, hostNetwork: true, drainTimeoutSeconds: 60,
      limits: { memoryMegabytes: 64, cpus: 0.5 }, labels: { team: "platform" },
      ${more}
    });
    exports.names = fleet.containerNames;
    exports.token = ${token}.value;`;
}

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("DockerFleet of tfc-agent on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    world = await DockerWorld.create(engine);
  });

  afterEach(async () => {
    await world?.dispose();
  });

  it("brings agents online that are confined, and changes nothing the next time", async () => {
    world.program(program());
    const up = await world.up();
    expect(up.outputs["names"]).toEqual([
      "pools-dev-builders-one-1",
      "pools-dev-builders-one-2",
      "pools-dev-builders-one-3",
    ]);
    const container = await daemon.client.getContainer("pools-dev-builders-one-1").inspect();
    expect(container.HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 64 * 2 ** 20,
      NanoCpus: 5e8,
      RestartPolicy: { Name: "always" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    });
    expect(container.Config).toMatchObject({
      User: "1000",
      StopSignal: "SIGTERM",
      Labels: { team: "platform" },
    });
    const token = String(up.outputs["token"]);
    expect(container.Config.Env).toContain(`TFC_AGENT_TOKEN=${token}`);
    expect(JSON.stringify(await world.stack.exportState())).not.toContain(token);
    expect(container.Mounts.map(({ Destination }) => Destination)).toEqual(["/home/tfc-agent"]);

    expect((await world.stack.up({ expectNoChanges: true })).changes).toEqual({ same: up.changes["create"] });
    succeeded(await world.stack.refresh({ expectNoChanges: true }));
    succeeded(await world.stack.up({ expectNoChanges: true }));

    const run = world.queueRun(1);
    await world.until(run, "succeeded");
  }, 120_000);

  it("has a container back that was killed", async () => {
    world.program(program({ replicas: 1 }));
    await world.up();
    const container = daemon.client.getContainer("pools-dev-builders-one-1");
    const { State } = await container.inspect();
    process.kill(State.Pid, "SIGKILL");
    await eventually(
      async () => (await container.inspect()).State,
      ({ Running, Pid }) => Running && Pid !== State.Pid,
    );
    await world.until(world.queueRun(1), "succeeded");
  }, 120_000);

  it("moves to another token one agent at a time, and cuts no job short", async () => {
    world.program(program());
    await world.up();
    const jobs = [world.queueRun(8), world.queueRun(8)];
    for (const job of jobs) await world.until(job, "running");
    const running: number[] = [];
    const serving: number[] = [];
    const watch = setInterval(async () => {
      serving.push(world.servingAgents().length);
      running.push((await runningAgents(daemon.client)).length);
    }, 50);
    world.program(program({ token: "second" }));
    const up = await world.up();
    clearInterval(watch);
    expect(up.changes).toMatchObject({ replace: 3, update: 4 });
    expect(Math.min(...running)).toBe(2);
    expect(Math.min(...serving)).toBe(2);
    for (const job of jobs) expect(world.job(job)).toMatchObject({ outcome: "succeeded" });
  }, 180_000);

  it("stops at the first agent that does not come back, so that the others go on", async () => {
    world.program(program());
    await world.up();
    world.program(
      program()
        .replace("token: first.value", 'token: "not-a-token"')
        .replace("drainTimeoutSeconds: 60", "drainTimeoutSeconds: 60, awaitTimeoutSeconds: 4"),
    );
    const up = await world.stack.up();
    expect(up.result).toBe("failed");
    expect(errorsOf(up)).toContain("without pools-dev-builders-one-1. The control plane knows of:");
    expect(world.servingAgents()).toEqual(["pools-dev-builders-one-2", "pools-dev-builders-one-3"]);
    await world.until(world.queueRun(1), "succeeded");
    world.program(program());
    expect((await world.up()).changes).toMatchObject({ replace: 1 });
    expect(world.servingAgents()).toHaveLength(3);
  }, 120_000);

  it("takes no agent away for an image that cannot be had, and gives jobs a longer time from the next change on", async () => {
    const change = (drainTimeoutSeconds: number, version: string, team: string) =>
      program({ replicas: 1 })
        .replace("drainTimeoutSeconds: 60", `drainTimeoutSeconds: ${drainTimeoutSeconds}`)
        .replace('version: "1.30.2"', `version: "${version}"`)
        .replace('team: "platform"', `team: "${team}"`);
    world.program(change(1, "1.30.2", "platform"));
    await world.up();
    world.program(change(1, "9.9.9", "platform"));
    expect((await world.stack.up()).result).toBe("failed");
    const job = world.queueRun(10);
    await world.until(job, "running");
    world.program(change(60, "1.30.2", "platform"));
    expect((await world.up()).changes).not.toHaveProperty("replace");
    world.program(change(60, "1.30.2", "network"));
    expect((await world.up()).changes).toMatchObject({ replace: 2 });
    expect(world.job(job)).toMatchObject({ outcome: "succeeded" });
  }, 180_000);

  it("drains all agents at the same time when it is destroyed", async () => {
    world.program(program());
    await world.up();
    const jobs = [world.queueRun(8), world.queueRun(8), world.queueRun(8)];
    for (const job of jobs) await world.until(job, "running");
    const destroy = succeeded(await world.stack.destroy());
    expect(destroy.durationMs).toBeLessThan(20_000);
    for (const job of jobs) expect(world.job(job)).toMatchObject({ outcome: "succeeded" });
    expect(await daemon.client.listContainers({ all: true })).toEqual([]);
    expect((await daemon.client.listVolumes()).Volumes ?? []).toEqual([]);
  }, 120_000);

  it("has its agents back after the daemon has restarted", async () => {
    world.program(program());
    await world.up();
    await daemon.restart();
    await eventually(
      () => runningAgents(daemon.client),
      (names) => names.length === 3,
    );
    succeeded(await world.stack.refresh({ expectNoChanges: true }));
    await world.until(world.queueRun(1), "succeeded");
  }, 120_000);

  it("forgets nothing when a host cannot be reached at refresh, and says which", async () => {
    world.program(program({ replicas: 1 }));
    await world.up();
    const before = (await world.stack.exportState()).deployment.resources?.length;
    await daemon.halt();
    try {
      const refresh = await world.stack.refresh();
      expect(refresh.result).toBe("failed");
      // The vendor's plugin names no address, but its provider is named after the host.
      expect(
        refresh.diagnostics.some(
          ({ severity, urn }) => severity === "error" && urn?.includes("builders-one"),
        ),
      ).toBe(true);
      expect((await world.stack.exportState()).deployment.resources?.length).toBe(before);
    } finally {
      await daemon.start();
    }
    succeeded(await world.stack.refresh());
  }, 120_000);
});

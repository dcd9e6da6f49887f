import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { freePorts } from "../parts/docker/free-port.ts";
import { DockerWorld, errorsOf, runningAgents, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

let one: DockerDaemon;
let two: DockerDaemon;
let world: DockerWorld;

beforeAll(async () => {
  if (!hasNoFleets) [one, two] = await Promise.all([startAgentHost(), startAgentHost()]);
}, 180_000);

afterAll(async () => {
  await one?.dispose();
  await two?.dispose();
});

const fleet = (args: string) => `
  const controlPlane = address.hcp;
  const pool = new pools.RunnerPool("builders", { controlPlane });
  new pools.StackPoolAssignment("network", { controlPlane, pool, target: { workspace: "network-prod" } });
  const token = new pools.PoolToken("builders", { controlPlane, pool });
  exports.names = new DockerFleet("builders", {
    controlPlane, pool, token: token.value, agent: { kind: "hcp-terraform", version: "1.30.2" },
    hostNetwork: true, drainTimeoutSeconds: 60, ${args}
  }).containerNames;`;

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("Hosts of DockerFleet on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    world = await DockerWorld.create(engine);
  });

  afterEach(async () => {
    await world?.dispose();
  });

  it("are served side by side, and drained together", async () => {
    const hosts = `hosts: [{ name: "one", address: "${one.host}" }, { name: "two", address: "${two.host}" }]`;
    world.program(fleet(`replicas: 2, ${hosts}`));
    await world.up();
    expect(await runningAgents(one.client)).toEqual(["pools-dev-builders-one-1", "pools-dev-builders-one-2"]);
    expect(await runningAgents(two.client)).toEqual(["pools-dev-builders-two-1", "pools-dev-builders-two-2"]);
    const jobs = [1, 2, 3, 4].map(() => world.queueRun(6));
    for (const job of jobs) await world.until(job, "running");
    world.program(fleet(`replicas: 1, ${hosts}`));
    const fewer = await world.up();
    // Two containers, and what waited for their agents.
    expect(fewer.changes).toMatchObject({ delete: 4 });
    for (const job of jobs) await world.until(job, "succeeded");
    expect(await runningAgents(two.client)).toEqual(["pools-dev-builders-two-1"]);
  }, 180_000);

  it("that cannot be reached are named within seconds", async () => {
    world.program(
      fleet(
        `hosts: [{ name: "one", address: "${one.host}" }, { name: "edge", address: "tcp://127.0.0.1:1" }]`,
      ),
    );
    const up = await world.stack.up();
    expect(up.result).toBe("failed");
    expect(errorsOf(up)).toContain(
      "hosts[1].address: the Docker daemon of host edge cannot be reached. Tried to connect to tcp://127.0.0.1:1 (ECONNREFUSED)",
    );
    expect(up.durationMs).toBeLessThan(30_000);
  }, 120_000);

  it("run env zero's agent, which finishes its job before it goes", async () => {
    const projectId = emulatorIds.envZeroProjects.network;
    world.program(`
      const controlPlane = address.envZero;
      const pool = new pools.RunnerPool("builders", { controlPlane });
      new pools.StackPoolAssignment("network", { controlPlane, pool, target: { project: "${projectId}" } });
      const token = new pools.PoolToken("builders", { controlPlane, pool });
      new DockerFleet("builders", {
        controlPlane, pool, token: token.value, hostNetwork: true, drainTimeoutSeconds: 60,
        agent: { kind: "env-zero", version: "5.2.2", envZero: { stateEncryptionKey: "c3RhdGU=" } },
        hosts: [{ name: "one", address: "${one.host}" }],
      });`);
    await world.up();
    const { HostConfig, Config } = await one.client.getContainer("pools-dev-builders-one-1").inspect();
    expect(Config.User).toBe("1000:1000");
    expect(HostConfig.Memory).toBe(3072 * 2 ** 20);
    const { id } = world.emulator.admin.envZero.queueDeployment({ projectId, seconds: 5 });
    await world.until(id, "running");
    succeeded(await world.stack.destroy());
    expect(world.job(id)).toMatchObject({ outcome: "succeeded" });
  }, 120_000);

  it("must have the OIDC token that the fleet is told of", async () => {
    world.program(`
      const controlPlane = address.pulumi;
      const pool = new pools.RunnerPool("builders", { controlPlane });
      new DockerFleet("builders", {
        controlPlane, pool, oidc: { tokenFile: "/nowhere/token" }, hostNetwork: true, healthPort: ${await freePorts(1)},
        agent: { kind: "pulumi-cloud", version: "v2.3.0" }, dockerSocket: "${one.socket}",
        hosts: [{ name: "one", address: "${one.host}" }],
      });`);
    const up = await world.stack.up();
    expect(up.result).toBe("failed");
    expect(errorsOf(up)).toContain("bind source path does not exist: /nowhere/token");
    expect(up.diagnostics.some(({ urn }) => urn?.endsWith("builders-one-oidc.tokenFile"))).toBe(true);
  }, 120_000);

  it("run agents of the pool's own control plane only", async () => {
    world.program(`
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi });
      new DockerFleet("builders", {
        controlPlane: address.hcp, pool, token: "x", agent: { kind: "hcp-terraform", version: "1.30.2" },
        hosts: [{ name: "one", address: "${one.host}" }],
      });`);
    const up = await world.stack.up();
    expect(up.result).toBe("failed");
    expect(up.diagnostics.map(({ message }) => message).join("\n")).toContain(
      "pool: is a pool of pulumi-cloud, which tfc-agent cannot serve",
    );
  }, 120_000);

  it("get nothing when an argument is wrong, and the message names it", async () => {
    world.program(fleet("replicas: 0, oidc: { tokenFile: '/run/oidc/token' }"));
    const preview = await world.stack.preview();
    expect(preview.result).toBe("failed");
    const said = preview.diagnostics.map(({ message }) => message).join("\n");
    expect(said).toContain('DockerFleet "builders" cannot be made:\n  replicas: must be at least 1');
  }, 60_000);
});

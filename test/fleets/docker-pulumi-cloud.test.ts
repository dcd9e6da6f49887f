import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { freePorts } from "../parts/docker/free-port.ts";
import { containerEvents, mostLeaving } from "./container-events.ts";
import { DockerWorld, errorsOf, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const { organization } = emulatorIds;
let daemon: DockerDaemon;
let world: DockerWorld;
let healthPort: number;

beforeAll(async () => {
  if (!hasNoFleets) daemon = await startAgentHost();
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
});

/** A pool with an assigned stack, and a fleet that serves it. */
function program(options: { pollingIntervalSeconds?: number; more?: string } = {}): string {
  const { pollingIntervalSeconds = 1, more = "" } = options;
  return `
    const controlPlane = address.pulumi;
    const pool = new pools.RunnerPool("builders", { controlPlane });
    const token = new pools.PoolToken("builders", { controlPlane, pool });
    new pools.StackPoolAssignment("network", { controlPlane, pool, target: { stack: "network/prod" } });
    const fleet = new DockerFleet("builders", {
      controlPlane, pool, token: token.value,
      agent: {
        kind: "pulumi-cloud", version: "v2.3.0",
        pulumiCloud: { pollingIntervalSeconds: ${pollingIntervalSeconds}, pullJobImages: false },
      },
      hosts: [{ name: "one", address: "${daemon.host}" }],
      replicas: 2, hostNetwork: true, healthPort: ${healthPort}, drainTimeoutSeconds: 60, dockerSocket: "${daemon.socket}",
      ${more}
    });
    exports.names = fleet.containerNames;
    exports.token = token.value;`;
}

function queueDeployment(seconds: number): string {
  return world.emulator.admin.pulumiCloud.queueDeployment({
    organization,
    stack: "network/prod",
    seconds,
    image: "pulumi/pulumi:latest",
  }).id;
}

describe.skipIf(hasNoFleets).each(ENGINES)(
  onFleets("DockerFleet of Pulumi's agent on $name"),
  ({ engine }) => {
    beforeEach(async (context) => {
      if (!engine) return context.skip();
      healthPort = await freePorts(2);
      world = await DockerWorld.create(engine);
      world.emulator.admin.setAgentTimeouts({ pulumiCloud: { retryAfter: 1 } });
    });

    afterEach(async () => {
      await world?.dispose();
    });

    it("runs jobs as containers beside its own, and keeps the token out of what the daemon shows", async () => {
      world.program(program());
      const up = await world.up();
      const agent = await daemon.client.getContainer("pools-dev-builders-one-1").inspect();
      const token = String(up.outputs["token"]);
      expect(token.length).toBeGreaterThan(20);
      const everything = await Promise.all(
        (await daemon.client.listContainers({ all: true })).map(({ Id }) =>
          daemon.client.getContainer(Id).inspect(),
        ),
      );
      expect(JSON.stringify(everything)).not.toContain(token);
      expect(JSON.stringify(await world.stack.exportState())).not.toContain(token);
      expect(agent.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ["ALL"] });
      expect(agent.State.Health?.Status).toBe("healthy");
      const shared = agent.Mounts.find(({ Name }) => Name?.startsWith("builders-one-1"));
      expect(shared?.Destination).toBe(shared?.Source);

      expect((await world.stack.up({ expectNoChanges: true })).changes).toEqual({
        same: up.changes["create"],
      });
      succeeded(await world.stack.refresh({ expectNoChanges: true }));
      succeeded(await world.stack.up({ expectNoChanges: true }));

      const deployment = queueDeployment(1);
      await world.until(deployment, "succeeded");
      // It has one job per start, and starts anew by itself.
      await world.until(queueDeployment(1), "succeeded");
    }, 180_000);

    it("moves to another configuration one agent at a time, and cuts no job short", async () => {
      world.program(program());
      await world.up();
      const deployment = queueDeployment(10);
      await world.until(deployment, "running");
      const begin = Date.now();
      world.program(program({ pollingIntervalSeconds: 2 }));
      await world.up();
      expect(mostLeaving(await containerEvents(daemon.client, begin))).toBe(1);
      expect(world.job(deployment)).toMatchObject({ outcome: "succeeded" });
      expect((await daemon.client.listContainers({ all: true })).length).toBe(4);
    }, 180_000);

    it("drains when it is destroyed, and leaves nothing behind", async () => {
      world.program(program());
      await world.up();
      const deployment = queueDeployment(8);
      await world.until(deployment, "running");
      succeeded(await world.stack.destroy());
      expect(world.job(deployment)).toMatchObject({ outcome: "succeeded" });
      expect(await daemon.client.listContainers({ all: true })).toEqual([]);
      expect((await daemon.client.listVolumes()).Volumes ?? []).toEqual([]);
    }, 180_000);

    it("says that a host has no Docker socket where the fleet says it is", async () => {
      world.program(
        program().replace(`dockerSocket: "${daemon.socket}"`, 'dockerSocket: "/nowhere/docker.sock"'),
      );
      const up = await world.stack.up();
      expect(up.result).toBe("failed");
      expect(errorsOf(up)).toContain("bind source path does not exist: /nowhere/docker.sock");
      expect(up.diagnostics.some(({ urn }) => urn?.endsWith("builders-one-dockerSocket"))).toBe(true);
    }, 120_000);
  },
);

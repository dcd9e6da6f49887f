import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { freePorts } from "../parts/docker/free-port.ts";
import { importHaproxy, whyNoHaproxy } from "../parts/haproxy.ts";
import { containerEvents, mostLeaving } from "./container-events.ts";
import { DockerWorld, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const whyNot = hasNoFleets ? undefined : whyNoHaproxy();
const cannot = hasNoFleets || whyNot !== undefined;
const { organization } = emulatorIds;
let daemon: DockerDaemon;
let world: DockerWorld;
let healthPort: number;

beforeAll(async () => {
  if (cannot) return;
  daemon = await startAgentHost();
  await Promise.all(
    ["2.6", "3.2"].map((version) => importHaproxy(daemon.client, `haproxy:${version}-alpine`)),
  );
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
});

function program(version: string): string {
  return `
    const controlPlane = address.pulumi;
    const pool = new pools.RunnerPool("builders", { controlPlane });
    const token = new pools.PoolToken("builders", { controlPlane, pool });
    new pools.StackPoolAssignment("network", { controlPlane, pool, target: { stack: "network/prod" } });
    new DockerFleet("builders", {
      controlPlane, pool, token: token.value,
      agent: {
        kind: "pulumi-cloud", version: "v2.3.0",
        pulumiCloud: { pollingIntervalSeconds: 1, pullJobImages: false },
      },
      hosts: [{ name: "one", address: "${daemon.host}" }],
      replicas: 2, hostNetwork: true, healthPort: ${healthPort}, drainTimeoutSeconds: 60,
      dockerSocket: "${daemon.socket}", dockerSocketProxy: { version: "${version}-alpine" },
    });`;
}

function queueDeployment(seconds: number): string {
  const job = { organization, stack: "network/prod", seconds, image: "pulumi/pulumi:latest" };
  return world.emulator.admin.pulumiCloud.queueDeployment(job).id;
}

/** The daemon as an agent sees it: through the socket in its /var/run. */
async function seenBy(agent: string): Promise<Docker> {
  const { Mounts } = await daemon.client.getContainer(agent).inspect();
  const folder = Mounts.find(({ Destination }) => Destination === "/var/run")?.Source;
  return new Docker({ socketPath: `${folder}/docker.sock` });
}

describe.skipIf(cannot).each(ENGINES)(
  onFleets("Socket proxies of DockerFleet on $name", whyNot),
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

    it("let through what jobs need, and nothing else", async () => {
      world.program(program("2.6"));
      const up = await world.up();
      const agent = await daemon.client.getContainer("pools-dev-builders-one-1").inspect();
      expect(agent.Mounts.map(({ Source }) => Source)).not.toContain(daemon.socket);
      await world.until(queueDeployment(1), "succeeded");

      const seen = await seenBy("pools-dev-builders-one-1");
      expect(await seen.version()).toHaveProperty("ApiVersion");
      await expect(seen.listContainers()).rejects.toThrow("GET /containers/json is not among the calls");
      const proxy = seen.getContainer("pools-dev-builders-one-1-docker");
      await expect(proxy.exec({ Cmd: ["sh"] })).rejects.toMatchObject({ statusCode: 403 });
      await expect(seen.listVolumes()).rejects.toMatchObject({ statusCode: 403 });
      await expect(seen.getImage("../containers").inspect()).rejects.toMatchObject({ statusCode: 403 });
      const logs = await daemon.client.getContainer("pools-dev-builders-one-1-docker").logs({ stdout: true });
      expect(String(logs)).toContain("refused GET /volumes");
      expect(String(logs)).not.toContain("/containers/create");

      expect((await world.stack.up({ expectNoChanges: true })).changes).toEqual({
        same: up.changes["create"],
      });
      succeeded(await world.stack.refresh({ expectNoChanges: true }));
      succeeded(await world.stack.up({ expectNoChanges: true }));
    }, 180_000);

    it("are replaced one at a time, each after its agent has finished its job", async () => {
      world.program(program("2.6"));
      await world.up();
      const deployment = queueDeployment(8);
      await world.until(deployment, "running");
      const begin = Date.now();
      world.program(program("3.2"));
      await world.up();
      const events = await containerEvents(daemon.client, begin);
      const agents = events.filter(({ container }) => !container.endsWith("-docker"));
      expect(mostLeaving(agents)).toBe(1);
      expect(world.job(deployment)).toMatchObject({ outcome: "succeeded" });
      const proxy = await daemon.client.getContainer("pools-dev-builders-one-2-docker").inspect();
      expect(proxy.Config.Image).toBe("haproxy:3.2-alpine");

      const last = queueDeployment(6);
      await world.until(last, "running");
      succeeded(await world.stack.destroy());
      expect(world.job(last)).toMatchObject({ outcome: "succeeded" });
      expect(await daemon.client.listContainers({ all: true })).toEqual([]);
      expect((await daemon.client.listVolumes()).Volumes ?? []).toEqual([]);
    }, 180_000);
  },
);

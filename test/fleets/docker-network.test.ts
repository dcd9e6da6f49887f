import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINES } from "../engine/world.ts";
import { createNetwork } from "../parts/docker/bridge.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { DockerWorld, errorsOf, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

let daemon: DockerDaemon;
let gateways: { a: string; b: string; bridge: string };
let world: DockerWorld | undefined;

beforeAll(async () => {
  if (hasNoFleets) return;
  daemon = await startAgentHost({ bridge: true });
  const [a, b] = [await createNetwork(daemon.client, "a"), await createNetwork(daemon.client, "b")];
  gateways = { a, b, bridge: daemon.bridge?.gateway as string };
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
});

const fleet = (networking: string) => `
  const controlPlane = address.hcp;
  const pool = new pools.RunnerPool("builders", { controlPlane });
  new pools.StackPoolAssignment("network", { controlPlane, pool, target: { workspace: "network-prod" } });
  const token = new pools.PoolToken("builders", { controlPlane, pool });
  new DockerFleet("builders", {
    controlPlane, pool, token: token.value, agent: { kind: "hcp-terraform", version: "1.30.2" },
    hosts: [{ name: "one", address: "${daemon.host}" }], drainTimeoutSeconds: 60, ${networking}
  });`;

/** Networks of the agent's container, as the daemon has it. */
async function joined(): Promise<string[]> {
  const { NetworkSettings } = await daemon.client.getContainer("pools-dev-builders-one-1").inspect();
  return Object.keys(NetworkSettings.Networks).sort();
}

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("Networks of DockerFleet on $name"), ({ engine }) => {
  /** With the control plane on one network only, it is this network that agents come through. */
  async function worldOn(host: string): Promise<DockerWorld> {
    if (!engine) throw new Error("skipped");
    world = await DockerWorld.create(engine, { emulator: { host } });
    return world;
  }

  beforeEach((context) => {
    if (!engine) context.skip();
  });

  afterEach(async () => {
    await world?.dispose();
    world = undefined;
  });

  it.each(["a", "b"] as const)(
    "are joined, so that agents reach what is on %s",
    async (name) => {
      const world = await worldOn(gateways[name]);
      world.program(fleet('networks: ["a", "b"]'));
      const created = await world.up();
      expect(await joined()).toEqual(["a", "b"]);
      const job = world.queueRun(1);
      expect((await world.stack.up({ expectNoChanges: true })).changes).toEqual({
        same: created.changes["create"],
      });
      succeeded(await world.stack.refresh({ expectNoChanges: true }));
      succeeded(await world.stack.up({ expectNoChanges: true }));
      await world.until(job, "succeeded");
      world.program(fleet(`networks: ["${name}"]`));
      expect((await world.up()).changes).toMatchObject({ replace: 1 });
      expect(await joined()).toEqual([name]);
    },
    120_000,
  );

  it("are Docker's default bridge unless the fleet says otherwise", async () => {
    const world = await worldOn(gateways.bridge);
    world.program(fleet(""));
    await world.up();
    expect(await joined()).toEqual(["bridge"]);
    await world.until(world.queueRun(1), "succeeded");
    succeeded(await world.stack.refresh({ expectNoChanges: true }));
  }, 120_000);

  it.each(['["nowhere"]', '["a", "nowhere"]'])(
    "must be there: %s names the one that is not",
    async (networks) => {
      const world = await worldOn(gateways.a);
      world.program(fleet(`networks: ${networks}`));
      const up = await world.stack.up();
      expect(up.result).toBe("failed");
      expect(errorsOf(up)).toMatch(/network nowhere not found/);
    },
    60_000,
  );
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { type ForwardProxy, startForwardProxy } from "../parts/proxy/forward-proxy.ts";
import { createAuthority } from "../parts/tls/authority.ts";
import { DockerWorld, errorsOf, startAgentHost } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const { organization, envZeroProjects } = emulatorIds;
let daemon: DockerDaemon;
/** The machine as containers see it. Loopback would not do: no Go program goes through a proxy to that. */
let gateway: string;
let folder: string;
let proxy: ForwardProxy;
let world: DockerWorld | undefined;

const authority = createAuthority("Company authority");

beforeAll(async () => {
  if (hasNoFleets) return;
  daemon = await startAgentHost({ bridge: true });
  gateway = daemon.bridge?.gateway as string;
  folder = mkdtempSync(join(tmpdir(), "authorities-"));
  writeFileSync(join(folder, "authority.pem"), authority.certificate);
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
  if (folder) rmSync(folder, { recursive: true });
});

/** What each agent needs besides surroundings, and a job for it. */
const kinds = {
  "hcp-terraform": {
    plane: "hcp",
    agent: { kind: "hcp-terraform", version: "1.30.2" },
    target: { workspace: "network-prod" },
    more: () => ({}),
    queue: (to: DockerWorld) => to.queueRun(1),
  },
  "pulumi-cloud": {
    plane: "pulumi",
    agent: {
      kind: "pulumi-cloud",
      version: "v2.3.0",
      pulumiCloud: { pollingIntervalSeconds: 1, pullJobImages: false },
    },
    target: { stack: "network/prod" },
    more: () => ({ dockerSocket: daemon.socket }),
    queue: ({ emulator }: DockerWorld) =>
      emulator.admin.pulumiCloud.queueDeployment({
        organization,
        stack: "network/prod",
        seconds: 1,
        image: "pulumi/pulumi:latest",
      }).id,
  },
  "env-zero": {
    plane: "envZero",
    agent: { kind: "env-zero", version: "5.2.2", envZero: { stateEncryptionKey: "c3RhdGU=" } },
    target: { project: envZeroProjects.network },
    more: () => ({}),
    queue: ({ emulator }: DockerWorld) =>
      emulator.admin.envZero.queueDeployment({ projectId: envZeroProjects.network, seconds: 1 }).id,
  },
} as const;

function fleet(kind: keyof typeof kinds, surroundings: object, args: object = {}): string {
  const { plane, agent, target, more } = kinds[kind];
  const fixed = { agent: { ...agent, ...surroundings }, drainTimeoutSeconds: 60, ...more(), ...args };
  return `
    const controlPlane = address.${plane};
    const pool = new pools.RunnerPool("builders", { controlPlane });
    new pools.StackPoolAssignment("network", { controlPlane, pool, target: ${JSON.stringify(target)} });
    const token = new pools.PoolToken("builders", { controlPlane, pool });
    new DockerFleet("builders", {
      controlPlane, pool, token: token.value, hosts: [{ name: "one", address: "${daemon.host}" }],
      ...${JSON.stringify(fixed)},
    });`;
}

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("Surroundings of DockerFleet on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    proxy = await startForwardProxy(gateway);
  });

  afterEach(async () => {
    await world?.dispose();
    world = undefined;
    await proxy?.stop();
  });

  /** A control plane with a certificate of the company's own, which the provider trusts. */
  async function privatePlane(): Promise<DockerWorld> {
    if (!engine) throw new Error("skipped");
    const { certificate: cert, key } = authority.issue("control plane", [gateway]);
    world = await DockerWorld.create(engine, {
      emulator: { host: gateway, tls: { cert, key } },
      environment: { NODE_EXTRA_CA_CERTS: join(folder, "authority.pem") },
    });
    return world;
  }

  it.each(["hcp-terraform", "pulumi-cloud", "env-zero"] as const)(
    "let %s's agent through a proxy to a control plane of a private authority",
    async (kind) => {
      const on = await privatePlane();
      on.emulator.admin.setAgentTimeouts({ pulumiCloud: { retryAfter: 1 } });
      const certificateAuthorities = authority.certificate;
      on.program(fleet(kind, { certificateAuthorities, proxy: { https: proxy.url } }));
      await on.up();
      await on.until(kinds[kind].queue(on), "succeeded");
      expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${gateway}:${on.emulator.port}`]));
    },
    120_000,
  );

  it("keep an agent away from a control plane that it cannot trust", async () => {
    const on = await privatePlane();
    on.program(fleet("hcp-terraform", {}, { awaitTimeoutSeconds: 5 }));
    const up = await on.stack.up();
    expect(up.result).toBe("failed");
    expect(errorsOf(up)).toContain("0 of 1 agents");
    const logs = await daemon.client
      .getContainer("pools-dev-builders-one-1")
      .logs({ stdout: true, stderr: true });
    expect(logs.toString()).toContain("certificate signed by unknown authority");
  }, 120_000);

  it("are a proxy for plain HTTP, too, and what is reached without one", async () => {
    if (!engine) return;
    world = await DockerWorld.create(engine, { emulator: { host: gateway } });
    world.program(fleet("hcp-terraform", { proxy: { http: proxy.url } }));
    await world.up();
    await world.until(world.queueRun(1), "succeeded");
    const calls = proxy.seen.filter((call) => call.startsWith(`POST ${world?.emulator.url}/`));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls).toEqual(proxy.seen);
    world.program(fleet("hcp-terraform", { proxy: { http: proxy.url, noProxy: [gateway] } }));
    await world.up();
    const before = proxy.seen.length;
    await world.until(world.queueRun(1), "succeeded");
    expect(proxy.seen.length).toBe(before);
  }, 120_000);
});

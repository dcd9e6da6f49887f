import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OperationResult } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { freePorts } from "../parts/docker/free-port.ts";
import { type SshServer, startSshServer, whyNoSshServer } from "../parts/ssh/sshd.ts";
import { createAuthority, type Identity } from "../parts/tls/authority.ts";
import { DockerWorld, errorsOf, runningAgents, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const noSsh = hasNoFleets ? undefined : (whyNoSshServer() ?? whyNoDialStdio());
let daemon: DockerDaemon;
let sshd: SshServer;
let world: DockerWorld;
let address: string;

/** What a user configures for a daemon with TLS. */
const authority = createAuthority();
const client = authority.issue("fleet");

beforeAll(async () => {
  if (hasNoFleets) return;
  const port = await freePorts(1);
  address = `tcp://127.0.0.1:${port}`;
  const identity = authority.issue("daemon", ["127.0.0.1"]);
  daemon = await startAgentHost({ tls: { port, authority: authority.certificate, identity } });
  if (noSsh === undefined) sshd = await startSshServer({ DOCKER_HOST: daemon.host });
}, 180_000);

afterAll(async () => {
  await sshd?.dispose();
  await daemon?.dispose();
});

/** The remote side of a connection over SSH is Docker's own client. */
function whyNoDialStdio(): string | undefined {
  try {
    execFileSync("docker", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "there is no `docker` command";
  }
}

const fleet = (host: object, replicas = 1) => `
  const controlPlane = address.hcp;
  const pool = new pools.RunnerPool("builders", { controlPlane });
  new pools.StackPoolAssignment("network", { controlPlane, pool, target: { workspace: "network-prod" } });
  const token = new pools.PoolToken("builders", { controlPlane, pool });
  new DockerFleet("builders", {
    controlPlane, pool, token: token.value, agent: { kind: "hcp-terraform", version: "1.30.2" },
    hosts: [${JSON.stringify({ name: "edge", ...host })}],
    replicas: ${replicas}, hostNetwork: true, drainTimeoutSeconds: 60,
  });`;

/** From nothing to agents that do their work, and back. Returns the state in between. */
async function servesJobs(host: object): Promise<string> {
  world.program(fleet(host, 2));
  const up = await world.up();
  expect(await runningAgents(daemon.client)).toEqual([
    "pools-dev-builders-edge-1",
    "pools-dev-builders-edge-2",
  ]);
  const job = world.queueRun(1);
  expect((await world.stack.up({ expectNoChanges: true })).changes).toEqual({ same: up.changes["create"] });
  succeeded(await world.stack.refresh({ expectNoChanges: true }));
  await world.until(job, "succeeded");
  const state = JSON.stringify(await world.stack.exportState());
  succeeded(await world.stack.destroy());
  expect(await daemon.client.listContainers({ all: true })).toEqual([]);
  return state;
}

/** Fails to deploy within seconds, and without a trace on the host. */
async function refused(host: object): Promise<string> {
  world.program(fleet(host));
  const up: OperationResult = await world.stack.up();
  expect(up.result).toBe("failed");
  expect(up.durationMs).toBeLessThan(30_000);
  expect(await daemon.client.listContainers({ all: true })).toEqual([]);
  return errorsOf(up);
}

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("Remote hosts of DockerFleet on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    world = await DockerWorld.create(engine);
  });

  afterEach(async () => {
    await world?.dispose();
  });

  describe.skipIf(noSsh !== undefined)(`over SSH${noSsh === undefined ? "" : ` (skipped: ${noSsh})`}`, () => {
    it("serve jobs", async () => {
      await servesJobs({ address: sshd.address, sshOptions: sshd.options });
      expect(sshd.logins()).toBeGreaterThan(0);
    }, 120_000);

    it("say that they do not know the key, and which host it is", async () => {
      const said = await refused({ address: sshd.address, sshOptions: sshd.wrongKeyOptions });
      expect(said).toContain(`make sure that ${sshd.address} is reachable`);
      expect(said).toContain("Permission denied (publickey)");
    }, 60_000);

    it("must be known hosts", async () => {
      const said = await refused({ address: sshd.address, sshOptions: sshd.unknownHostOptions });
      expect(said).toContain(`make sure that ${sshd.address} is reachable`);
      expect(said).toContain("Host key verification failed");
    }, 60_000);

    it("are named with what was tried when nobody listens", async () => {
      const nobody = `ssh://root@127.0.0.1:${await freePorts(1)}`;
      const said = await refused({ address: nobody, sshOptions: sshd.options });
      expect(said).toContain(`make sure that ${nobody} is reachable`);
      expect(said).toContain("Connection refused");
      expect(said).toMatch(/\[ssh .* -o ConnectTimeout=10 .*-- 127\.0\.0\.1 docker system dial-stdio\]/);
    }, 60_000);
  });

  describe("with TLS", () => {
    const certificates = ({ certificate, key }: Identity) => ({
      address,
      certificateAuthority: authority.certificate,
      certificate,
      key,
    });

    it("serve jobs, and the key is in no plain state", async () => {
      const state = await servesJobs(certificates(client));
      expect(state).toContain(inJson(client.certificate));
      expect(state).not.toContain(inJson(client.key));
    }, 120_000);

    it("refuse a certificate of another authority, and are named", async () => {
      const said = await refused(certificates(createAuthority("Another").issue("fleet")));
      expect(said).toContain(
        `the Docker daemon of host edge cannot be reached. Tried to connect to ${address} (`,
      );
      expect(said).toMatch(/bad certificate|unknown ca|certificate required/i);
    }, 60_000);

    it("are refused with a certificate of another authority", async () => {
      const certificateAuthority = createAuthority("Another").certificate;
      const said = await refused({ ...certificates(client), certificateAuthority });
      expect(said).toContain(
        `the Docker daemon of host edge cannot be reached. Tried to connect to ${address} (`,
      );
      expect(said).toMatch(/unable to verify|unknown authority|self-signed/i);
    }, 60_000);

    it("are named where the fleet has no certificate", async () => {
      const said = await refused({ address });
      expect(said).toContain(
        `the Docker daemon of host edge cannot be reached. Tried to connect to ${address} (`,
      );
      expect(said).toContain("HTTP request to an HTTPS server");
    }, 60_000);
  });
});

/** The middle of a PEM, which reads the same however often it is written as JSON in JSON. */
function inJson(pem: string): string {
  return pem.split("\n")[1] as string;
}

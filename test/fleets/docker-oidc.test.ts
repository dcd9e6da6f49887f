import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { type OidcIssuer, startOidcIssuer } from "../agent/oidc-issuer.ts";
import { registerIssuer, type Trust } from "../agent/oidc-trust.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { freePorts } from "../parts/docker/free-port.ts";
import { DockerWorld, errorsOf, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const { organization } = emulatorIds;
let daemon: DockerDaemon;
let issuer: OidcIssuer;
let world: DockerWorld;
let trust: Trust;
/** On the host, where something renews the token. */
let folder: string;
let tokenFile: string;

beforeAll(async () => {
  if (!hasNoFleets) [daemon, issuer] = await Promise.all([startAgentHost(), startOidcIssuer()]);
}, 180_000);

afterAll(async () => {
  await issuer?.stop();
  await daemon?.dispose();
});

/** As whatever renews a token does it: nobody ever sees half a file. */
function writeToken(subject: string): void {
  const token = issuer.issue({ sub: subject, aud: `urn:pulumi:org:${organization}` });
  writeFileSync(join(folder, ".new"), token, { mode: 0o600 });
  renameSync(join(folder, ".new"), tokenFile);
}

const pool = `
  const controlPlane = address.pulumi;
  const pool = new pools.RunnerPool("builders", { controlPlane });
  new pools.StackPoolAssignment("network", { controlPlane, pool, target: { stack: "network/prod" } });
  exports.pool = pool.id;`;

const fleet = (healthPort: number) => `${pool}
  new DockerFleet("builders", {
    controlPlane, pool, oidc: { tokenFile: "${tokenFile}", expirationSeconds: 2 },
    agent: { kind: "pulumi-cloud", version: "v2.3.0", pulumiCloud: { pollingIntervalSeconds: 1, pullJobImages: false } },
    hosts: [{ name: "one", address: "${daemon.host}" }],
    hostNetwork: true, healthPort: ${healthPort}, drainTimeoutSeconds: 60, dockerSocket: "${daemon.socket}",
  });`;

async function runJob(): Promise<void> {
  const { id } = world.emulator.admin.pulumiCloud.queueDeployment({
    organization,
    stack: "network/prod",
    seconds: 0.5,
    image: "pulumi/pulumi:latest",
  });
  await world.until(id, "succeeded", 60);
}

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("OIDC of DockerFleet on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    folder = mkdtempSync(join(tmpdir(), "oidc-token-"));
    tokenFile = join(folder, "token");
    world = await DockerWorld.create(engine);
    world.emulator.admin.setAgentTimeouts({ pulumiCloud: { retryAfter: 1 } });
    trust = await registerIssuer(world.emulator, issuer);
  });

  afterEach(async () => {
    await world?.dispose();
    if (folder) rmSync(folder, { recursive: true });
  });

  it("brings agents online that follow the token's renewals, and changes nothing the next time", async () => {
    world.program(pool);
    const poolId = String((await world.up()).outputs["pool"])
      .split("/")
      .at(-1) as string;
    await trust(poolId, "host:*");
    writeToken("host:first");
    world.program(fleet(await freePorts(1)));
    await world.up();
    succeeded(await world.stack.up({ expectNoChanges: true }));
    succeeded(await world.stack.refresh({ expectNoChanges: true }));
    await runJob();
    writeToken("host:second");
    await trust(poolId, "host:second");
    await runJob();
    // An agent starts anew after each job: by now it logged in with the second token, since the first is refused.
    await runJob();
    succeeded(await world.stack.destroy());
    expect(await daemon.client.listContainers({ all: true })).toEqual([]);
    expect(existsSync(tokenFile)).toBe(true);
  }, 180_000);

  it("says at once that there is no token, and goes on when there is", async () => {
    world.program(pool);
    const poolId = String((await world.up()).outputs["pool"])
      .split("/")
      .at(-1) as string;
    await trust(poolId, "host:*");
    world.program(fleet(await freePorts(1)));
    const up = await world.stack.up();
    expect(up.result).toBe("failed");
    expect(errorsOf(up)).toContain(`bind source path does not exist: ${tokenFile}`);
    expect(up.diagnostics.some(({ urn }) => urn?.endsWith("builders-one-oidc.tokenFile"))).toBe(true);
    expect(up.durationMs).toBeLessThan(60_000);
    expect(await daemon.client.listContainers()).toEqual([]);
    writeToken("host:first");
    await world.up();
    await runJob();
  }, 180_000);
});

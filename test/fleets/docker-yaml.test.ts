import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { emulatorEnvironment, emulatorIds, startEmulator } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { pathWithDockerPlugin } from "../parts/docker/docker-test.ts";
import { eventually, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let daemon: DockerDaemon;

beforeAll(async () => {
  if (!hasNoFleets) daemon = await startAgentHost();
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
});

/** A project in YAML, which gets the fleet from the plugin. */
function project(url: string, token: "first" | "second"): string {
  const controlPlane = { kind: "hcp-terraform", organization: emulatorIds.organization, url };
  const resource = (type: string, properties: object) => ({
    type: `runner-pools:${type}`,
    properties: { controlPlane, ...properties },
  });
  const pool = reference("pool.id");
  const document = {
    name: "pools",
    runtime: "yaml",
    packages: { "runner-pools": root },
    plugins: { providers: [{ name: "runner-pools", path: root }] },
    resources: {
      pool: resource("RunnerPool", { name: "builders" }),
      first: resource("PoolToken", { pool, description: "first" }),
      second: resource("PoolToken", { pool, description: "second" }),
      network: resource("StackPoolAssignment", { pool, target: { workspace: "network-prod" } }),
      fleet: resource("DockerFleet", {
        pool,
        token: reference(`${token}.value`),
        agent: { kind: "hcp-terraform", version: "1.30.2" },
        hosts: [{ name: "one", address: daemon.host }],
        replicas: 2,
        hostNetwork: true,
        drainTimeoutSeconds: 60,
      }),
    },
    outputs: { names: reference("fleet.containerNames") },
  };
  // Pulumi reads no anchors.
  return stringify(document, { aliasDuplicateObjects: false });
}

/** How YAML refers to another resource's output. */
function reference(path: string): string {
  return `\${${path}}`;
}

// YAML programs need the CLI's own language host.
const engines = ENGINES.filter(({ name }) => name !== "stand-in");

describe.skipIf(hasNoFleets).each(engines)(onFleets("DockerFleet in YAML on $name"), ({ engine }) => {
  it("moves to another token through the plugin, and cuts no job short", async (context) => {
    if (!engine) return context.skip();
    const emulator = await startEmulator();
    const folder = mkdtempSync(join(tmpdir(), "runner-pools-yaml-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(root, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
    const write = (token: "first" | "second") =>
      writeFileSync(join(folder, "Pulumi.yaml"), project(emulator.url, token));
    write("first");
    const stack = await engine.createStack({
      program: folder,
      environment: { ...emulatorEnvironment(emulator.url), PATH: pathWithDockerPlugin() },
    });
    try {
      const up = succeeded(await stack.up());
      expect(up.outputs["names"]).toEqual(["dev-fleet-one-1", "dev-fleet-one-2"]);
      succeeded(await stack.up({ expectNoChanges: true }));
      const { id } = emulator.admin.hcpTerraform.queueRun({
        organization: emulatorIds.organization,
        workspace: "network-prod",
        seconds: 8,
        planOnly: true,
      });
      const outcome = () => emulator.admin.jobs().find((job) => job.id === id)?.outcome;
      await eventually(outcome, (now) => now === "running");
      write("second");
      expect(succeeded(await stack.up()).changes).toMatchObject({ replace: 3 });
      expect(outcome()).toBe("succeeded");
    } finally {
      await stack.destroy();
      await stack.dispose();
      await emulator.stop();
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});

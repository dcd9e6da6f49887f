import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { DockerWorld, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

let daemon: DockerDaemon;
let world: DockerWorld;
let group: string;

beforeAll(async () => {
  if (hasNoFleets) return;
  daemon = await startAgentHost();
  group = `runner-pools-${basename(join(daemon.socket, "..")).split("-").at(-1)}`;
  if (!isVersion1) writeFileSync(join(groups, "cgroup.subtree_control"), "+pids");
  mkdirSync(groupFolder());
  writeFileSync(join(groupFolder(), "pids.max"), "24");
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
  if (group !== undefined) rmdirSync(groupFolder());
});

const groups = "/sys/fs/cgroup";
const isVersion1 = existsSync(join(groups, "pids"));

function groupFolder(): string {
  return join(groups, isVersion1 ? "pids" : "", group);
}

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("Limits of DockerFleet on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    world = await DockerWorld.create(engine);
  });

  afterEach(async () => {
    await world?.dispose();
  });

  it("include those of a control group of the host, which counts processes", async () => {
    world.program(`
      const controlPlane = address.hcp;
      const pool = new pools.RunnerPool("builders", { controlPlane });
      const token = new pools.PoolToken("builders", { controlPlane, pool });
      new DockerFleet("builders", {
        controlPlane, pool, token: token.value, agent: { kind: "hcp-terraform", version: "1.30.2" },
        hosts: [{ name: "one", address: "${daemon.host}" }], hostNetwork: true, drainTimeoutSeconds: 60,
        limits: { memoryMegabytes: 64, cpus: 0.5, cgroupParent: "/${group}" },
      });`);
    await world.up();
    const exec = await daemon.client.getContainer("pools-dev-builders-one-1").exec({
      Cmd: [
        "/bin/sh",
        "-c",
        "for i in $(cat /proc/filesystems /proc/filesystems); do sleep 2 & done; echo all",
      ],
      AttachStdout: true,
      AttachStderr: true,
    });
    let said = "";
    for await (const chunk of await exec.start({ hijack: true, stdin: false })) said += chunk;
    expect(said).toContain("can't fork");
    expect(said).not.toContain("all");
    succeeded(await world.stack.refresh({ expectNoChanges: true }));
    succeeded(await world.stack.up({ expectNoChanges: true }));
  }, 120_000);
});

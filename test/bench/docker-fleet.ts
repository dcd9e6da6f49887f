import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, emulatorEnvironment, startEmulator } from "../../dist/emulator/index.js";
import type { Engine, OperationResult } from "../engine/engine.ts";
import { agentVersions, loadAgentImages } from "../fleets/docker-images.ts";
import { type DockerDaemon, startDockerDaemon } from "../parts/docker/daemon.ts";
import { pathWithDockerPlugin } from "../parts/docker/docker-test.ts";
import { writeProject } from "../programs/project-folder.ts";

/** What a fleet of so many agents on one Docker host costs. */
export interface FleetFigures {
  secondsToAllOnline: number;
  /** From the end of the last job to the end of its container, while the fleet is destroyed. */
  secondsFromLastJobToLastContainer: number;
  controlPlaneCallsPerReplica: number;
  daemonCallsPerReplica: number;
}

/** Deploys fleets of these sizes, gives every agent a job, and destroys them meanwhile. */
export async function measureFleets(
  engine: Engine,
  sizes: readonly number[],
): Promise<Record<string, FleetFigures>> {
  const daemon = await startDockerDaemon();
  try {
    await loadAgentImages(daemon.client);
    const figures: Record<string, FleetFigures> = {};
    for (const size of sizes) figures[`${size} replicas`] = await measure(engine, daemon, size);
    return figures;
  } finally {
    await daemon.dispose();
  }
}

async function measure(engine: Engine, daemon: DockerDaemon, replicas: number): Promise<FleetFigures> {
  const emulator = await startEmulator();
  emulator.admin.setRateLimits({ hcpTerraform: null });
  const workspaces = Array.from({ length: replicas }, (_, index) => ({ name: `bench-${index}` }));
  emulator.admin.seed({ hcpTerraform: [{ organization: "acme", workspaces }] });
  const counter = await countCalls(daemon.socket);
  const project = writeProject(program(emulator.url, counter.host, replicas));
  const stack = await engine.createStack({
    program: project.path,
    environment: { ...emulatorEnvironment(emulator.url), PATH: pathWithDockerPlugin() },
  });
  try {
    const begun = Date.now();
    succeeded(await stack.up());
    const secondsToAllOnline = secondsSince(begun);
    for (const { name } of workspaces) {
      emulator.admin.hcpTerraform.queueRun({
        organization: "acme",
        workspace: name,
        seconds: 20,
        planOnly: true,
      });
    }
    while (emulator.admin.jobs().some(({ outcome }) => outcome === "queued")) await sleep(100);
    succeeded(await stack.destroy());
    const lastContainer = Date.now();
    return {
      secondsToAllOnline,
      secondsFromLastJobToLastContainer: Math.round((lastContainer - lastJobEnd(emulator)) / 100) / 10,
      controlPlaneCallsPerReplica: perReplica(ownCalls(emulator), replicas),
      daemonCallsPerReplica: perReplica(counter.calls(), replicas),
    };
  } finally {
    await stack.dispose();
    await emulator.stop();
    counter.close();
    project.remove();
  }
}

function program(url: string, host: string, replicas: number): string {
  return `
    const { DockerFleet } = require("pulumi-runner-pools/docker");
    const controlPlane = { kind: "hcp-terraform", organization: "acme", url: "${url}" };
    const pool = new pools.RunnerPool("bench", { controlPlane });
    const token = new pools.PoolToken("bench", { controlPlane, pool });
    new DockerFleet("bench", {
      controlPlane, pool, token: token.value,
      agent: { kind: "hcp-terraform", version: "${agentVersions["hcp-terraform"]}" },
      hosts: [{ name: "one", address: "${host}" }],
      replicas: ${replicas}, maxUnavailable: ${replicas}, hostNetwork: true, limits: { memoryMegabytes: 64 },
    });
    for (let i = 0; i < ${replicas}; i++) {
      new pools.StackPoolAssignment(\`bench-\${i}\`, { controlPlane, pool, target: { workspace: \`bench-\${i}\` } });
    }`;
}

/** A way to the daemon that counts what goes through it. */
async function countCalls(socket: string): Promise<{ host: string; calls(): number; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "runner-pools-bench-"));
  const path = join(folder, "docker.sock");
  let calls = 0;
  const server = createServer((incoming, outgoing) => {
    calls += 1;
    const { method, url, headers } = incoming;
    const onward = request({ socketPath: socket, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((ready) => server.listen(path, ready));
  return {
    host: `unix://${path}`,
    calls: () => calls,
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Calls of the deployment; agents poll on their own. */
function ownCalls(emulator: Emulator): number {
  return emulator.admin.journal().filter(({ path }) => path.startsWith("/api/v2/")).length;
}

function lastJobEnd(emulator: Emulator): number {
  return Math.max(...emulator.admin.jobs().map(({ finishedAt }) => Date.parse(finishedAt ?? "")));
}

function succeeded({ result, diagnostics }: OperationResult): void {
  if (result === "failed") throw new Error(diagnostics.map(({ message }) => message).join("\n"));
}

function perReplica(calls: number, replicas: number): number {
  return Math.round((calls / replicas) * 10) / 10;
}

function secondsSince(time: number): number {
  return Math.round((Date.now() - time) / 100) / 10;
}

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Job } from "../../emulator/work.ts";
import { buildAgent } from "./build.ts";
import { FakeDockerDaemon } from "./docker-daemon.ts";
import { emptyFolder, type RunningAgent, startAgent } from "./start-agent.ts";

const organization = "acme";

/** A host on which the workflow agent can run: a daemon, a staged runner, a shared folder. */
export interface Host {
  daemon: FakeDockerDaemon;
  /** Keys of the configuration file that the host asks for. */
  configuration: Record<string, string>;
}

/** Makes a host that lives as long as the test. */
export async function makeHost(emulator: Emulator): Promise<Host> {
  const daemon = await new FakeDockerDaemon().start();
  onTestFinished(() => daemon.stop());
  const folder = emptyFolder();
  for (const name of ["workflow-runner", "workflow-runner-embeddable"]) {
    copyFileSync(await buildAgent(), join(folder, name));
  }
  const shared = join(folder, "shared");
  mkdirSync(shared);
  const configuration = {
    service_url: emulator.url,
    working_directory: folder,
    shared_volume_directory: shared,
    http_server_port: "0",
  };
  return { daemon, configuration };
}

/** Starts the agent on a host, with a configuration file of its own in its current directory. */
export function startOn(
  host: Host,
  configuration: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<RunningAgent> {
  const folder = emptyFolder();
  const keys = Object.entries({ ...host.configuration, ...configuration });
  const text = keys.map(([key, value]) => `${key}: "${value}" # as a fleet would\n`).join("");
  writeFileSync(join(folder, "pulumi-workflow-agent.yaml"), text);
  return startAgent("customer-managed-workflow-agent", {
    arguments: ["run"],
    folder,
    environment: { DOCKER_HOST: `unix://${host.daemon.socket}`, ...environment },
  });
}

/** Makes a pool, to which stacks may be assigned. */
export function makePool({ admin }: Emulator, name: string, ...stacks: string[]) {
  const { id, tokenValue } = admin.pulumiCloud.createAgentPool({ organization, name });
  for (const stack of stacks) assign({ admin }, stack, id);
  return { id, token: tokenValue };
}

/** Assigns a stack to a pool. */
export function assign({ admin }: Pick<Emulator, "admin">, stack: string, agentPoolId: string): void {
  admin.pulumiCloud.assign({ organization, target: { stack }, agentPoolId });
}

/** Queues a deployment of a stack; returns its id. */
export function queue({ admin }: Emulator, stack: string, seconds: number): string {
  return admin.pulumiCloud.queueDeployment({ organization, stack, seconds, image: "jobs:1" }).id;
}

/** The job with this id. */
export function jobOf({ admin }: Emulator, id: string): Job | undefined {
  return admin.jobs().find((job) => job.id === id);
}

/** Waits until a job has this outcome. */
export async function waitFor(emulator: Emulator, id: string, outcome: Job["outcome"]): Promise<void> {
  const check = () => {
    const seen = jobOf(emulator, id)?.outcome;
    if (seen !== outcome) throw new Error(`job ${id} is ${seen}, not ${outcome}`);
  };
  await vi.waitFor(check, { timeout: 10_000, interval: 20 });
}

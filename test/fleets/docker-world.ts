import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { expect } from "vitest";
import { type Emulator, type EmulatorOptions, emulatorIds } from "../../emulator/index.ts";
import type { Engine, OperationResult, Stack } from "../engine/engine.ts";
import { type DaemonOptions, type DockerDaemon, startDockerDaemon } from "../parts/docker/daemon.ts";
import { pathWithDockerPlugin } from "../parts/docker/docker-test.ts";
import { deploy, programWith } from "../programs/deployment.ts";
import { loadAgentImages, loadJobImage } from "./docker-images.ts";

/** A daemon that has every agent's image. */
export async function startAgentHost(options?: DaemonOptions): Promise<DockerDaemon> {
  const daemon = await startDockerDaemon(options);
  await Promise.all([loadAgentImages(daemon.client), loadJobImage(daemon.client)]);
  return daemon;
}

/** What differs from a control plane on loopback. */
export interface WorldOptions {
  readonly emulator?: EmulatorOptions;
  /** Of the engine and the providers. */
  readonly environment?: Record<string, string>;
}

/** A program with a fleet, its stack, and the control planes that its agents serve. */
export class DockerWorld {
  readonly emulator: Emulator;
  readonly stack: Stack;
  private readonly write: (body: string) => void;
  private readonly remove: () => Promise<void>;

  private constructor(deployment: Awaited<ReturnType<typeof deploy>>) {
    this.emulator = deployment.emulator;
    this.stack = deployment.stack;
    this.write = (body) => deployment.project.write(programWith(deployment.emulator, body));
    this.remove = () => deployment.dispose();
  }

  static async create(
    engine: Engine,
    { emulator = {}, environment = {} }: WorldOptions = {},
  ): Promise<DockerWorld> {
    const options = { emulator, environment: { PATH: pathWithDockerPlugin(), ...environment } };
    return new DockerWorld(await deploy(engine, "", options));
  }

  /** Replaces the program, in which `DockerFleet` is the component and `address` the emulator's planes. */
  program(body: string): void {
    this.write(`const { DockerFleet } = require("pulumi-runner-pools/docker");\n${body}`);
  }

  /** Deploys, and fails with what went wrong. */
  async up(): Promise<OperationResult> {
    return succeeded(await this.stack.up());
  }

  /** Names of the agents that HCP Terraform would give work to, or has. */
  servingAgents(): string[] {
    const { agentPools } = this.emulator.admin.snapshot().hcpTerraform;
    const agents = agentPools.flatMap((pool) => pool.agents);
    return agents
      .filter(({ status }) => status === "idle" || status === "busy")
      .map(({ name }) => name ?? "")
      .sort();
  }

  /** Queues a run for workspace `network-prod`, which takes an agent so many seconds. */
  queueRun(seconds: number): string {
    const { organization } = emulatorIds;
    const { id } = this.emulator.admin.hcpTerraform.queueRun({
      organization,
      workspace: "network-prod",
      seconds,
      planOnly: true,
    });
    return id;
  }

  job(id: string) {
    const found = this.emulator.admin.jobs().find((job) => job.id === id);
    if (!found) throw new Error(`there is no job ${id}`);
    return found;
  }

  /** Waits until a job is as far as that. */
  async until(id: string, outcome: string, seconds = 30): Promise<void> {
    await eventually(
      () => this.job(id).outcome,
      (now) => now === outcome,
      seconds,
    );
  }

  async dispose(): Promise<void> {
    await this.stack.destroy();
    await this.remove();
  }
}

/** What went wrong, if anything. */
export function errorsOf({ diagnostics }: OperationResult): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message)
    .join("\n");
}

export function succeeded(result: OperationResult): OperationResult {
  expect(errorsOf(result)).toBe("");
  expect(result.result).toBe("succeeded");
  return result;
}

/** Looks again and again until it is as wanted; fails with the last look. */
export async function eventually<Value>(
  look: () => Value | Promise<Value>,
  wanted: (value: Value) => boolean,
  seconds = 30,
): Promise<Value> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s it is still ${JSON.stringify(value)}`);
    await sleep(100);
  }
}

/** Names of the running containers of agents. */
export async function runningAgents(client: Docker): Promise<string[]> {
  const containers = await client.listContainers();
  return containers
    .flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, "")))
    .filter((name) => !name.startsWith("pulumi-workflow-"))
    .sort();
}

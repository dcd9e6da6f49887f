import { readdirSync, readFileSync } from "node:fs";
import {
  type Emulator,
  type EmulatorOptions,
  emulatorEnvironment,
  emulatorIds,
  startEmulator,
} from "../../emulator/index.ts";
import type { Engine, Stack } from "../engine/engine.ts";
import { type ProjectFolder, writeProject } from "./project-folder.ts";

/** A program, its stack, and the control planes that it deploys to. */
export interface Deployment {
  readonly emulator: Emulator;
  readonly project: ProjectFolder;
  readonly stack: Stack;
  /** Kills the provider processes of this stack as nothing else can: `kill -9`. Returns how many there were. */
  killProviders(): number;
  dispose(): Promise<void>;
}

/** Text of a program in which `address.pulumi`, `address.envZero` and `address.hcp` are the control planes at that URL. */
export function programAt(url: string, body: string): string {
  const address = (kind: string) => ({ kind, organization: emulatorIds.organization, url });
  const addresses = {
    pulumi: address("pulumi-cloud"),
    envZero: address("env-zero"),
    hcp: address("hcp-terraform"),
  };
  return `const address = ${JSON.stringify(addresses)};\n${body}`;
}

/** {@link programAt} an emulator, over TLS where it speaks that. */
export function programWith(emulator: Emulator, body: string): string {
  return programAt(emulator.secureUrl ?? emulator.url, body);
}

/** Starts an emulator and makes a stack of a program with {@link programWith}'s addresses. */
export async function deploy(
  engine: Engine,
  body: string,
  options: {
    emulator?: EmulatorOptions;
    environment?: Record<string, string | undefined>;
    config?: Record<string, string | { value: string; secret: true }>;
  } = {},
): Promise<Deployment> {
  const emulator = await startEmulator(options.emulator);
  const project = writeProject(programWith(emulator, body));
  const mark = `runner-pools-test-${process.pid}-${Math.random()}`;
  const stack = await engine.createStack({
    program: project.path,
    environment: { ...emulatorEnvironment(emulator.url), RUNNER_POOLS_TEST: mark, ...options.environment },
    ...(options.config && { config: options.config }),
  });
  return {
    emulator,
    project,
    stack,
    killProviders: () => kill(mark),
    async dispose() {
      await stack.dispose();
      await emulator.stop();
      project.remove();
    },
  };
}

function kill(mark: string): number {
  const victims = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        read(`/proc/${pid}/cmdline`).includes("dynamic-provider") &&
        read(`/proc/${pid}/environ`).includes(mark),
    );
  for (const pid of victims) process.kill(Number(pid), "SIGKILL");
  return victims.length;
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

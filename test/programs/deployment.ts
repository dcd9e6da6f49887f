import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  /** Where the stack's state lies. */
  readonly workFolder: string;
  /** The same stack in another environment, as another run of the program has it. */
  reopen(environment: Readonly<Record<string, string | undefined>>): Promise<Stack>;
  /** Environment variable and value that every process of this stack has. */
  readonly mark: readonly [name: string, value: string];
  /** Kills the provider processes of this stack as nothing else can: `kill -9`. Returns how many there were. */
  killProviders(): number;
  /** Kills all processes of this stack, an engine too that is a process of its own. Returns how many there were. */
  killEverything(): number;
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

/** What a deployment can be told. */
export interface DeployOptions {
  readonly emulator?: EmulatorOptions;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly config?: Readonly<Record<string, string | { value: string; secret: true }>>;
  /** Text of the program. @default {@link programWith} */
  readonly program?: (emulator: Emulator, body: string) => string;
  /** Changes the project's folder before a stack is made of it. */
  readonly prepare?: (project: string) => void;
}

/** Starts an emulator and makes a stack of a program with {@link programWith}'s addresses. */
export async function deploy(engine: Engine, body: string, options: DeployOptions = {}): Promise<Deployment> {
  const emulator = await startEmulator(options.emulator);
  const project = writeProject((options.program ?? programWith)(emulator, body));
  options.prepare?.(project.path);
  const workFolder = mkdtempSync(join(tmpdir(), "runner-pools-stack-"));
  const mark = `runner-pools-test-${process.pid}-${Math.random()}`;
  const environment = {
    ...emulatorEnvironment(emulator.secureUrl ?? emulator.url),
    RUNNER_POOLS_TEST: mark,
    ...options.environment,
  };
  const open = (more: Readonly<Record<string, string | undefined>>) =>
    engine.createStack({
      program: project.path,
      workFolder,
      environment: { ...environment, ...more },
      ...(options.config && { config: options.config }),
    });
  const stack = await open({});
  return {
    emulator,
    project,
    workFolder,
    stack,
    reopen: open,
    mark: ["RUNNER_POOLS_TEST", mark],
    killProviders: () => kill(mark, "dynamic-provider"),
    killEverything: () => kill(mark, ""),
    async dispose() {
      await stack.dispose();
      await emulator.stop();
      project.remove();
      rmSync(workFolder, { recursive: true, force: true });
    },
  };
}

function kill(mark: string, command: string): number {
  const victims = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) => read(`/proc/${pid}/cmdline`).includes(command) && read(`/proc/${pid}/environ`).includes(mark),
    );
  for (const pid of victims) killProcess(Number(pid));
  return victims.length;
}

/** A process may end before it is killed. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

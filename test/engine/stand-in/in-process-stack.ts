import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConfigValue, NotSupportedError } from "../engine.ts";
import { DEFAULT_PASSPHRASE, stackEnvironment } from "../environment.ts";
import type { DescribedResource } from "./described-program.ts";
import type { InProcessProvider } from "./in-process-provider.ts";
import type { Language } from "./language.ts";
import type { Project } from "./project.ts";
import { Secrets } from "./secrets.ts";
import { StackConfig } from "./stack-config.ts";
import { StandInStack } from "./stand-in-stack.ts";

/** What runs in this process instead of in processes of its own. */
export interface InProcess {
  /** What the program declares now; asked at each operation that runs it. */
  program: () => readonly DescribedResource[];
  /** By package. Any other package's provider is a process. */
  providers: Readonly<Record<string, InProcessProvider>>;
}

/** What an in-process stack is made of. */
export interface InProcessStackOptions extends InProcess {
  /** Name of the project. @default "described" */
  project?: string;
  /** @default "dev" */
  stack?: string;
  /** Keys without a namespace belong to the project. */
  config?: Record<string, ConfigValue>;
  /** How many resource operations run at the same time. @default 16 */
  parallel?: number;
}

/** The one language of in-process programs: none. */
const described: Language = {
  unavailable: undefined,
  options: [],
  prepare: async () => "",
  command: () => {
    throw new NotSupportedError("a described program runs in this process, not in one of its own");
  },
};

/**
 * A stack of the stand-in whose program is data and whose providers run in this process, for tests that need hundreds of
 * deployments. Its state is in memory: writing it as a file to outlive a crash takes longer than all the rest.
 * Everything else is as with any other program: check, diff, steps, deletions, snapshots, gRPC.
 */
export function createInProcessStack(options: InProcessStackOptions): StandInStack {
  const { project: name = "described", stack = "dev", parallel = 16, program, providers } = options;
  const workFolder = mkdtempSync(join(tmpdir(), "stand-in-stack-"));
  const project: Project = {
    name,
    rootFolder: workFolder,
    programFolder: workFolder,
    entryPoint: ".",
    language: described,
    runtimeOptions: {},
    providerPlugins: [],
  };
  const secrets = Secrets.create(DEFAULT_PASSPHRASE);
  const config = new StackConfig(join(workFolder, `${stack}.config.json`), name, secrets);
  config.setAll(options.config ?? {});
  return new StandInStack({
    name: stack,
    project,
    organization: "organization",
    environment: stackEnvironment({ program: workFolder }),
    workFolder,
    ownsWorkFolder: true,
    parallel,
    passphrase: DEFAULT_PASSPHRASE,
    secrets,
    config,
    engineVersion: "v3.260.0-stand-in",
    inProcess: { program, providers },
  });
}

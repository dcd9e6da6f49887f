import { createRequire } from "node:module";
import { join } from "node:path";
import type { Project } from "./project.ts";
import type { StackConfig } from "./stack-config.ts";
import { SupervisedProcess } from "./supervised-process.ts";

/** What a program is run with. */
export interface ProgramOptions {
  project: Project;
  stack: string;
  organization: string;
  config: StackConfig;
  environment: NodeJS.ProcessEnv;
  monitorAddress: string;
  engineAddress: string;
  dryRun: boolean;
  parallel: number;
  onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

/** The program exits with this after it told the engine everything that there is to say (`cmd/run`). */
export const EXITED_AFTER_LOGGING = 32;

/**
 * Starts a program as the Node language host does. The variables say the same as the arguments: programs in other
 * languages find the engine by them.
 */
export function startProgram(options: ProgramOptions): SupervisedProcess {
  const { project, stack, organization, config, monitorAddress, engineAddress, parallel } = options;
  const require = createRequire(join(project.programFolder, "package.json"));
  const { nodeargs = "", typescript = true, tsconfig } = project.runtimeOptions;
  const args = [
    ...nodeargs.split(" ").filter((argument) => argument !== ""),
    require.resolve("@pulumi/pulumi/cmd/run"),
    ...["--monitor", monitorAddress],
    ...["--engine", engineAddress],
    ...["--organization", organization],
    ...["--project", project.name],
    ...["--root-directory", project.rootFolder],
    ...["--stack", stack],
    ...["--pwd", project.programFolder],
    ...(options.dryRun ? ["--dry-run"] : []),
    ...["--parallel", String(parallel)],
    project.entryPoint,
  ];
  const { values, secretKeys } = config.forProgram();
  const environment: NodeJS.ProcessEnv = {
    ...options.environment,
    PULUMI_CONFIG: JSON.stringify(values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    PULUMI_MONITOR: monitorAddress,
    PULUMI_ENGINE: engineAddress,
    PULUMI_PROJECT: project.name,
    PULUMI_STACK: stack,
    PULUMI_ORGANIZATION: organization,
    PULUMI_DRY_RUN: String(options.dryRun),
    PULUMI_PARALLEL: String(parallel),
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
  return new SupervisedProcess(process.execPath, args, {
    cwd: project.programFolder,
    environment,
    onOutput: options.onOutput,
  });
}

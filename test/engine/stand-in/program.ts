import type { ProgramOptions } from "./language.ts";
import { SupervisedProcess } from "./supervised-process.ts";

/** The program exits with this after it told the engine everything that there is to say (`cmd/run`). */
export const EXITED_AFTER_LOGGING = 32;

/**
 * Starts a program as the language's host does. The variables say all there is to know about the operation: programs in
 * other languages than Node's find the engine by nothing else.
 * @param executable what `Language.prepare` answered
 */
export function startProgram(executable: string, options: ProgramOptions): SupervisedProcess {
  const { project, stack, organization, config, monitorAddress, engineAddress, parallel } = options;
  const { command, args, environment } = project.language.command(executable, options);
  const { values, secretKeys } = config.forProgram();
  return new SupervisedProcess(command, args, {
    cwd: project.programFolder,
    environment: {
      ...options.environment,
      PULUMI_CONFIG: JSON.stringify(values),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
      PULUMI_MONITOR: monitorAddress,
      PULUMI_ENGINE: engineAddress,
      PULUMI_PROJECT: project.name,
      PULUMI_STACK: stack,
      PULUMI_ORGANIZATION: organization,
      PULUMI_ROOT_DIRECTORY: project.rootFolder,
      PULUMI_DRY_RUN: String(options.dryRun),
      PULUMI_PARALLEL: String(parallel),
      ...environment,
    },
    onOutput: options.onOutput,
  });
}

import type { Project } from "./project.ts";
import type { StackConfig } from "./stack-config.ts";

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

/** How a program is started. */
export interface ProgramCommand {
  command: string;
  args: string[];
  /** Beside what programs in all languages get. */
  environment?: NodeJS.ProcessEnv;
}

/** What Pulumi's host of a language knows: how its programs are made ready and started. */
export interface Language {
  /** Why no program in it can run on this machine. */
  unavailable: string | undefined;
  /** The options in Pulumi.yaml that are followed, or that say nothing about how a program runs. */
  options: readonly string[];
  /** Installs or builds what the program needs; answers the executable that runs it. */
  prepare(project: Project, signal: AbortSignal | undefined): Promise<string>;
  command(executable: string, options: ProgramOptions): ProgramCommand;
}

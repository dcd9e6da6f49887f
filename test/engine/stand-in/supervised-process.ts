import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SUPERVISOR = fileURLToPath(new URL("supervise.ts", import.meta.url));

/** What a process is started with. */
export interface ProcessOptions {
  cwd: string;
  environment: NodeJS.ProcessEnv;
  onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

/** A program, host or plugin that never outlives the engine, however the engine ends. */
export class SupervisedProcess {
  /** The exit code; 137 for a killed one. */
  readonly exited: Promise<number>;
  private readonly child: ChildProcess;

  constructor(command: string, args: readonly string[], options: ProcessOptions) {
    this.child = spawn(process.execPath, ["--no-warnings", SUPERVISOR, command, ...args], {
      cwd: options.cwd,
      env: options.environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.exited = new Promise((resolve) => {
      this.child.on("error", (error) => {
        options.onOutput(`starting ${command}: ${error.message}`, "stderr");
        resolve(127);
      });
      this.child.on("close", (code) => resolve(code ?? 137));
    });
    for (const stream of ["stdout", "stderr"] as const) {
      const input = this.child[stream];
      if (input !== null) {
        createInterface({ input }).on("line", (line) => options.onOutput(line, stream));
      }
    }
  }

  /** Ends it, with everything that it started; settles when it is gone. */
  async kill(): Promise<void> {
    this.child.stdin?.end();
    await this.exited;
  }
}

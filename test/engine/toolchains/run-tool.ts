import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What a tool is run with. */
export interface ToolOptions {
  cwd: string;
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** Runs a tool that may take minutes, behind everything else on the machine. Throws with what the tool said. */
export async function runTool(
  command: string,
  args: readonly string[],
  { cwd, environment, signal }: ToolOptions,
): Promise<void> {
  try {
    await execute("nice", [command, ...args], { cwd, env: environment ?? process.env, signal });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${command} ${args.join(" ")}: ${stderr?.trim() || message}`);
  }
}

/** What a tool answers when asked for its version; undefined where it is not there. */
export function toolVersion(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

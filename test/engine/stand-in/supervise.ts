/**
 * Runs a command and ends with it; ends it, with everything that it started, when the engine is gone.
 * The engine holds the other end of this process's standard input, so that even a killed engine leaves nothing behind:
 * the dynamic host watches nobody, and neither do many plugins.
 *
 * Usage: node supervise.ts <command> [argument...]
 */
import { spawn } from "node:child_process";

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });

function killGroup(): void {
  try {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  } catch {
    // The whole group has ended already.
  }
}

child.on("error", (error) => {
  console.error(`starting ${command}: ${error.message}`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  killGroup();
  process.exit(code ?? (signal === "SIGKILL" ? 137 : 143));
});
process.stdin.on("end", killGroup).resume();
process.on("SIGTERM", killGroup);

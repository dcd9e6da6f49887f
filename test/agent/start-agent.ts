import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { buildAgent } from "./build.ts";

/** A stand-in agent that runs as a process of this machine. It is killed at the end of its test. */
export class RunningAgent {
  /** What it printed so far, both streams. */
  output = "";
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
  #process: ChildProcess;

  constructor(child: ChildProcess) {
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString("utf8");
      });
    }
    this.exited = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Waits until it has printed an event, so many times. */
  async printed(event: string, times = 1): Promise<void> {
    await vi.waitFor(
      () => {
        const seen = this.output.split("\n").filter((line) => line.split(" ")[1] === event).length;
        if (seen < times) throw new Error(`${event} was printed ${seen} times in:\n${this.output}`);
      },
      { timeout: 10_000, interval: 20 },
    );
  }
}

/** Starts the stand-in agent under a vendor's name, with nothing in its environment but what is given. */
export async function startAgent(
  name: "tfc-agent" | "customer-managed-workflow-agent" | "deployment-agent",
  options: { environment: Record<string, string>; arguments?: string[]; folder?: string },
): Promise<RunningAgent> {
  const child = spawn(await buildAgent(), [name, ...(options.arguments ?? [])], {
    cwd: options.folder ?? emptyFolder(),
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const agent = new RunningAgent(child);
  onTestFinished(async () => {
    agent.signal("SIGKILL");
    await agent.exited;
  });
  return agent;
}

/** A folder of the test's own. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), "standin-agent-"));
}

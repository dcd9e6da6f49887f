import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A create that was begun: what existed before it, so that what it left behind can be told from what others made. */
export interface PendingCreate {
  /** What is made, for example `pulumi-cloud https://… acme pool ci`. No secrets. */
  readonly key: string;
  /** Ids of the things of that kind that existed before. */
  readonly existing: readonly string[];
  /** Process that began it. */
  readonly pid: number;
  /** When it was begun (Unix time in milliseconds). */
  readonly begunAt: number;
}

const inProgress = new Set<string>();

/**
 * A note on disk for each create that is under way, kept in Pulumi's home. No control plane has idempotency keys, and a
 * process that is killed between a request and its answer leaves nothing in the stack's state: the note is how the next
 * deployment on this machine knows a left-over of ours from somebody else's pool of the same name.
 */
export const pendingCreates = {
  /** The note of a create that nobody is working on any more. */
  abandoned(key: string): PendingCreate | undefined {
    if (inProgress.has(key)) return undefined;
    const note = readNote(key);
    return note && (note.pid === process.pid || !isAlive(note.pid)) ? note : undefined;
  },

  /** Notes that the create begins, on disk before this returns. */
  begin(key: string, existing: readonly string[]): PendingCreate {
    inProgress.add(key);
    const note: PendingCreate = { key, existing, pid: process.pid, begunAt: Date.now() };
    try {
      mkdirSync(folder(), { recursive: true });
      const file = openSync(fileOf(key), "w", 0o600);
      writeSync(file, JSON.stringify(note));
      fsyncSync(file);
      closeSync(file);
    } catch {
      // Without a writable home a killed process is cleaned up after by hand, as with every other provider.
    }
    return note;
  },

  /** The outcome of the create is known: nothing is left to find. */
  finish(key: string): void {
    inProgress.delete(key);
    rmSync(fileOf(key), { force: true });
  },

  /** The outcome of the create is not known: the note stays for the next attempt. */
  abandon(key: string): void {
    inProgress.delete(key);
  },
};

function folder(): string {
  return join(process.env["PULUMI_HOME"] || join(homedir(), ".pulumi"), "runner-pools", "pending-creates");
}

function fileOf(key: string): string {
  return join(folder(), `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
}

function readNote(key: string): PendingCreate | undefined {
  try {
    const note = JSON.parse(readFileSync(fileOf(key), "utf8")) as PendingCreate;
    return note.key === key && Array.isArray(note.existing) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

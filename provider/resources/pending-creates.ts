import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { hostAndPort } from "../host-and-port";

/** A create that was begun. */
export interface PendingCreate {
  /** What is made, for example `pulumi-cloud https://… acme pool ci`. No secrets. */
  readonly key: string;
  /** The marks that its requests carried: whatever carries one was made by this create. */
  readonly marks: readonly string[];
  /** Process that began it. */
  readonly pid: number;
  /** Address of the engine that takes the result, where that is known. */
  readonly engineAddress?: string | undefined;
}

const inProgress = new Set<string>();

/**
 * A note on disk for each create that is under way, kept in Pulumi's home. No control plane has idempotency keys, and a
 * process that is killed between a request and its answer leaves nothing in the stack's state: the note is how the next
 * deployment on this machine finds what was left.
 */
export const pendingCreates = {
  /** The note of a create that nobody is working on any more. */
  async abandoned(key: string): Promise<PendingCreate | undefined> {
    if (inProgress.has(key)) return undefined;
    const note = readNote(key);
    if (!note) return undefined;
    const isWorkedOn =
      note.pid !== process.pid && isAlive(note.pid) && (await isListening(note.engineAddress));
    return isWorkedOn ? undefined : note;
  },

  /** Notes that a request with the last of these marks is sent, on disk before this returns. */
  note(key: string, marks: readonly string[], engineAddress: string | undefined): void {
    inProgress.add(key);
    const note: PendingCreate = { key, marks, pid: process.pid, engineAddress };
    try {
      mkdirSync(folder(), { recursive: true });
      const file = openSync(fileOf(key), "w", 0o600);
      writeSync(file, JSON.stringify(note));
      fsyncSync(file);
      closeSync(file);
    } catch {
      // Without a writable home a killed process is cleaned up after by hand, as with every other provider.
    }
  },

  /** The outcome of the create is known: nothing is left to find, unless the engine that takes the result is gone. */
  async finish(key: string, engineAddress: string | undefined): Promise<void> {
    inProgress.delete(key);
    if (!(await isListening(engineAddress))) return;
    try {
      rmSync(fileOf(key), { force: true });
    } catch {
      // As with `note`: what cannot be noted must not cost what was made.
    }
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
    return note.key === key && Array.isArray(note.marks) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** An engine whose address is not known is taken to be there. */
function isListening(address: string | undefined): Promise<boolean> {
  const engine = address === undefined ? undefined : hostAndPort(address);
  if (!engine) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ ...engine, timeout: 1000 });
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { hostAndPort } from "../../host-and-port";

/** What the note of a create says. */
interface Note {
  /** What is made, for example `pulumi-cloud https://… acme pool ci`. No secrets. */
  readonly key: string;
  /** The marks that its requests carried, and ids of what they made: by these it is known again. */
  readonly marks: readonly string[];
  /** Process that began it. */
  readonly pid: number;
  /** Address of the engine that takes the result, where that is known. */
  readonly engineAddress?: string | undefined;
}

/** A create that somebody began and nobody is working on any more. */
export interface AbandonedCreate {
  readonly marks: readonly string[];
  /** What it left is dealt with. @param engineAddress of the engine that takes the result: without it the note stays. */
  discard(engineAddress: string | undefined): Promise<void>;
}

/** Files of the creates that this process is working on. */
const inProgress = new Set<string>();

/**
 * A note on disk for a create that is under way, kept in Pulumi's home. No control plane has idempotency keys, and a
 * process that is killed between a request and its answer leaves nothing in the stack's state: the note is how the next
 * deployment on this machine finds what was left.
 */
export class PendingCreate {
  private readonly key: string;
  private readonly engineAddress: string | undefined;
  private readonly file: string;

  /**
   * @param key names what is made, the same in every run.
   * @param engineAddress of the engine that takes the result; undefined: not known.
   */
  constructor(key: string, engineAddress: string | undefined) {
    this.key = key;
    this.engineAddress = engineAddress;
    // Two creates of one key, in one process or two, have a note each.
    this.file = join(folder(), `${nameOf(key)}-${randomBytes(4).toString("hex")}.json`);
  }

  /** Notes what the create is known by, on disk before this returns. */
  note(marks: readonly string[]): void {
    inProgress.add(this.file);
    const { key, engineAddress } = this;
    const note: Note = { key, marks, pid: process.pid, engineAddress };
    try {
      mkdirSync(folder(), { recursive: true });
      writeFileSync(this.file, JSON.stringify(note), { mode: 0o600, flush: true });
    } catch {
      // Without a writable home a killed process is cleaned up after by hand, as with every other provider.
    }
  }

  /** The outcome is known: nothing is left to find, unless the engine that takes the result is gone. */
  async finish(): Promise<void> {
    inProgress.delete(this.file);
    await removeNote(this.file, this.engineAddress);
  }

  /** The outcome is not known: the note stays for the next attempt. */
  abandon(): void {
    inProgress.delete(this.file);
  }
}

/** The creates of that key that nobody is working on any more. */
export async function abandonedCreates(key: string): Promise<AbandonedCreate[]> {
  const abandoned: AbandonedCreate[] = [];
  for (const file of filesOf(key)) {
    const note = readNote(file, key);
    if (!note || inProgress.has(file) || (await isWorkedOn(note))) continue;
    abandoned.push({ marks: note.marks, discard: (engineAddress) => removeNote(file, engineAddress) });
  }
  return abandoned;
}

async function removeNote(file: string, engineAddress: string | undefined): Promise<void> {
  if (!(await isListening(engineAddress))) return;
  try {
    rmSync(file);
  } catch {
    // As with `note`: what cannot be noted must not cost what was made. And somebody may have removed it.
  }
}

function folder(): string {
  return join(process.env["PULUMI_HOME"] || join(homedir(), ".pulumi"), "runner-pools", "pending-creates");
}

function nameOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

function filesOf(key: string): string[] {
  try {
    const names = readdirSync(folder()).filter((name) => name.startsWith(nameOf(key)));
    return names.map((name) => join(folder(), name));
  } catch {
    return [];
  }
}

function readNote(file: string, key: string): Note | undefined {
  try {
    const note = JSON.parse(readFileSync(file, "utf8")) as Note;
    return note.key === key && Array.isArray(note.marks) ? note : undefined;
  } catch {
    return undefined;
  }
}

async function isWorkedOn({ pid, engineAddress }: Note): Promise<boolean> {
  return pid !== process.pid && isAlive(pid) && (await isListening(engineAddress));
}

/** An engine whose address is not known, or that is slow to answer, is taken to be there: one that is gone refuses at once. */
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
    socket.once("timeout", () => answer(true));
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

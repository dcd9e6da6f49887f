import { setTimeout as sleep } from "node:timers/promises";
import { ControlPlaneError } from "../control-planes/error";
import { type PendingCreate, pendingCreates } from "./pending-creates";

/** Something that a control plane lists. */
interface Listed {
  readonly id: string;
  /** ISO 8601, where the control plane says it. */
  readonly createdAt?: string | undefined;
}

/** How to make one thing on a control plane that has no idempotency keys. */
export interface CreateOnce<Result> {
  /** Names the thing, the same in every run: control plane, URL, organization, kind, name. No secrets. */
  readonly key: string;
  /** Ids of what exists before the create; also refuses a name that is taken. */
  existing(): Promise<readonly string[]>;
  create(): Promise<Result>;
  idOf(result: Result): string;
  /**
   * Looks for what a lost create has left: things with our name for which `isLeftOver` holds. Returns one that can be
   * used as it is; removes those that cannot (whose secret was in the lost answer) and returns undefined.
   */
  recover(isLeftOver: (thing: Listed) => boolean): Promise<Result | undefined>;
}

/** Creates that are tried in a row when each one's answer gets lost. */
const attempts = 3;

/** Time in which a server may still carry out a request whose answer was lost. Milliseconds. */
const settleTime = 750;

/** Clocks may differ by this much between us and the control plane. Milliseconds. */
const clockTolerance = 10 * 60_000;

/**
 * Makes a thing exactly once, whatever happens on the way: an answer that is lost, a process that is killed. After each
 * ambiguous failure, in this run or an earlier one, it first looks for what was made.
 */
export async function createOnce<Result>(thing: CreateOnce<Result>): Promise<Result> {
  const abandoned = await pendingCreates.abandoned(thing.key);
  if (abandoned) {
    const left = await thing.recover(leftOverOf(abandoned));
    await pendingCreates.finish(thing.key);
    if (left) return left;
  }
  const existing = await thing.existing();
  const note = pendingCreates.begin(thing.key, existing);
  try {
    const result = await attempt(thing, note);
    await pendingCreates.finish(thing.key);
    return result;
  } catch (error) {
    if (error instanceof ControlPlaneError && !error.ambiguous) await pendingCreates.finish(thing.key);
    else pendingCreates.abandon(thing.key);
    throw error;
  }
}

async function attempt<Result>(thing: CreateOnce<Result>, note: PendingCreate): Promise<Result> {
  for (let number = 1; ; number++) {
    try {
      const result = await thing.create();
      // An earlier request of ours may have been carried out after we looked.
      if (number > 1) await thing.recover(leftOverOf(note, thing.idOf(result)));
      return result;
    } catch (error) {
      if (!(error instanceof ControlPlaneError && error.ambiguous)) throw error;
      // With an answer, however broken, the server is done; a cut connection says nothing of the kind.
      if (error.status === undefined) await sleep(settleTime * number);
      const left = await recoverOrThrow(thing, note, error);
      if (left) return left;
      if (number >= attempts) throw error;
    }
  }
}

/** Where even looking fails, the ambiguous error is the one to report: it keeps the note for the next run. */
async function recoverOrThrow<Result>(
  thing: CreateOnce<Result>,
  note: PendingCreate,
  ambiguous: ControlPlaneError,
): Promise<Result | undefined> {
  try {
    return await thing.recover(leftOverOf(note));
  } catch {
    throw ambiguous;
  }
}

/** Tells what a noted create has left from what was there before, what is in use, and what others made later. */
function leftOverOf(note: PendingCreate, inUse?: string): (thing: Listed) => boolean {
  const known = new Set(note.existing);
  return ({ id, createdAt }) => {
    if (known.has(id) || id === inUse) return false;
    const age = createdAt ? Date.parse(createdAt) - note.begunAt : 0;
    return Math.abs(age) < clockTolerance;
  };
}

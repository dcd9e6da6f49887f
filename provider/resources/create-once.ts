import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlPlaneError } from "../control-planes/error";
import { type LifecycleContext, PartialFailure } from "./lifecycle";
import { pendingCreates } from "./pending-creates";

/** How to make one thing on a control plane that has no idempotency keys. */
export interface CreateOnce<Thing, Result> {
  /** Names the thing, the same in every run: control plane, URL, organization, kind, name. No secrets. */
  readonly key: string;
  /** Looks afresh whether it can be made. @throws where it cannot, for example because a name is taken. */
  prepare(): Promise<void>;
  /** Makes it, with the mark in it: by that it is known as ours, whatever others make at the same time. */
  create(mark: string): Promise<Result>;
  /** What carries the mark, looked for afresh. */
  find(mark: string): Promise<readonly Thing[]>;
  /** Takes what was made although the answer got lost. Absent where a secret was in the answer: it serves nobody then. */
  recover?(thing: Thing): Promise<Result>;
  remove(thing: Thing): Promise<void>;
}

/** Creates that are tried in a row when each one's answer gets lost. */
const attempts = 3;

/** How long it is looked for what a request has made whose answer got lost: a proxy may pass it on late. Milliseconds. */
const lookTime = 2_500;
const lookInterval = 250;

/**
 * Makes a thing exactly once, whatever happens on the way: an answer that is lost, a process that is killed. After each
 * ambiguous failure, in this run or an earlier one, it first looks for what was made. Only what carries a mark of this
 * create is taken or removed.
 */
export async function createOnce<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  { engineAddress, cancelled }: Pick<LifecycleContext, "engineAddress" | "cancelled">,
): Promise<Result> {
  const abandoned = await pendingCreates.abandoned(thing.key);
  const left = abandoned && (await takeLeftOvers(thing, abandoned.marks));
  if (left) {
    await pendingCreates.finish(thing.key, engineAddress);
    return left;
  }
  await thing.prepare();
  const marks: string[] = [];
  try {
    const result = await attempt(thing, marks, engineAddress, cancelled);
    await pendingCreates.finish(thing.key, engineAddress);
    return result;
  } catch (error) {
    const isKnown =
      error instanceof PartialFailure || (error instanceof ControlPlaneError && !error.ambiguous);
    if (isKnown) await pendingCreates.finish(thing.key, engineAddress);
    else pendingCreates.abandon(thing.key);
    throw error;
  }
}

async function attempt<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  marks: string[],
  engineAddress: string | undefined,
  cancelled: AbortSignal | undefined,
): Promise<Result> {
  for (;;) {
    const mark = randomBytes(3).toString("hex");
    marks.push(mark);
    pendingCreates.note(thing.key, marks, engineAddress);
    try {
      const result = await thing.create(mark);
      // An earlier request of ours may have been carried out after it was looked for.
      const earlier = marks.slice(0, -1);
      if (earlier.length > 0) await removeAll(thing, earlier);
      return result;
    } catch (error) {
      if (!(error instanceof ControlPlaneError && error.ambiguous)) throw error;
      const left = await lookFor(thing, marks, error, cancelled);
      if (left) return left;
      if (marks.length >= attempts || cancelled?.aborted) throw error;
    }
  }
}

/** Where even looking fails, the ambiguous error is the one to report: it keeps the note for the next run. */
async function lookFor<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  marks: readonly string[],
  ambiguous: ControlPlaneError,
  cancelled: AbortSignal | undefined,
): Promise<Result | undefined> {
  const wait = Math.max(lookTime, ambiguous.retryAfterMs ?? 0);
  const deadline = Date.now() + wait;
  try {
    for (;;) {
      const found = await findAll(thing, marks);
      if (found.length > 0 && !thing.recover) {
        await removeAll(thing, marks);
        return undefined;
      }
      if (found.length > 0) return await takeLeftOvers(thing, marks);
      if (Date.now() >= deadline) return undefined;
      await sleep(lookInterval, undefined, { ...(cancelled && { signal: cancelled }) });
    }
  } catch {
    throw ambiguous;
  }
}

/** The first thing that can be used; the others, and those that cannot, are removed. */
async function takeLeftOvers<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  marks: readonly string[],
): Promise<Result | undefined> {
  const [first, ...others] = await findAll(thing, marks);
  const superfluous = thing.recover || !first ? others : [first, ...others];
  for (const other of superfluous) await thing.remove(other);
  return first && thing.recover?.(first);
}

async function removeAll<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  marks: readonly string[],
): Promise<void> {
  for (const left of await findAll(thing, marks)) await thing.remove(left);
}

async function findAll<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  marks: readonly string[],
): Promise<Thing[]> {
  const found = await Promise.all(marks.map((mark) => thing.find(mark)));
  return found.flat();
}

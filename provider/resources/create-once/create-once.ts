import { randomBytes } from "node:crypto";
import { ControlPlaneError, hasStatus } from "../../control-planes/http/error";
import { standardRetries } from "../../control-planes/http/retry";
import { type LifecycleContext, PartialFailure } from "../framework/lifecycle";
import { abandonedCreates, PendingCreate } from "./pending-creates";

/** How to make one thing on a control plane that has no idempotency keys. */
export interface CreateOnce<Thing, Result> {
  /** Names the thing, the same in every run: control plane, URL, organization, kind, name. No secrets. */
  readonly key: string;
  /** Looks afresh whether it can be made. @throws where it cannot, for example because a name is taken. */
  prepare(): Promise<void>;
  /**
   * Makes it, with the mark in it: by that it is known as ours, whatever others make at the same time.
   * @param noteId is told the id of what was made, where the thing loses its mark before this returns: then the id is
   * another mark.
   */
  create(mark: string, noteId: (id: string) => void): Promise<Result>;
  /** What carries one of the marks, looked for afresh; each thing once. */
  find(marks: readonly string[]): Promise<readonly Thing[]>;
  /** Takes over what a request made whose answer was lost. Absent where the answer held a secret: without it the thing is useless, and is removed. */
  recover?(thing: Thing): Promise<Result>;
  remove(thing: Thing): Promise<void>;
}

type Context = Pick<LifecycleContext, "engineAddress" | "clock" | "cancelled">;

/** Creates that are tried in a row when each one's answer gets lost. Refusals for the rate limit do not count: it clears for certain. */
const attempts = 3;

/** No create is tried later than this after the first one, as other requests are not. A longer `Retry-After` fails at once. Milliseconds. */
const totalTime = standardRetries.totalTime;

/** How long to search for the result of a request whose answer was lost, since a proxy may deliver the request late. Milliseconds. */
const lookTime = 2_500;
const lookInterval = 250;

/**
 * Makes a thing exactly once, whatever happens on the way: an answer that is lost, a process that is killed. After each
 * ambiguous failure, in this run or an earlier one, it first looks for what was made. Only what carries a mark of this
 * create is taken or removed.
 */
export async function createOnce<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  context: Context,
): Promise<Result> {
  const left = await takeAbandoned(thing, context);
  if (left) return left;
  await thing.prepare();
  const pending = new PendingCreate(thing.key, context.engineAddress);
  const requests: string[][] = [];
  try {
    const result = await attempt(thing, pending, requests, context);
    await settle(pending, requests);
    return result;
  } catch (error) {
    if (isOutcome(error)) await settle(pending, requests);
    else pending.abandon();
    throw error;
  }
}

/**
 * Sends requests until one has an outcome.
 * @param requests marks of each request that was sent; those that are dealt with are taken out again.
 */
async function attempt<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  pending: PendingCreate,
  requests: string[][],
  context: Context,
): Promise<Result> {
  const { clock, cancelled } = context;
  const deadline = clock.now() + totalTime;
  let failures = 0;
  for (;;) {
    const mark = randomBytes(3).toString("hex");
    const own = [mark];
    requests.push(own);
    pending.note(requests.flat());
    try {
      const result = await thing.create(mark, (id) => {
        own.push(id);
        pending.note(requests.flat());
      });
      await removeLate(thing, requests);
      return result;
    } catch (error) {
      if (!(error instanceof ControlPlaneError && error.ambiguous)) throw error;
      if (!hasStatus(error, 429)) failures += 1;
      const isInTime = clock.now() + (error.retryAfterMs ?? 0) <= deadline;
      const time = isInTime ? Math.max(lookTime, error.retryAfterMs ?? 0) : lookTime;
      const left = await takeLost(thing, requests, error, time, context);
      if (left) return left;
      if (!isInTime || failures >= attempts || cancelled?.aborted) throw error;
    }
  }
}

/** Whether it is known what became of a request: it made nothing, or state knows what it made. */
function isOutcome(error: unknown): boolean {
  return error instanceof PartialFailure || (error instanceof ControlPlaneError && !error.ambiguous);
}

/** The outcome of the last request is known. What is not known of those before it, the next run looks for. */
async function settle(pending: PendingCreate, requests: readonly string[][]): Promise<void> {
  const earlier = requests.slice(0, -1).flat();
  if (earlier.length === 0) return pending.finish();
  pending.note(earlier);
  pending.abandon();
}

/** An earlier request may have been carried out after it was looked for. What was made now is kept in any case. */
async function removeLate<Thing>(thing: CreateOnce<Thing, unknown>, requests: string[][]): Promise<void> {
  const earlier = requests.slice(0, -1).flat();
  if (earlier.length === 0) return;
  try {
    await removeAll(thing, await thing.find(earlier));
    requests.length = 0;
  } catch {
    // The note of them stays.
  }
}

/**
 * Looks for what a request has made whose answer got lost, and takes it; undefined: there is nothing to take, now.
 * Where even looking fails, the lost answer is the error to report: it keeps the note for the next run.
 * @param time how long to look, in milliseconds.
 */
async function takeLost<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  requests: string[][],
  lost: ControlPlaneError,
  time: number,
  { clock, cancelled }: Context,
): Promise<Result | undefined> {
  const deadline = clock.now() + time;
  let first: Thing | undefined;
  try {
    for (;;) {
      const found = await thing.find(requests.flat());
      if (found.length > 0) {
        first = await removeSuperfluous(thing, found);
        break;
      }
      if (clock.now() >= deadline) return undefined;
      if (!(await clock.pause(lookInterval, cancelled))) throw lost;
    }
  } catch {
    throw lost;
  }
  if (!first || !thing.recover) return undefined;
  requests.length = 0;
  return thing.recover(first);
}

/** Takes, or removes, what earlier runs have left. */
async function takeAbandoned<Thing, Result>(
  thing: CreateOnce<Thing, Result>,
  { engineAddress }: Context,
): Promise<Result | undefined> {
  const abandoned = await abandonedCreates(thing.key);
  if (abandoned.length === 0) return undefined;
  const discard = async () => {
    for (const create of abandoned) await create.discard(engineAddress);
  };
  const found = await thing.find(abandoned.flatMap(({ marks }) => marks));
  const first = await removeSuperfluous(thing, found);
  try {
    const taken = first && (await thing.recover?.(first));
    await discard();
    return taken;
  } catch (error) {
    if (isOutcome(error)) await discard();
    throw error;
  }
}

/** Removes all but the first thing that can be taken. */
async function removeSuperfluous<Thing>(
  thing: CreateOnce<Thing, unknown>,
  found: readonly Thing[],
): Promise<Thing | undefined> {
  const [first, ...others] = found;
  await removeAll(thing, thing.recover ? others : found);
  return thing.recover && first;
}

async function removeAll<Thing>(thing: CreateOnce<Thing, unknown>, things: readonly Thing[]): Promise<void> {
  for (const each of things) await thing.remove(each);
}

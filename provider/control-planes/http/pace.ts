import type PQueue from "p-queue" with { "resolution-mode": "import" };
import type { Clock } from "../../clock";
import type { Header } from "./answer";
import type { Dialect } from "./dialect";

/** A limit on the requests that a service takes. */
export interface RateLimit {
  /** Requests that may begin in any period of that length; Infinity where the vendor names no number. */
  readonly requests: number;
  /** Length of the period in milliseconds. */
  readonly period: number;
  /** Requests with equal keys count together; undefined: the limit does not concern the request. */
  key(request: PacedRequest): string | undefined;
  /** Header of each answer that says how many requests the service really takes: an administrator may have set another number. */
  readonly header?: string;
}

/** What decides which limits a request counts against. */
export interface PacedRequest {
  readonly method: string;
  /** Path below the service's base URL; a limit sees it without its query. */
  readonly path: string;
}

/** What we use of a limit. The rest is for consoles, agents and other deployments that have the same credential. */
const share = 0.85;

/**
 * What waits at a cancellation goes on waiting where that is this long at most; it gives up otherwise. What comes later, to
 * end whole what has begun or to undo it, may wait longer. Milliseconds.
 */
const quietWait = { before: 1_000, after: 5_000 };

const pacers = new Map<string, Pacer>();

/** The pacer of a service, which everything in this process shares that talks to it. */
export function pacerOf(
  baseUrl: string,
  { rateLimits, headers }: Pick<Dialect, "rateLimits" | "headers">,
): Pacer {
  const identity = [baseUrl, rateLimits.countedBy === "credential" && headers.authorization].join(" ");
  const pacer = pacers.get(identity) ?? new Pacer(rateLimits.limits);
  pacers.set(identity, pacer);
  return pacer;
}

/** Lets requests begin no faster than a service takes them, so that none is refused. */
export class Pacer {
  private readonly limits: readonly RateLimit[];
  private readonly lanes = new Map<string, Lane>();

  /** @param limits the narrowest one first. */
  constructor(limits: readonly RateLimit[]) {
    this.limits = limits;
  }

  /**
   * Waits for the request's turn. One that was refused goes before those that were not sent yet.
   * @returns false: the signal ended the wait.
   */
  async turn(
    request: PacedRequest,
    {
      cancelled,
      again = false,
    }: { readonly cancelled?: AbortSignal | undefined; readonly again?: boolean } = {},
  ): Promise<boolean> {
    for (const lane of this.lanesOf(request)) {
      if (!(await lane.turn(again, cancelled))) return false;
    }
    return true;
  }

  /** Takes note of an answer: that the request passed, and of the number of requests that the service says it takes. */
  heard(request: PacedRequest, header: Header): void {
    const [narrowest] = this.lanesOf(request);
    narrowest?.heard(request.method, header);
  }

  /** How many requests of that method have passed so far: tells whether a limit that refuses one lets others pass. */
  passed(request: PacedRequest): number {
    const [narrowest] = this.lanesOf(request);
    return narrowest?.passed(request.method) ?? 0;
  }

  /** After a 429: everything that counts together with the request waits as long as the service said. */
  holdBack(request: PacedRequest, milliseconds: number, clock: Clock): void {
    const [narrowest] = this.lanesOf(request);
    narrowest?.holdBack(milliseconds, clock);
  }

  private lanesOf({ method, path }: PacedRequest): Lane[] {
    return this.limits.flatMap((limit, index) => {
      const key = limit.key({ method, path: path.replace(/\?.*/, "") });
      if (key === undefined) return [];
      const id = `${index} ${key}`;
      const lane = this.lanes.get(id) ?? new Lane(limit);
      this.lanes.set(id, lane);
      return [lane];
    });
  }
}

/** The requests that count together. */
class Lane {
  private readonly limit: RateLimit;
  private requests: number;
  private queue: Promise<PQueue>;
  private heldUntil = 0;
  private holding: Promise<void> | undefined;
  private readonly held = new Set<PQueue>();
  private readonly passes = new Map<string, number>();
  /** What looks, at each hold, whether a wait is to end: a cancellation may have come before the hold. */
  private readonly waits = new Set<() => void>();

  constructor(limit: RateLimit) {
    this.limit = limit;
    this.requests = limit.requests;
    this.queue = openQueue(limit.requests, limit.period);
  }

  passed(method: string): number {
    return this.passes.get(method) ?? 0;
  }

  async turn(again: boolean, cancelled?: AbortSignal): Promise<boolean> {
    const queue = await this.queue;
    const waiting = new AbortController();
    const longest = cancelled?.aborted ? quietWait.after : quietWait.before;
    const giveUp = () => {
      if (cancelled?.aborted && (queue.isPaused || this.longestWait(queue) > longest)) waiting.abort();
    };
    let isMyTurn = false;
    // What need not wait begins here, also after a cancellation.
    const turn = queue.add(
      () => {
        isMyTurn = true;
      },
      { signal: waiting.signal, priority: again ? 1 : 0 },
    );
    giveUp();
    this.waits.add(giveUp);
    cancelled?.addEventListener("abort", giveUp);
    try {
      await turn;
    } catch (error) {
      if (!waiting.signal.aborted) throw error;
    } finally {
      this.waits.delete(giveUp);
      cancelled?.removeEventListener("abort", giveUp);
    }
    return isMyTurn;
  }

  heard(method: string, header: Header): void {
    this.passes.set(method, this.passed(method) + 1);
    if (this.limit.header === undefined) return;
    // A service whose limiter is switched off sends no header.
    const requests = Number(header(this.limit.header) ?? Number.POSITIVE_INFINITY);
    if (!(requests > 0) || requests === this.requests) return;
    this.requests = requests;
    // What waits in the queue of before goes on at its pace.
    this.queue = openQueue(requests, this.limit.period).then((queue) => {
      if (this.holding) this.stop(queue);
      return queue;
    });
  }

  holdBack(milliseconds: number, clock: Clock): void {
    this.heldUntil = Math.max(this.heldUntil, clock.now() + milliseconds);
    this.holding ??= this.hold(clock);
  }

  /** How long the last one in the queue may have to wait. Milliseconds. */
  private longestWait({ size }: PQueue): number {
    return size === 0 ? 0 : Math.ceil(size / capOf(this.requests)) * this.limit.period;
  }

  private async hold(clock: Clock): Promise<void> {
    this.stop(await this.queue);
    for (let rest = this.rest(clock); rest > 0; rest = this.rest(clock)) await clock.pause(rest);
    this.holding = undefined;
    for (const queue of this.held) queue.start();
    this.held.clear();
  }

  private rest(clock: Clock): number {
    return this.heldUntil - clock.now();
  }

  private stop(queue: PQueue): void {
    queue.pause();
    this.held.add(queue);
    for (const giveUp of this.waits) giveUp();
  }
}

/** The queue is loaded with the first request: it is an ES module, and previews often need none. */
async function openQueue(requests: number, period: number): Promise<PQueue> {
  const { default: Queue } = await import("p-queue");
  if (!Number.isFinite(requests)) return new Queue();
  return new Queue({
    intervalCap: capOf(requests),
    interval: period,
    strict: true,
  });
}

/** The requests that we let begin in each period. */
function capOf(requests: number): number {
  return Math.max(1, Math.floor(requests * share));
}

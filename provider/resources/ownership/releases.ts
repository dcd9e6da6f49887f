import type { Clock } from "../../clock";

/** How long a release may take to begin after the deletion that it belongs to. Milliseconds. */
const grace = 1_000;
const interval = 50;

/**
 * Which pools this process takes from targets at the moment. What was imported, or names a pool by its id alone, does not
 * depend on the pool, and the engine deletes both at the same time.
 */
export class Releases {
  private readonly clock: Clock;
  private readonly running = new Map<string, number>();
  private readonly ended = new Map<string, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Takes the pool from something. */
  async of<Result>(pool: string, work: () => Promise<Result>): Promise<Result> {
    this.running.set(pool, (this.running.get(pool) ?? 0) + 1);
    try {
      return await work();
    } finally {
      this.running.set(pool, (this.running.get(pool) ?? 1) - 1);
      this.ended.set(pool, (this.ended.get(pool) ?? 0) + 1);
    }
  }

  /** How many releases of the pool have ended so far: tells whether a new attempt has a chance. */
  endedOf(pool: string): number {
    return this.ended.get(pool) ?? 0;
  }

  /**
   * Waits until no release of the pool is under way, and a moment for one to begin.
   * @param endedBefore what {@link endedOf} said before the attempt that failed.
   * @returns whether one has ended since.
   */
  async settle(pool: string, endedBefore: number, cancelled?: AbortSignal): Promise<boolean> {
    const deadline = this.clock.now() + grace;
    while (!cancelled?.aborted) {
      const isRunning = (this.running.get(pool) ?? 0) > 0;
      if (!isRunning && (this.endedOf(pool) > endedBefore || this.clock.now() >= deadline)) break;
      await this.clock.pause(interval, cancelled);
    }
    return this.endedOf(pool) > endedBefore;
  }
}

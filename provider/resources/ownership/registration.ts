import type { Clock } from "../../clock";

/** A program counts as fully registered once no check or diff has run for this long; and the longest wait for that. Milliseconds. */
const quietTime = 500;
const longestWait = 5_000;

/** Tells when a program has registered what it declares. The engine does not say so: it only stops asking. */
export class Registration {
  private readonly clock: Clock;
  private underWay = 0;
  private last = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs a check or diff, which counts as registration: {@link quiet} waits until none is under way. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
      this.last = this.clock.now();
    }
  }

  /** Waits until the program seems to have registered everything: what is taken away now may be claimed in a moment. */
  async quiet(cancelled?: AbortSignal): Promise<void> {
    const begun = this.clock.now();
    for (;;) {
      const rest = this.underWay > 0 ? quietTime : this.last + quietTime - this.clock.now();
      if (rest <= 0 || this.clock.now() - begun > longestWait || cancelled?.aborted) return;
      await this.clock.pause(rest, cancelled);
    }
  }
}

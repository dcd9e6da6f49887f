import { setTimeout as sleep } from "node:timers/promises";

/** What tells the time and waits, so that tests can let waits pass faster. All times are milliseconds. */
export interface Clock {
  /** Unix time. It goes on steadily: where the machine's clock is set meanwhile, it does not follow. */
  now(): number;
  /** Waits. False: the signal ended the wait, which it does at once. */
  pause(milliseconds: number, cancelled?: AbortSignal): Promise<boolean>;
}

/** Real time. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  pause: (milliseconds, cancelled) =>
    sleep(milliseconds, true, cancelled && { signal: cancelled }).catch(() => false),
};

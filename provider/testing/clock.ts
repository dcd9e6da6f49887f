import { vi } from "vitest";
import { type Clock, systemClock } from "../clock.ts";

/** How much faster time passes in tests. More, and the few milliseconds of a real exchange would count as a slow one. */
export const pace = 10;

/** A clock whose time passes faster: a wait of 2 s takes 200 ms, while requests take the time that they take. */
export function fastClock(): Clock {
  const start = systemClock.now();
  return {
    now: () => start + (systemClock.now() - start) * pace,
    pause: (milliseconds, cancelled) => systemClock.pause(Math.ceil(milliseconds / pace), cancelled),
  };
}

/** Waits take no time: the test fakes `setTimeout` and `Date`, and both go on by the length of a wait. */
export const fakeClock: Clock = {
  now: () => Date.now(),
  async pause(milliseconds, cancelled) {
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, milliseconds);
    while (!isOver && !cancelled?.aborted) await vi.advanceTimersToNextTimerAsync();
    return isOver;
  },
};

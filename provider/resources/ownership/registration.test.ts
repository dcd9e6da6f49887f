import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeClock } from "../../testing/clock.ts";
import { Registration } from "./registration.ts";

describe("the end of a program's registrations", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "Date"], now: 0 });
  });
  afterEach(() => vi.useRealTimers());

  const nothing = async () => undefined;
  const moment = (milliseconds: number) => () => new Promise<void>((done) => setTimeout(done, milliseconds));

  it("has come when the engine asked nothing for a while", async () => {
    vi.setSystemTime(1_000);
    const registration = new Registration(fakeClock);
    await registration.quiet();
    expect(Date.now()).toBe(1_000);
    await registration.during(nothing);
    setTimeout(() => void registration.during(moment(600)), 300);
    await registration.quiet();
    expect(Date.now()).toBe(2_400);
  });

  it("comes after a registration that failed, too", async () => {
    const registration = new Registration(fakeClock);
    const failing = registration.during(() => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    await registration.quiet();
    expect(Date.now()).toBe(500);
  });

  it("is not waited for for ever", async () => {
    vi.setSystemTime(1_000);
    const registration = new Registration(fakeClock);
    void registration.during(moment(7_000));
    await registration.quiet();
    expect(Date.now()).toBe(6_500);
  });

  it("is not waited for once the deployment was cancelled", async () => {
    const registration = new Registration(fakeClock);
    const cancellation = new AbortController();
    await registration.during(nothing);
    setTimeout(() => cancellation.abort(), 50);
    await registration.quiet(cancellation.signal);
    expect(Date.now()).toBe(50);
  });
});

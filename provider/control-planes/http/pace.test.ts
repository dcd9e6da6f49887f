import { expect, it } from "vitest";
import { systemClock } from "../../clock.ts";
import { Pacer, pacerOf, type RateLimit } from "./pace.ts";

const noHeader = () => undefined;

/** Ten requests in each 200 milliseconds, of which 8 are used. */
const limit = (given: Partial<RateLimit> = {}): RateLimit => ({
  requests: 10,
  period: 200,
  key: () => "all",
  ...given,
});

const read = (path = "/pools") => ({ method: "GET", path });

/** When each of so many requests had its turn, in milliseconds from now on. */
async function turnsOf(pacer: Pacer, count: number, request = read()): Promise<number[]> {
  const begun = performance.now();
  const turns = Array.from({ length: count }, async () => {
    expect(await pacer.turn(request)).toBe(true);
    return performance.now() - begun;
  });
  return Promise.all(turns);
}

/** The largest number of turns within a period. */
function densest(turns: readonly number[], period: number): number {
  return Math.max(...turns.map((begin) => turns.filter((at) => at >= begin && at < begin + period).length));
}

it("lets no more requests begin in any period than a part of what the service takes", async () => {
  const turns = await turnsOf(new Pacer([limit()]), 30);
  // A turn is noticed a moment after it was given.
  expect(densest(turns, 120)).toBeLessThanOrEqual(8);
  expect(turns[7]).toBeLessThan(turns[8] as number);
  expect(turns[8]).toBeGreaterThanOrEqual(190);
  expect(turns[29]).toBeGreaterThanOrEqual(550);
});

it("counts requests by the key of the limit, and leaves alone what has none", async () => {
  const pacer = new Pacer([limit({ key: ({ path }) => (path === "/free" ? undefined : path) })]);
  const [one, otherPage, other, free] = await Promise.all([
    turnsOf(pacer, 8, read("/one?page=1")),
    turnsOf(pacer, 1, read("/one?page=2")),
    turnsOf(pacer, 8, read("/other")),
    turnsOf(pacer, 50, read("/free")),
  ]);
  expect(otherPage[0]).toBeGreaterThanOrEqual(190);
  expect(Math.max(...one, ...other, ...free)).toBeLessThan(otherPage[0] as number);
});

it("keeps every limit that concerns a request", async () => {
  const few = limit({ requests: 2, period: 300, key: ({ path }) => (path === "/runs" ? "runs" : undefined) });
  const pacer = new Pacer([few, limit()]);
  expect((await turnsOf(pacer, 2, read("/runs")))[1]).toBeGreaterThanOrEqual(290);
  // One of the runs began within the last 200 milliseconds.
  expect((await turnsOf(pacer, 8))[7]).toBeGreaterThanOrEqual(100);
});

it("takes the number that the service says, and no limit where it says none", async () => {
  const pacer = new Pacer([limit({ header: "x-limit" })]);
  pacer.heard(read(), (name) => (name === "x-limit" ? "3" : undefined));
  expect((await turnsOf(pacer, 3))[2]).toBeGreaterThanOrEqual(190);
  pacer.heard(read(), (name) => (name === "x-limit" ? "nonsense" : undefined));
  pacer.heard(read(), noHeader);
  // Two in each 200 milliseconds would take five seconds.
  expect((await turnsOf(pacer, 50))[49]).toBeLessThan(2_500);
});

it("keeps its own number where the limit names no header", async () => {
  const pacer = new Pacer([limit()]);
  pacer.heard(read(), noHeader);
  expect((await turnsOf(pacer, 9))[8]).toBeGreaterThanOrEqual(190);
});

it("holds everything back for as long as the service told, the longest time if several were told", async () => {
  const pacer = new Pacer([limit({ requests: Number.POSITIVE_INFINITY })]);
  await pacer.turn(read());
  pacer.holdBack(read(), 300, systemClock);
  pacer.holdBack(read(), 50, systemClock);
  const [first] = await turnsOf(pacer, 1);
  expect(first).toBeGreaterThanOrEqual(290);
});

it("lets a request that was refused go before those that were not sent yet", async () => {
  const pacer = new Pacer([limit({ requests: 2 })]);
  const order: string[] = [];
  const wait = async (name: string, again: boolean) => {
    await pacer.turn(read(), { again });
    order.push(name);
  };
  await Promise.all([wait("first", false), wait("new", false), wait("refused", true)]);
  expect(order).toEqual(["first", "refused", "new"]);
});

it("gives up the wait for a long period, or for what was told, when the deployment is cancelled", async () => {
  const long = new Pacer([limit({ requests: 1, period: 60_000 })]);
  const held = new Pacer([limit()]);
  const cancel = new AbortController();
  expect(await long.turn(read(), { cancelled: cancel.signal })).toBe(true);
  expect(await held.turn(read(), { cancelled: cancel.signal })).toBe(true);
  held.holdBack(read(), 500, systemClock);
  await new Promise(setImmediate);
  const waits = [
    long.turn(read(), { cancelled: cancel.signal }),
    held.turn(read(), { cancelled: cancel.signal }),
  ];
  setTimeout(() => cancel.abort(), 20);
  expect(await Promise.all(waits)).toEqual([false, false]);
  expect(
    await Promise.all([
      long.turn(read(), { cancelled: cancel.signal }),
      held.turn(read(), { cancelled: cancel.signal }),
    ]),
  ).toEqual([false, false]);
});

it("waits its turn at a short period to the end, and begins at once where nothing is in the way", async () => {
  const cancelled = AbortSignal.abort();
  const short = new Pacer([limit()]);
  const turns = await Promise.all(Array.from({ length: 9 }, () => short.turn(read(), { cancelled })));
  expect(turns).toEqual(turns.map(() => true));
  expect(await new Pacer([limit({ period: 60_000 })]).turn(read(), { cancelled })).toBe(true);
});

it("ends long waits for a short period too, save those that end within a second, and lets later requests wait", async () => {
  const pacer = new Pacer([limit()]);
  const cancellation = new AbortController();
  const turn = () => pacer.turn(read(), { cancelled: cancellation.signal });
  const begun = performance.now();
  const turns = Array.from({ length: 100 }, turn);
  await turns[7];
  cancellation.abort();
  const later = turn();
  // Eight begin at once, and five times eight within a second.
  expect((await Promise.all(turns)).filter(Boolean)).toHaveLength(48);
  expect(await later).toBe(true);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

it("is one for all that a service counts together", () => {
  const dialect = (countedBy: "credential" | "address", authorization: string) => ({
    headers: { authorization },
    rateLimits: { limits: [limit()], countedBy, precedeHandlers: true },
  });
  const mine = pacerOf("http://a.test", dialect("credential", "Bearer mine"));
  expect(pacerOf("http://a.test", dialect("credential", "Bearer mine"))).toBe(mine);
  expect(pacerOf("http://a.test", dialect("credential", "Bearer yours"))).not.toBe(mine);
  expect(pacerOf("http://b.test", dialect("credential", "Bearer mine"))).not.toBe(mine);
  const here = pacerOf("http://c.test", dialect("address", "Basic mine"));
  expect(pacerOf("http://c.test", dialect("address", "Basic yours"))).toBe(here);
});

it("goes on holding requests back where the service meanwhile says another number", async () => {
  const pacer = new Pacer([limit({ header: "x-limit" })]);
  await pacer.turn(read());
  pacer.holdBack(read(), 600, systemClock);
  pacer.heard(read(), () => "20");
  expect((await turnsOf(pacer, 1))[0]).toBeGreaterThanOrEqual(500);
});

it("ends the waits of a cancelled deployment at a hold that begins after the cancellation", async () => {
  const pacer = new Pacer([limit({ requests: 2, period: 1_000 })]);
  const cancellation = new AbortController();
  const turns = Array.from({ length: 3 }, () => pacer.turn(read(), { cancelled: cancellation.signal }));
  await turns[0];
  cancellation.abort();
  pacer.holdBack(read(), 3_000, systemClock);
  const begun = performance.now();
  expect(await turns[2]).toBe(false);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CachedList } from "./cached-list.ts";

interface Thing {
  readonly id: string;
  readonly name?: string;
}

const [a, b, c] = [{ id: "a" }, { id: "b" }, { id: "c" }];
const add = (thing: Thing) => (things: Thing[]) => [...things, thing];
const remove = (id: string) => (things: Thing[]) => things.filter((thing) => thing.id !== id);

/** A list whose reads end when the test says so. */
function listUnderControl() {
  const reads: { answer(things: readonly Thing[]): void; fail(): void }[] = [];
  const load = vi.fn(
    () =>
      new Promise<readonly Thing[]>((answer, fail) => {
        reads.push({ answer, fail: () => fail(new Error("no answer")) });
      }),
  );
  const list = new CachedList<Thing>(load);
  /** Answers the read of that number, from 0, once it has begun. */
  const answer = async (number: number, things: readonly Thing[]) => {
    await vi.waitFor(() => expect(reads.length).toBeGreaterThan(number), { interval: 1 });
    reads[number]?.answer(things);
  };
  const fail = (number: number) => reads[number]?.fail();
  return { list, load, answer, fail };
}

const fresh = { fresh: true };

describe("read", () => {
  it("is one read for all who come while it is under way or good", async () => {
    const { list, load, answer } = listUnderControl();
    const early = [list.read(), list.read()];
    await answer(0, [a]);
    expect(await Promise.all([...early, list.read()])).toEqual([[a], [a], [a]]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("begins after the call where it must be fresh, once for all who come during a read", async () => {
    const { list, load, answer } = listUnderControl();
    const first = list.read(fresh);
    const others = Array.from({ length: 20 }, () => list.read(fresh));
    expect(load).toHaveBeenCalledTimes(1);
    await answer(0, [a]);
    await answer(1, [a, b]);
    expect(await first).toEqual([a]);
    for (const other of others) expect(await other).toEqual([a, b]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("does not begin a second read beside one that is about to begin", async () => {
    const { list, load, answer } = listUnderControl();
    const first = list.read(fresh);
    const second = list.read(fresh);
    await answer(0, [a]);
    await first;
    const third = list.read(fresh);
    await answer(1, [b]);
    expect(await Promise.all([second, third])).toEqual([[b], [b]]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("begins anew for a fresh reader after the read has ended", async () => {
    const { list, answer } = listUnderControl();
    const first = list.read();
    await answer(0, [a]);
    await first;
    const second = list.read(fresh);
    await answer(1, [b]);
    expect(await second).toEqual([b]);
    expect(await list.read()).toEqual([b]);
  });

  it("begins anew for a fresh reader also after a read that many shared", async () => {
    const { list, load, answer } = listUnderControl();
    const shared = [list.read(fresh), list.read(fresh)];
    await answer(0, [a]);
    await answer(1, [b]);
    await Promise.all(shared);
    const later = list.read(fresh);
    await answer(2, [c]);
    expect(await later).toEqual([c]);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it("is one read for all who must have it fresh while it gathers them", async () => {
    const load = vi.fn(async () => [a]);
    const list = new CachedList<Thing>(load, { gathering: 100 });
    await list.read(fresh);
    const first = list.read(fresh);
    await new Promise((done) => setTimeout(done, 20));
    await Promise.all([first, ...Array.from({ length: 20 }, () => list.read(fresh))]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("follows one that fails", async () => {
    const { list, answer, fail } = listUnderControl();
    const first = list.read();
    const second = list.read(fresh);
    fail(0);
    await expect(first).rejects.toThrow("no answer");
    await answer(1, [a]);
    expect(await second).toEqual([a]);
  });
});

describe("a read that fails", () => {
  it("is not kept", async () => {
    const { list, answer, fail } = listUnderControl();
    const first = list.read();
    fail(0);
    await expect(first).rejects.toThrow("no answer");
    const second = list.read();
    await answer(1, [a]);
    expect(await second).toEqual([a]);
  });

  it("is not kept either where the list was changed meanwhile", async () => {
    const { list, answer, fail } = listUnderControl();
    const first = list.read();
    list.change(add(b));
    fail(0);
    await expect(first).rejects.toThrow("no answer");
    const second = list.read();
    await answer(1, [a, b]);
    expect(await second).toEqual([a, b]);
  });

  it("also fails as soon as load throws", async () => {
    const list = new CachedList<Thing>(() => {
      throw new Error("at once");
    });
    await expect(list.read()).rejects.toThrow("at once");
    await expect(list.read(fresh)).rejects.toThrow("at once");
  });

  it("is over also where load throws at once", async () => {
    const load = vi.fn<() => Promise<readonly Thing[]>>().mockResolvedValue([a]);
    load.mockImplementationOnce(() => {
      throw new Error("at once");
    });
    const list = new CachedList<Thing>(load);
    await expect(list.read()).rejects.toThrow("at once");
    expect(await list.read()).toEqual([a]);
  });
});

describe("lifetime", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const slow = (milliseconds: number) =>
    vi.fn(async () => {
      await new Promise((done) => setTimeout(done, milliseconds));
      return [a];
    });

  it.each([
    ["counts from the end of the read", { lifetime: 1_000 }, 60_000, 1_000],
    ["is ten times as long as the read took, where that is longer", {}, 60_000, 600_000],
  ])("%s", async (_, options, duration, lifetime) => {
    const load = slow(duration);
    const list = new CachedList<Thing>(load, options);
    const first = list.read();
    await vi.advanceTimersByTimeAsync(duration);
    await first;
    await vi.advanceTimersByTimeAsync(lifetime - 1);
    await list.read();
    expect(load).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    void list.read();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("is 20 seconds, and a change does not lengthen it", async () => {
    const load = vi.fn(async () => [a]);
    const list = new CachedList<Thing>(load);
    await list.read();
    await vi.advanceTimersByTimeAsync(19_999);
    list.change(add(b));
    expect(await list.read()).toEqual([a, b]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await list.read()).toEqual([a]);
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("a change of our own", () => {
  it("shows in the list that is known", async () => {
    const list = new CachedList<Thing>(async () => [a, b]);
    await list.read();
    list.change(remove("a"));
    list.change(add(c));
    expect(await list.read()).toEqual([b, c]);
  });

  it("works on a copy: readers keep what they got", async () => {
    const list = new CachedList<Thing>(async () => [a]);
    const before = await list.read();
    list.change((things) => {
      things.push(b);
      return things;
    });
    expect(before).toEqual([a]);
    expect(await list.read()).toEqual([a, b]);
  });

  it("is nothing to a list that nobody has read: the read comes after it", async () => {
    const list = new CachedList<Thing>(async () => [a]);
    list.change(add(b));
    expect(await list.read()).toEqual([a]);
  });

  it.each([
    ["lacks it", [a, c]],
    ["has it already", [a, c, b]],
    ["has an older form of it", [a, { id: "b", name: "old" }, c]],
  ])("is neither lost nor doubled where the answer of a read under way %s", async (_, answered) => {
    const { list, answer } = listUnderControl();
    const reading = list.read();
    list.change(add({ id: "b", name: "new" }));
    list.change(remove("c"));
    await answer(0, answered);
    const expected = [a, { id: "b", name: "new" }];
    expect(await reading).toEqual(expected);
    expect(await list.read()).toEqual(expected);
  });

  it("shows at once in what was known before a read that is under way", async () => {
    const { list, answer } = listUnderControl();
    const first = list.read();
    await answer(0, [a]);
    await first;
    const second = list.read(fresh);
    list.change(add(b));
    expect(await list.read()).toEqual([a, b]);
    await answer(1, [a]);
    expect(await second).toEqual([a, b]);
  });

  it("is not applied to a read that begins after it", async () => {
    const { list, answer } = listUnderControl();
    const first = list.read();
    const next = list.read(fresh);
    list.change(add(b));
    await answer(0, [a]);
    expect(await first).toEqual([a, b]);
    // Somebody else has removed it by now.
    await answer(1, [a]);
    expect(await next).toEqual([a]);
  });
});

describe("set", () => {
  it("spares a read, and goes before what a read under way brings", async () => {
    const { list, load, answer } = listUnderControl();
    list.set([a]);
    expect(await list.read()).toEqual([a]);
    expect(load).not.toHaveBeenCalled();
    const reading = list.read(fresh);
    list.set([b]);
    list.change(add(c));
    await answer(0, [a]);
    expect(await reading).toEqual([b, c]);
  });
});

it("keeps items that have no id as they are", async () => {
  const list = new CachedList<string>(async () => ["x", "y"]);
  expect(await list.read()).toEqual(["x", "y"]);
});

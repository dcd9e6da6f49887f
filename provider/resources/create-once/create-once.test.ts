import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeClock } from "../../testing/clock.ts";
import { PartialFailure } from "../framework/lifecycle.ts";
import { lostAnswer, makeAndLose, rateLimited, refusal, type Thing, thing } from "../testing/things.ts";
import { createOnce } from "./create-once.ts";
import { abandonedCreates } from "./pending-creates.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "runner-pools-create-once-"));
  vi.stubEnv("PULUMI_HOME", home);
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const context = { clock: fakeClock };
const folder = () => join(home, "runner-pools/pending-creates");
const notes = () => readdirSync(folder());

describe("createOnce", () => {
  it("takes what a lost create has made", async () => {
    const things: Thing[] = [{ name: "x", mark: "a stranger's" }];
    const made = await createOnce(thing(things, makeAndLose(things)), context);
    expect(made.mark).toBe(things[1]?.mark);
    expect(things).toHaveLength(2);
    expect(notes()).toEqual([]);
  });

  it("removes what cannot be used and makes it anew", async () => {
    const things: Thing[] = [];
    const make = (mark: string, attempt: number) => {
      const made = { name: "x", mark };
      things.push(made);
      if (attempt === 1) throw lostAnswer;
      return made;
    };
    const made = await createOnce({ ...thing(things, make), recover: undefined as never }, context);
    expect(things).toEqual([made]);
  });

  it("leaves alone what somebody else makes in the meantime", async () => {
    const things: Thing[] = [];
    const make = (mark: string, attempt: number) => {
      if (attempt > 1) return { name: "x", mark };
      things.push({ name: "x", mark: "a stranger's" });
      throw lostAnswer;
    };
    await createOnce(thing(things, make), context);
    expect(things).toEqual([{ name: "x", mark: "a stranger's" }]);
  });

  it("looks for nothing where no answer was lost", async () => {
    const find = vi.fn();
    await createOnce(
      thing([], (mark) => ({ name: "x", mark }), { find }),
      context,
    );
    expect(find).not.toHaveBeenCalled();
    expect(notes()).toEqual([]);
  });

  it("removes what an earlier request makes late, after a later one has succeeded", async () => {
    const things: Thing[] = [];
    let late = "";
    const make = (mark: string, attempt: number) => {
      if (attempt === 1) {
        late = mark;
        throw lostAnswer;
      }
      const made = { name: "x", mark };
      things.push({ name: "x", mark: late }, made);
      return made;
    };
    const made = await createOnce(thing(things, make), context);
    expect(things).toEqual([made]);
  });

  it("removes what each of several earlier requests makes late", async () => {
    const things: Thing[] = [];
    const lost: string[] = [];
    const make = (mark: string, attempt: number) => {
      if (attempt < 3) {
        lost.push(mark);
        throw lostAnswer;
      }
      const made = { name: "x", mark };
      things.push(...lost.map((late) => ({ name: "x", mark: late })), made);
      return made;
    };
    const made = await createOnce(thing(things, make), context);
    expect(things).toEqual([made]);
    expect(notes()).toEqual([]);
  });

  it("waits for what a proxy passes on late", async () => {
    const things: Thing[] = [];
    const make = (mark: string) => {
      setTimeout(() => things.push({ name: "x", mark }), 1_500);
      throw lostAnswer;
    };
    const made = await createOnce(thing(things, make), context);
    expect(things).toEqual([made]);
  });

  it("waits as long as the control plane says before it tries again", async () => {
    const limited = rateLimited.with({ retryAfterMs: 20_000 });
    const tries: number[] = [];
    const make = (mark: string, attempt: number) => {
      tries.push(Date.now());
      if (attempt === 1) throw limited;
      return { name: "x", mark };
    };
    await createOnce(thing([], make), context);
    expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it("outlasts a rate limit that refuses for a minute", async () => {
    const begun = Date.now();
    const make = (mark: string) => {
      if (Date.now() - begun < 60_000) throw rateLimited;
      return { name: "x", mark };
    };
    await createOnce(thing([], make), context);
    expect(Date.now() - begun).toBeLessThan(65_000);
    expect(notes()).toEqual([]);
  });

  it("gives up where the rate limit does not clear in two and a half minutes", async () => {
    const begun = Date.now();
    const make = () => {
      throw rateLimited;
    };
    await expect(createOnce(thing([], make), context)).rejects.toBe(rateLimited);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(150_000);
    expect(Date.now() - begun).toBeLessThan(160_000);
    expect(notes()).toHaveLength(1);
  });

  it.each([429, 503])(
    "does not wait for longer than that, where the control plane says so with %d",
    async (status) => {
      const told = rateLimited.with({ status, retryAfterMs: 300_000 });
      const make = vi.fn(() => {
        throw told;
      });
      const begun = Date.now();
      await expect(createOnce(thing([], make), context)).rejects.toBe(told);
      expect(make).toHaveBeenCalledOnce();
      expect(Date.now() - begun).toBe(2_500);
      expect(notes()).toHaveLength(1);
    },
  );

  it("gives up after three lost answers, and keeps the note", async () => {
    let tries = 0;
    const make = () => {
      tries++;
      throw lostAnswer;
    };
    const begun = Date.now();
    await expect(createOnce(thing([], make), context)).rejects.toBe(lostAnswer);
    expect(tries).toBe(3);
    expect(Date.now() - begun).toBe(3 * 2_500);
    expect(notes()).toHaveLength(1);
    // The next try finds the note, in this process too.
    expect(await abandonedCreates("P thing x")).toHaveLength(1);
  });

  it("makes nothing where it cannot be prepared", async () => {
    const make = vi.fn();
    const prepare = () => Promise.reject(refusal);
    await expect(createOnce(thing([], make, { prepare }), context)).rejects.toBe(refusal);
    expect(make).not.toHaveBeenCalled();
  });

  it.each([
    ["a refusal", refusal],
    ["a partial failure, which state knows", new PartialFailure("id", {}, ["half"])],
  ])("tries once and keeps no note after %s", async (_what, error) => {
    const make = vi.fn(() => {
      throw error;
    });
    await expect(createOnce(thing([], make), context)).rejects.toBe(error);
    expect(make).toHaveBeenCalledOnce();
    expect(notes()).toEqual([]);
  });

  it("reports the lost answer where even looking for it fails", async () => {
    const find = () => Promise.reject(refusal);
    const make = vi.fn(() => {
      throw lostAnswer;
    });
    await expect(createOnce(thing([], make, { find }), context)).rejects.toBe(lostAnswer);
    expect(make).toHaveBeenCalledOnce();
    expect(notes()).toHaveLength(1);
  });

  it("stops waiting when the deployment is cancelled", async () => {
    const cancellation = new AbortController();
    const make = () => {
      setTimeout(() => cancellation.abort(), 100);
      throw lostAnswer;
    };
    const begun = Date.now();
    const making = createOnce(thing([], make), { ...context, cancelled: cancellation.signal });
    await expect(making).rejects.toBe(lostAnswer);
    expect(Date.now() - begun).toBe(100);
  });

  it("keeps what it made where what earlier requests made late cannot be looked for", async () => {
    const things: Thing[] = [];
    const make = (mark: string, attempt: number) => {
      if (attempt === 1) throw lostAnswer;
      const made = { name: "x", mark };
      things.push(made);
      return made;
    };
    const once = thing(things, make);
    const find = async (marks: readonly string[]) => {
      if (things.length > 0) throw refusal;
      return once.find(marks);
    };
    const made = await createOnce({ ...once, find }, context);
    expect(things).toEqual([made]);
    const [left] = await abandonedCreates("P thing x");
    expect(left?.marks).toHaveLength(1);
    expect(left?.marks).not.toContain(made.mark);
  });

  it("keeps the note of a lost request when a later one is refused", async () => {
    const marks: string[] = [];
    const make = (mark: string, attempt: number) => {
      marks.push(mark);
      throw attempt === 1 ? lostAnswer : refusal;
    };
    await expect(createOnce(thing([], make), context)).rejects.toBe(refusal);
    const [left] = await abandonedCreates("P thing x");
    expect(left?.marks).toEqual(marks.slice(0, 1));
  });

  it("knows what it made by the id, where that has lost its mark", async () => {
    const things: Thing[] = [];
    const create = async (mark: string, noteId: (id: string) => void) => {
      things.push({ name: "x", mark: "id-1" });
      noteId("id-1");
      // From now on a process that is killed is cleaned up after by the id, too.
      const note = JSON.parse(readFileSync(join(folder(), notes()[0] ?? ""), "utf8"));
      expect(note.marks).toEqual([mark, "id-1"]);
      throw lostAnswer;
    };
    const made = await createOnce(thing(things, vi.fn(), { create }), context);
    expect(made).toEqual({ name: "x", mark: "id-1" });
    expect(things).toEqual([made]);
  });

  it.each([
    ["a refusal", refusal, 0],
    ["a partial failure, which state knows", new PartialFailure("id", {}, ["half"]), 0],
    ["another lost answer", lostAnswer, 1],
  ])("passes on what taking a lost thing gives: %s", async (_what, error, kept) => {
    const things: Thing[] = [];
    const recover = () => Promise.reject(error);
    const making = createOnce(thing(things, makeAndLose(things), { recover }), context);
    await expect(making).rejects.toBe(error);
    expect(notes()).toHaveLength(kept);
  });

  it("keeps the note where what is left over cannot be removed", async () => {
    const things: Thing[] = [];
    const remove = () => Promise.reject(refusal);
    const once = thing(things, makeAndLose(things), { remove, recover: undefined as never });
    await expect(createOnce(once, context)).rejects.toBe(lostAnswer);
    expect(notes()).toHaveLength(1);
  });
});

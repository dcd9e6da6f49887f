import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ControlPlaneError } from "../control-planes/error.ts";
import { type CreateOnce, createOnce } from "./create-once.ts";
import { PartialFailure } from "./lifecycle.ts";
import { PendingCreate } from "./pending-creates.ts";

/** A thing on a control plane; what others made carries no mark of ours. */
interface Thing {
  name: string;
  mark: string;
}

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "runner-pools-create-once-"));
  vi.stubEnv("PULUMI_HOME", home);
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"], shouldAdvanceTime: true, advanceTimeDelta: 500 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const lostAnswer = new ControlPlaneError({
  plane: "P",
  operation: "make it",
  message: "bad gateway",
  ambiguous: true,
  status: 502,
});
const refusal = new ControlPlaneError({ plane: "P", operation: "make it", message: "no", status: 422 });

/** A control plane that holds `things`; `make` says what each create does. */
function thing(
  things: Thing[],
  make: (mark: string, attempt: number) => Thing,
  options: Partial<CreateOnce<Thing, Thing>> = {},
): CreateOnce<Thing, Thing> {
  let attempt = 0;
  return {
    key: "P thing x",
    prepare: async () => undefined,
    create: async (mark) => make(mark, ++attempt),
    find: async (marks) => things.filter((known) => marks.includes(known.mark)),
    recover: async (left) => left,
    remove: async (left) => void things.splice(things.indexOf(left), 1),
    ...options,
  };
}

/** Makes a thing and loses the answer. */
function makeAndLose(things: Thing[]) {
  return (mark: string): Thing => {
    things.push({ name: "x", mark });
    throw lostAnswer;
  };
}

const context = {};

/** A note of a process that was killed. */
function leaveNote(marks: readonly string[], key = "P thing x"): void {
  const pending = new PendingCreate(key, undefined);
  pending.note(marks);
  pending.abandon();
}

const notes = () => readdirSync(join(home, "runner-pools/pending-creates"));

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
    const limited = new ControlPlaneError({
      plane: "P",
      operation: "make it",
      message: "too many requests",
      ambiguous: true,
      status: 429,
      retryAfterMs: 20_000,
    });
    const tries: number[] = [];
    const make = (mark: string, attempt: number) => {
      tries.push(Date.now());
      if (attempt === 1) throw limited;
      return { name: "x", mark };
    };
    await createOnce(thing([], make), context);
    expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it("gives up after three lost answers, and keeps the note", async () => {
    let tries = 0;
    const make = () => {
      tries++;
      throw lostAnswer;
    };
    await expect(createOnce(thing([], make), context)).rejects.toBe(lostAnswer);
    expect(tries).toBe(3);
    expect(notes()).toHaveLength(1);
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
    const make = () => {
      throw lostAnswer;
    };
    await expect(createOnce(thing([], make, { find }), context)).rejects.toBe(lostAnswer);
    expect(notes()).toHaveLength(1);
  });

  it("stops waiting when the deployment is cancelled", async () => {
    const cancellation = new AbortController();
    const make = () => {
      setTimeout(() => cancellation.abort(), 100);
      throw lostAnswer;
    };
    const begun = Date.now();
    const making = createOnce(thing([], make), { cancelled: cancellation.signal });
    await expect(making).rejects.toBe(lostAnswer);
    expect(Date.now() - begun).toBeLessThan(2_500);
  });

  describe("after a process that was killed", () => {
    it("takes what it has left", async () => {
      leaveNote(["left"]);
      const things: Thing[] = [{ name: "x", mark: "left" }];
      const make = vi.fn();
      const made = await createOnce(thing(things, make), context);
      expect(made).toBe(things[0]);
      expect(make).not.toHaveBeenCalled();
      expect(notes()).toEqual([]);
    });

    it("removes all but one of what it has left", async () => {
      leaveNote(["one", "two"]);
      const things = [
        { name: "x", mark: "one" },
        { name: "x", mark: "two" },
      ];
      const made = await createOnce(thing(things, vi.fn()), context);
      expect(things).toEqual([made]);
    });

    it("removes what cannot be used, and makes it anew", async () => {
      leaveNote(["left"]);
      const things: Thing[] = [{ name: "x", mark: "left" }];
      const make = (mark: string) => ({ name: "x", mark });
      await createOnce({ ...thing(things, make), recover: undefined as never }, context);
      expect(things).toEqual([]);
    });

    it("takes no note for its own that another process works on", async () => {
      const folder = join(home, "runner-pools/pending-creates");
      leaveNote(["left"]);
      const [file = ""] = readdirSync(folder);
      const note = { key: "P thing x", marks: ["left"], pid: process.ppid };
      writeFileSync(join(folder, file), JSON.stringify(note));
      const things: Thing[] = [{ name: "x", mark: "left" }];
      const made = await createOnce(
        thing(things, (mark) => ({ name: "x", mark })),
        context,
      );
      expect(made).not.toBe(things[0]);
      expect(things).toHaveLength(1);
    });

    it("ignores a note that is broken", async () => {
      const folder = join(home, "runner-pools/pending-creates");
      leaveNote(["left"]);
      const [file = ""] = readdirSync(folder);
      writeFileSync(join(folder, file), "{");
      const made = await createOnce(
        thing([], (mark) => ({ name: "x", mark })),
        context,
      );
      expect(made.mark).toMatch(/^[0-9a-f]{6}$/);
    });
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../clock.ts";
import { lostAnswer, refusal, type Thing, thing } from "../testing/things.ts";
import { createOnce } from "./create-once.ts";
import { PendingCreate } from "./pending-creates.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "runner-pools-create-once-"));
  vi.stubEnv("PULUMI_HOME", home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const context = { clock: systemClock };
const notes = () => readdirSync(join(home, "runner-pools/pending-creates"));

/** A note of a process that was killed. */
function leaveNote(marks: readonly string[], key = "P thing x"): void {
  const pending = new PendingCreate(key, undefined);
  pending.note(marks);
  pending.abandon();
}

describe("createOnce after a process that was killed", () => {
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

  it("makes it anew where nothing was left", async () => {
    leaveNote(["left"]);
    const made = await createOnce(
      thing([], (mark) => ({ name: "x", mark })),
      context,
    );
    expect(made.mark).not.toBe("left");
    expect(notes()).toEqual([]);
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

  it.each([
    ["a refusal", refusal, 0],
    ["a lost answer", lostAnswer, 1],
  ])("keeps or drops the note by what taking it gives: %s", async (_what, error, kept) => {
    leaveNote(["left"]);
    const recover = () => Promise.reject(error);
    const things: Thing[] = [{ name: "x", mark: "left" }];
    await expect(createOnce(thing(things, vi.fn(), { recover }), context)).rejects.toBe(error);
    expect(notes()).toHaveLength(kept);
  });

  it("keeps the note where it cannot be looked for", async () => {
    leaveNote(["left"]);
    const find = () => Promise.reject(refusal);
    await expect(createOnce(thing([], vi.fn(), { find }), context)).rejects.toBe(refusal);
    expect(notes()).toHaveLength(1);
  });

  it("looks for all that several processes have left", async () => {
    leaveNote(["one"]);
    leaveNote(["two"]);
    const things = [
      { name: "x", mark: "one" },
      { name: "x", mark: "two" },
    ];
    const made = await createOnce(thing(things, vi.fn()), context);
    expect(things).toEqual([made]);
    expect(notes()).toEqual([]);
  });
});

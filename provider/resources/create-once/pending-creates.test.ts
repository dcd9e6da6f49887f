import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { abandonedCreates, PendingCreate } from "./pending-creates.ts";

let home = "";
let engine: Server;
let engineAddress = "";

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "runner-pools-pending-"));
  vi.stubEnv("PULUMI_HOME", home);
  engine = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
  engineAddress = `127.0.0.1:${(engine.address() as { port: number }).port}`;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await stopEngine();
  rmSync(home, { recursive: true });
});

const stopEngine = () => new Promise<void>((resolve) => engine.close(() => resolve()));
const folder = () => join(home, "runner-pools", "pending-creates");
const notes = () => readdirSync(folder());
const marksOf = async (key: string) => (await abandonedCreates(key)).map(({ marks }) => marks);

/** Changes the only note as if another process had written it. */
function rewriteNote(note: object): void {
  const [file = ""] = notes();
  writeFileSync(join(folder(), file), JSON.stringify({ key: "a pool", marks: ["one"], ...note }));
}

/** A process that is there, and not this one. */
const otherProcess = process.ppid;
/** No process has this id: it is above what Linux gives out. */
const noProcess = 2 ** 22 + 1;

function abandon(key = "a pool", address?: string): void {
  const pending = new PendingCreate(key, address);
  pending.note(["one"]);
  pending.abandon();
}

describe("the note of a create", () => {
  it("is found once nobody works on it", async () => {
    const pending = new PendingCreate("a pool", undefined);
    pending.note(["one"]);
    expect(await marksOf("a pool")).toEqual([]);
    pending.note(["one", "two"]);
    pending.abandon();
    expect(await marksOf("a pool")).toEqual([["one", "two"]]);
    expect(await marksOf("another pool")).toEqual([]);
  });

  it("is not found any more once the create has an outcome", async () => {
    const pending = new PendingCreate("a pool", undefined);
    pending.note(["one"]);
    await pending.finish();
    expect(notes()).toEqual([]);
  });

  it("is not that of another create of the same key", async () => {
    const both = [new PendingCreate("a pool", undefined), new PendingCreate("a pool", undefined)];
    both[0]?.note(["one"]);
    both[1]?.note(["two"]);
    await both[0]?.finish();
    both[1]?.abandon();
    expect(await marksOf("a pool")).toEqual([["two"]]);
  });

  it("stays while the engine that takes the result is gone, and goes while it is there", async () => {
    const kept = new PendingCreate("a pool", engineAddress);
    kept.note(["one"]);
    const gone = new PendingCreate("another pool", engineAddress);
    gone.note(["two"]);
    await gone.finish();
    await stopEngine();
    await kept.finish();
    expect(await marksOf("another pool")).toEqual([]);
    expect(await marksOf("a pool")).toEqual([["one"]]);
  });

  it("is discarded by an engine that is there only", async () => {
    abandon();
    const [found] = await abandonedCreates("a pool");
    await stopEngine();
    await found?.discard(engineAddress);
    expect(notes()).toHaveLength(1);
    await found?.discard(undefined);
    expect(notes()).toEqual([]);
  });

  it.each([
    ["another process works on it", { pid: otherProcess }, false],
    ["its process is gone", { pid: noProcess }, true],
    ["it is of this process, which has left it", { pid: process.pid }, true],
    ["it is of another key", { pid: noProcess, key: "b" }, false],
    ["it names no marks", { pid: noProcess, marks: "one" }, false],
  ])("where %s", async (_what, note, isFound) => {
    abandon();
    rewriteNote(note);
    expect(await marksOf("a pool")).toEqual(isFound ? [["one"]] : []);
  });

  it("counts as left where its process is there and its engine is not", async () => {
    abandon();
    rewriteNote({ pid: otherProcess, engineAddress });
    expect(await marksOf("a pool")).toEqual([]);
    await stopEngine();
    expect(await marksOf("a pool")).toEqual([["one"]]);
  });

  it("is left to a process of another user, which can be asked for no sign of life", async () => {
    abandon();
    rewriteNote({ pid: otherProcess });
    const kill = vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("not permitted"), { code: "EPERM" });
    });
    try {
      expect(await marksOf("a pool")).toEqual([]);
      expect(kill).toHaveBeenCalledExactlyOnceWith(otherProcess, 0);
    } finally {
      kill.mockRestore();
    }
  });

  it("leaves no connection to the engine open", async () => {
    const closed = new Promise<void>((resolve) => {
      engine.removeAllListeners("connection");
      engine.once("connection", (socket) => socket.resume().once("close", () => resolve()));
    });
    const pending = new PendingCreate("a pool", engineAddress);
    pending.note(["one"]);
    await pending.finish();
    await closed;
    expect(notes()).toEqual([]);
  });

  it("can be read by its owner only, and names no key in its file's name", () => {
    abandon("a pool");
    const [file = ""] = notes();
    expect(statSync(join(folder(), file)).mode & 0o777).toBe(0o600);
    expect(file).toMatch(/^[0-9a-f]{32}-[0-9a-f]{8}\.json$/);
  });

  it("is done without where the home cannot be written", async () => {
    writeFileSync(join(home, "runner-pools"), "a file where a folder should be");
    const pending = new PendingCreate("a pool", undefined);
    pending.note(["one"]);
    await pending.finish();
    expect(await marksOf("a pool")).toEqual([]);
  });
});

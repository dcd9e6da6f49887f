import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { comparableState } from "./comparable-state.ts";
import type { Engine, Stack } from "./engine.ts";
import { NotSupportedError } from "./engine.ts";
import { standInEngine } from "./stand-in/stand-in-engine.ts";
import { ENGINES } from "./world.ts";

const fixture = fileURLToPath(new URL("fixtures/shelf", import.meta.url));

/** What fixtures/shelf/index.js makes. */
interface ShelfProgram {
  providers?: Record<string, Record<string, unknown>>;
  books: Record<string, { args: Record<string, unknown>; options?: Record<string, unknown> }>;
}

const cleanups: (() => void)[] = [];
/** What the same programs left, one state per engine. */
const states = { explicit: [] as unknown[], versioned: [] as unknown[] };

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) {
    cleanup();
  }
});

class Shelf {
  readonly stack: Stack;
  private readonly folder: string;

  private constructor(stack: Stack, folder: string) {
    this.stack = stack;
    this.folder = folder;
  }

  /** A stack of the shelf's program, with the plugin on the PATH. */
  static async open(engine: Engine | undefined, environment: Record<string, string> = {}): Promise<Shelf> {
    const folder = mkdtempSync(join(tmpdir(), "engine-shelf-"));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "calls"), "");
    const stack = await (engine ?? standInEngine()).createStack({
      program: fixture,
      workFolder: join(folder, "stack"),
      environment: {
        PATH: [join(fixture, "bin"), process.env["PATH"]].join(delimiter),
        SHELF_PROGRAM: join(folder, "program.json"),
        SHELF_CALLS: join(folder, "calls"),
        ...environment,
      },
      config: { "shelf:owner": "Ada" },
    });
    return new Shelf(stack, folder);
  }

  program(program: ShelfProgram): void {
    writeFileSync(join(this.folder, "program.json"), JSON.stringify(program));
  }

  /** What the plugin was asked since the last time. */
  calls(): Record<string, unknown>[] {
    const file = join(this.folder, "calls");
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    writeFileSync(file, "");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

describe.each(ENGINES)("a plugin on the PATH, on $name", ({ engine }) => {
  function scenario(name: string, body: () => Promise<void>): void {
    test.skipIf(engine === undefined)(name, { timeout: 120_000 }, body);
  }

  for (const [kind, environment] of [
    ["with a handshake", { SHELF_HANDSHAKE: "yes" }],
    ["without one", {}],
  ] as const) {
    scenario(`${kind}: is configured by the stack, previews, and tells what differs`, async () => {
      const shelf = await Shelf.open(engine, environment);
      shelf.program({ books: { novel: { args: { title: "Emma" } } } });

      expect(await shelf.stack.preview()).toMatchObject({ result: "succeeded" });
      const calls = shelf.calls().map(({ call }) => call);
      expect(calls).toEqual([
        ...("SHELF_HANDSHAKE" in environment ? ["handshake"] : []),
        "configure",
        "preview",
      ]);

      const up = await shelf.stack.up();
      expect(up).toMatchObject({ result: "succeeded", outputs: { novel: "Emma of Ada" } });
      shelf.program({ books: { novel: { args: { title: "Persuasion", copies: 2 } } } });
      const { steps } = await shelf.stack.preview();
      expect(steps.find(({ op }) => op === "replace")).toMatchObject({ diff: ["copies", "title"] });
      shelf.program({ books: { novel: { args: { title: "Emma", copies: 2 } } } });
      const updated = await shelf.stack.up();
      expect(updated.steps.find(({ op }) => op === "update")).toMatchObject({ diff: ["copies"] });
    });
  }

  scenario("serves explicit providers with settings of their own, beside the default one", async () => {
    const shelf = await Shelf.open(engine);
    shelf.program({
      providers: { grace: { owner: "Grace" } },
      books: {
        own: { args: { title: "Emma" }, options: { provider: "grace" } },
        any: { args: { title: "Persuasion" } },
      },
    });
    const up = await shelf.stack.up();
    expect(up).toMatchObject({
      result: "succeeded",
      outputs: { own: "Emma of Grace", any: "Persuasion of Ada" },
    });
    expect(await shelf.stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    states.explicit.push(comparableState(await shelf.stack.exportState()));
  });

  scenario("keeps the version that was asked for with its default provider", async () => {
    const shelf = await Shelf.open(engine);
    shelf.program({ books: { versioned: { args: { title: "Sanditon" }, options: { version: "1.0.0" } } } });
    expect(await shelf.stack.up()).toMatchObject({ outputs: { versioned: "Sanditon of Ada" } });
    expect(await shelf.stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    states.versioned.push(comparableState(await shelf.stack.exportState()));
  });

  scenario("imports by id, in the program and by command", async () => {
    const shelf = await Shelf.open(engine);
    shelf.program({ books: { novel: { args: { title: "Emma" }, options: { import: "book-Emma" } } } });
    expect(await shelf.stack.up()).toMatchObject({ result: "succeeded", changes: { import: 1 } });
    const imported = await shelf.stack.importResources([
      { type: "shelf:index:Book", name: "other", id: "book-Persuasion" },
    ]);
    expect(imported).toMatchObject({ result: "succeeded" });
    shelf.program({
      books: { novel: { args: { title: "Emma" } }, other: { args: { title: "Persuasion" } } },
    });
    expect(await shelf.stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
  });

  scenario("is told to give up when the operation is", async () => {
    const shelf = await Shelf.open(engine);
    shelf.program({ books: { saga: { args: { title: "Endless" } } } });
    const abort = new AbortController();
    const up = shelf.stack.up({ signal: abort.signal });
    await expect.poll(() => shelf.calls().map(({ call }) => call), { timeout: 60_000 }).toContain("create");
    abort.abort();
    expect(await up).toMatchObject({ result: "failed" });
    expect(shelf.calls().map(({ call }) => call)).toContain("cancelled");
    const { resources = [] } = (await shelf.stack.exportState()).deployment;
    expect(resources.filter(({ type }) => type === "shelf:index:Book")).toEqual([]);
  });

  scenario("that is not there is named", async () => {
    const shelf = await Shelf.open(engine, { PATH: process.env["PATH"] ?? "" });
    shelf.program({ books: { novel: { args: { title: "Emma" } } } });
    const { result, diagnostics } = await shelf.stack.preview();
    expect(result).toBe("failed");
    expect(diagnostics.map(({ message }) => message).join("\n")).toMatch(/shelf/);
  });
});

test.for(["explicit", "versioned"] as const)(
  "a program with %s providers leaves the same state on every engine",
  (program, { skip }) => {
    const [first, ...others] = states[program];
    if (others.length === 0) {
      return skip("there is one engine only");
    }
    for (const state of others) {
      expect(state).toEqual(first);
    }
  },
);

test("a runtime, or an option of one, that the stand-in does not have is refused by name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "engine-runtime-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const open = (runtime: string) => {
    writeFileSync(join(folder, "Pulumi.yaml"), `name: refused\nruntime: ${runtime}\n`);
    return standInEngine().createStack({ program: folder });
  };
  await expect(open("yaml")).rejects.toThrow(NotSupportedError);
  await expect(open("yaml")).rejects.toThrow(/'yaml' needs the Pulumi CLI/);
  await expect(open("{ name: nodejs, options: { inspector: true } }")).rejects.toThrow(/'inspector'/);
});

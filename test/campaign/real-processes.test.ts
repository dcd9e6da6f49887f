import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseEngine } from "../engine/choose.ts";
import type { OperationResult } from "../engine/engine.ts";
import { inProcess, type StackMaker, withProcesses } from "./deployments.ts";
import { generate, type Scope } from "./generate.ts";
import { useTemporaryHome } from "./home.ts";
import { printHistory } from "./print-history.ts";
import { runHistory } from "./run-history.ts";

const engine = chooseEngine();

let restoreHome = () => {};
beforeAll(() => {
  restoreHome = useTemporaryHome();
});
afterAll(() => restoreHome());

/** Two deployments at once and cancellations have other timings in processes of their own: what is compared has neither. */
const comparable: Scope = { second: false, cuts: false, stranger: false };

/** Histories with two planes or more cost too much here; these seeds have one plane each, and many renames and moves. */
const seeds = [11, 23];

/** The seed of a history with a cut, a second deployment and a stranger. */
const everything = 221;

/** What each operation changed, and how it ended, told by a maker of stacks that is listened to. */
function listening(make: StackMaker, heard: unknown[]): StackMaker {
  return async (name, emulator) => {
    const made = await make(name, emulator);
    const { stack } = made;
    for (const operation of ["up", "refresh", "preview", "destroy"] as const) {
      const run = stack[operation].bind(stack);
      stack[operation] = async (options) => {
        const result: OperationResult = await run(options);
        heard.push({ operation, result: result.result, changes: result.changes });
        return result;
      };
    }
    return made;
  };
}

describe(`histories with every process a real one, on ${engine.name}`, { timeout: 300_000 }, () => {
  it.each(seeds)("do the same as in this process: seed %i", async (seed) => {
    const history = generate(seed, comparable);
    const here: unknown[] = [];
    const there: unknown[] = [];

    await runHistory(history, listening(inProcess, here));
    const failure = await runHistory(history, listening(withProcesses(engine), there));

    expect(there, printHistory(history)).toEqual(here);
    expect(failure, printHistory(history, failure)).toBeUndefined();
  });

  it("end as they should with cuts, a second deployment and a stranger", async () => {
    const history = generate(everything);
    const failure = await runHistory(history, withProcesses(engine));
    expect(failure, printHistory(history, failure)).toBeUndefined();
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooseEngine } from "../engine/choose.ts";
import type { OperationResult } from "../engine/engine.ts";
import { inProcess, type StackMaker, withProcesses } from "./deployments.ts";
import { generate, type Scope } from "./generate.ts";
import { actionsOf, type History } from "./history.ts";
import { useTemporaryHome } from "./home.ts";
import { movingMutations } from "./moving-mutations.ts";
import type { PlaneKind } from "./organization.ts";
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

/** Short histories with renames or moves, on one plane each, since an operation takes seconds here. */
const compared = (["pulumi-cloud", "hcp-terraform"] as const).map((plane) =>
  seedWhere((history) => isShort(history, plane, 3) && changes(history).some(isMove), comparable),
);

/** A short history with a second deployment at the same time, an operation that is cancelled, and a stranger. */
const everything = seedWhere(
  (history) =>
    isShort(history, "hcp-terraform", 7) &&
    changes(history).some(isMove) &&
    history.steps.some(({ first, second }) => first && second) &&
    history.steps.some(({ stranger }) => stranger.length > 0) &&
    actions(history).some((action) => action.kind === "up" && action.cut?.kind === "cancel"),
);

function seedWhere(matches: (history: History) => boolean, scope?: Scope): number {
  for (let seed = 1; seed < 10_000; seed++) if (matches(generate(seed, scope))) return seed;
  throw new Error("no seed makes such a history");
}

function isShort(history: History, plane: PlaneKind, operations: number): boolean {
  const used = actions(history).flatMap((action) => (action.kind === "up" ? action.program : []));
  return actions(history).length <= operations && used.every((declaration) => declaration.plane === plane);
}

function actions({ steps }: History) {
  return steps.flatMap(actionsOf).map(([, action]) => action);
}

function changes(history: History): string[] {
  return actions(history).flatMap((action) => (action.kind === "up" ? action.changes : []));
}

function isMove(change: string): boolean {
  return change in movingMutations;
}

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
  it.each(compared)("do the same as in this process: seed %i", async (seed) => {
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

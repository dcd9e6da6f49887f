import { afterEach, describe, expect, test } from "vitest";
import { comparableState } from "./comparable-state.ts";
import type { Engine, OperationResult } from "./engine.ts";
import { COMPARED_HISTORIES, type HistoryStep } from "./histories.ts";
import { ENGINES, World } from "./world.ts";

const [standIn, pulumi] = ENGINES.map(({ engine }) => engine);
const worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.dispose()));
});

async function createWorld(engine: Engine | undefined): Promise<World> {
  if (engine === undefined) {
    throw new Error("an engine that is not there was asked for");
  }
  const world = await World.create(engine, {
    config: { password: { value: "hunter2", secret: true }, colour: "red" },
    parallel: 1,
  });
  worlds.push(world);
  return world;
}

async function take(step: HistoryStep, world: World): Promise<OperationResult> {
  if (step.program !== undefined) {
    world.program(step.program);
  }
  for (const [id, change] of Object.entries(step.drift ?? {})) {
    world.drift(id, change ?? undefined);
  }
  if (step.heal) {
    world.heal();
  }
  return await world.stack[step.operation](step.options);
}

/** What the user sees of an operation; wording and time aside. */
function comparableResult({ result, changes, steps, outputs, diagnostics }: OperationResult): object {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const sorted = steps.toSorted((one, other) =>
    `${one.urn} ${one.op}`.localeCompare(`${other.urn} ${other.op}`),
  );
  // The CLI adds an error of no resource that says that there were errors.
  const errorUrns = new Set(errors.map(({ urn }) => urn).filter((urn) => urn !== undefined));
  return { result, changes, steps: sorted, outputs, errorUrns };
}

/**
 * What the provider was asked; independent resources come in any order. With targets the CLI asks for differences
 * that it makes nothing of, so only what touches things is compared.
 */
function comparableCalls(world: World, { options }: HistoryStep): string[] {
  return world
    .calls()
    .filter(({ call }) => options?.targets === undefined || !["check", "diff"].includes(call))
    .map(({ pid: _, ...call }) => JSON.stringify(call))
    .sort();
}

describe.skipIf(pulumi === undefined)(
  "stand-in and CLI end equal (skipped without `pulumi` on the PATH)",
  () => {
    test.each(Object.entries(COMPARED_HISTORIES))("%s", { timeout: 240_000 }, async (_name, history) => {
      const ours = await createWorld(standIn);
      const theirs = await createWorld(pulumi);
      for (const [index, step] of history.entries()) {
        const [our, their] = await Promise.all([take(step, ours), take(step, theirs)]);
        const where = `step ${index + 1}, ${step.operation}`;
        expect(comparableResult(our), where).toEqual(comparableResult(their));
        expect(comparableCalls(ours, step), where).toEqual(comparableCalls(theirs, step));
        const [ourState, theirState] = [await ours.stack.exportState(), await theirs.stack.exportState()];
        expect(comparableState(ourState), where).toEqual(comparableState(theirState));
      }
    });
  },
);

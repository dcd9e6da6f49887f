import { afterEach, describe, expect, test } from "vitest";
import { comparableState } from "./comparable-state.ts";
import type { ResourceState } from "./deployment.ts";
import type { OperationResult } from "./engine.ts";
import { isSecret, SECRET_SIGNATURE, SIGNATURE_KEY } from "./stand-in/property-values.ts";
import { standInEngine } from "./stand-in/stand-in-engine.ts";
import { type DescribedResource, ENGINES, thingUrn, World } from "./world.ts";

describe.each(ENGINES)("$name", ({ engine }) => {
  const worlds: World[] = [];

  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.dispose()));
  });

  /** A stack with a program of these things, brought up. */
  async function up(...things: DescribedResource[]): Promise<World> {
    const world = await World.create(engine ?? standInEngine(), {
      config: { password: { value: "hunter2", secret: true } },
    });
    worlds.push(world);
    world.program(things);
    const { result, diagnostics } = await world.stack.up();
    expect(result, JSON.stringify(diagnostics)).toBe("succeeded");
    world.calls();
    return world;
  }

  function scenario(name: string, body: () => Promise<void>): void {
    test.skipIf(engine === undefined)(name, { timeout: 120_000 }, body);
  }

  scenario("a preview asks for defaults and differences and touches nothing", async () => {
    const world = await up(thing("a"));
    world.program([thing("a", { value: "b" }), thing("new", { value: { output: "a.serial" } })]);

    const preview = await world.stack.preview();

    expect(preview.changes).toEqual({ create: 1, same: 1, update: 1 });
    expect(
      world
        .calls()
        .map(({ call }) => call)
        .sort(),
    ).toEqual(["check", "check", "diff"]);
    expect(world.store()).toEqual(["thing-a-1"]);
  });

  scenario("what is known only after an update is unknown in a preview", async () => {
    const world = await World.create(engine ?? standInEngine());
    worlds.push(world);
    world.program([thing("a"), thing("b", { value: { output: "a.serial" } })]);

    await world.stack.preview();

    expect(world.calls().map(({ news }) => news?.["value"])).toEqual([
      "a",
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    ]);
  });

  scenario("a change is an update in place, with its paths when the engine has to find them", async () => {
    const world = await up(thing("a", { diff: "unknown", list: [1, { deep: 1 }] }));
    world.program([thing("a", { diff: "unknown", list: [1, { deep: 2 }, 3] })]);

    const { steps } = await world.stack.up();

    expect(stepsOf("a", steps)).toEqual([
      expect.objectContaining({ op: "update", diff: ["list[1].deep", "list[2]"] }),
    ]);
  });

  scenario("a replacement creates first and deletes at the end", async () => {
    const world = await up(thing("a", { kind: "x" }), thing("b", { value: { output: "a.serial" } }));
    world.program([thing("a", { kind: "y" }), thing("b", { value: { output: "a.serial" } })]);

    const { steps } = await world.stack.up();

    expect(stepsOf("a", steps).map(({ op }) => op)).toEqual([
      "create-replacement",
      "replace",
      "delete-replaced",
    ]);
    expect(touches(world)).toEqual(["create thing-a-2", "update thing-THING-A-1-1", "delete thing-a-1"]);
  });

  scenario("deleteBeforeReplace deletes first, and what cannot stay without it before that", async () => {
    const world = await up(thing("a", { kind: "x" }), thing("b", { kind: { output: "a.serial" } }));
    world.program([
      thing("a", { kind: "y" }, { deleteBeforeReplace: true }),
      thing("b", { kind: { output: "a.serial" } }),
    ]);

    await world.stack.up();

    expect(touches(world)).toEqual([
      "delete thing-b-1",
      "delete thing-a-1",
      "create thing-a-2",
      "create thing-b-2",
    ]);
  });

  scenario("things are deleted before what they depend on", async () => {
    const world = await up(
      thing("a"),
      thing("b", { value: { output: "a.serial" } }),
      thing("c", {}, { dependsOn: ["b"] }),
    );

    await world.stack.destroy();

    expect(touches(world)).toEqual(["delete thing-c-1", "delete thing-THING-A-1-1", "delete thing-a-1"]);
    expect((await world.stack.exportState()).deployment.resources).toBeUndefined();
  });

  scenario("a protected thing is not deleted, and says so", async () => {
    const world = await up(thing("a", {}, { protect: true }));
    world.program([]);

    const result = await world.stack.up();

    expect(result.result).toBe("failed");
    expect(errorsOf(result)).toContain("protect");
    expect(world.store()).toEqual(["thing-a-1"]);
  });

  scenario(
    "retainOnDelete leaves the real thing, ignoreChanges the old value, an alias the identity",
    async () => {
      const world = await up(
        thing("retained", {}, { retainOnDelete: true }),
        thing("a", { size: 3 }),
        thing("old"),
      );
      world.program([
        thing("a", { size: 4 }, { ignoreChanges: ["size"] }),
        thing("new", { value: "old" }, { aliases: [{ name: "old" }] }),
      ]);

      const result = await world.stack.up();

      expect(result.changes).toEqual({ delete: 1, same: 3 });
      expect(touches(world)).toEqual([]);
      expect(world.store()).toContain("thing-retained-1");
    },
  );

  scenario("secrets reach the provider in plain and the state encrypted", async () => {
    const world = await up(thing("a", { secretValue: { secretConfig: "password" } }));

    const exported = await world.stack.exportState();

    expect(JSON.stringify(exported)).not.toContain("hunter2");
    const state = stateOf("a", comparableState(exported));
    const secret = { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: "hunter2" };
    expect(state.inputs?.["secretValue"]).toEqual(secret);
    expect(state.outputs?.["secretValue"]).toEqual(secret);
    expect(isSecret(state.outputs?.["token"])).toBe(true);
  });

  scenario("a thing that does not initialise is kept, and updated again by the next update", async () => {
    const world = await up();
    world.program([thing("a", { fail: "init" })]);

    const failed = await world.stack.up();

    expect(failed.result).toBe("failed");
    const state = stateOf("a", comparableState(await world.stack.exportState()));
    expect(state).toMatchObject({ id: "thing-a-1", initErrors: ["the thing is there but not ready"] });
    world.program([thing("a", { fail: "no more" })]);
    expect((await world.stack.up()).changes).toEqual({ same: 1, update: 1 });
    expect(stateOf("a", comparableState(await world.stack.exportState())).initErrors).toBeUndefined();
  });

  scenario("only targets are touched", async () => {
    const world = await up(thing("a"), thing("b"));
    world.program([thing("a", { value: "A" }), thing("b", { value: "B" }), thing("c")]);

    const { changes } = await world.stack.up({ targets: [thingUrn("a")] });

    expect(changes).toMatchObject({ update: 1 });
    expect(touches(world)).toEqual(["update thing-a-1"]);
  });

  scenario("a refresh takes over what changed, and forgets what is gone", async () => {
    const world = await up(thing("a"), thing("b"));
    world.drift("thing-a-1", { value: "drifted" });
    world.drift("thing-b-1", undefined);

    const { changes } = await world.stack.refresh();

    expect(changes).toEqual({ delete: 1, same: 1, update: 1 });
    const state = comparableState(await world.stack.exportState());
    expect(stateOf("a", state).inputs?.["value"]).toBe("drifted");
    expect(state.some(({ urn }) => urn === thingUrn("b"))).toBe(false);
    expect((await world.stack.preview()).changes).toEqual({ create: 1, same: 1, update: 1 });
  });

  scenario("a replacement whose old thing could not be deleted deletes it the next time", async () => {
    const world = await up(thing("a", { kind: "x", fail: "delete" }));
    world.program([thing("a", { kind: "y" })]);

    expect((await world.stack.up()).result).toBe("failed");

    const pending = comparableState(await world.stack.exportState()).filter((resource) => resource.delete);
    expect(pending).toMatchObject([{ urn: thingUrn("a"), id: "thing-a-1" }]);
    expect(world.store()).toEqual(["thing-a-1", "thing-a-2"]);
  });

  scenario("a dynamic resource cannot be imported: its code is not known", async () => {
    const world = await up(thing("a"));
    const type = "pulumi-nodejs:dynamic/fixture:Thing";

    const result = await world.stack.importResources([{ type, name: "imported", id: "thing-a-1" }]);

    expect(result.result).toBe("failed");
    // What the host says depends on its version: it misses the properties, or the provider among them.
    expect(errorsOf(result)).toMatch(/toJavaScript|code must be a string/);
    expect(comparableState(await world.stack.exportState())).toHaveLength(3);
  });

  scenario("expectNoChanges fails where something would change", async () => {
    const world = await up(thing("a"));
    expect((await world.stack.preview({ expectNoChanges: true })).result).toBe("succeeded");
    world.program([thing("a", { size: 9 })]);
    expect((await world.stack.preview({ expectNoChanges: true })).result).toBe("failed");
  });
});

function thing(
  name: string,
  args: Record<string, unknown> = {},
  options: Record<string, unknown> = {},
): DescribedResource {
  return { name, args: { value: name, ...args }, options };
}

function stepsOf(name: string, steps: OperationResult["steps"]): OperationResult["steps"] {
  return steps.filter((step) => step.name === name);
}

/** What was done to real things, in order. */
function touches(world: World): string[] {
  const done = world.calls().filter(({ call }) => ["create", "update", "delete"].includes(call));
  return done.map(({ call, id }) => `${call} ${id}`);
}

function stateOf(name: string, resources: ResourceState[]): ResourceState {
  const found = resources.find(({ urn }) => urn === thingUrn(name));
  if (found === undefined) {
    throw new Error(`there is no ${name} in the state`);
  }
  return found;
}

function errorsOf({ diagnostics }: OperationResult): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message)
    .join("\n");
}

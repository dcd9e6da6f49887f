import { afterEach, describe, expect, test } from "vitest";
import { comparableState } from "./comparable-state.ts";
import { ENGINES, World } from "./world.ts";

const [standIn, pulumi] = ENGINES.map(({ engine }) => engine);
const worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.dispose()));
});

const PROGRAM = {
  resources: [
    { name: "group", kind: "group" as const, args: { size: 1 } },
    {
      name: "a",
      args: { value: "a", secretValue: { secretConfig: "password" } },
      options: { parent: "group" },
    },
    {
      name: "b",
      args: { value: { output: "a.serial" } },
      options: { protect: true, ignoreChanges: ["size"] },
    },
    {
      name: "c",
      args: { value: "c" },
      options: { dependsOn: ["b"], retainOnDelete: true, deletedWith: "a" },
    },
  ],
  outputs: { token: { output: "a.token" } },
};

describe.skipIf(pulumi === undefined)(
  "state moves between the engines (skipped without `pulumi` on the PATH)",
  () => {
    test.each([
      ["the CLI takes over from the stand-in", standIn, pulumi],
      ["the stand-in takes over from the CLI", pulumi, standIn],
    ])("%s with an empty preview", { timeout: 120_000 }, async (_name, first, second) => {
      if (first === undefined || second === undefined) {
        throw new Error("an engine that is not there was asked for");
      }
      const config = { password: { value: "hunter2", secret: true as const } };
      const before = await World.create(first, { config });
      const environment = { THING_STORE: `${before.folder}/store` };
      const after = await World.create(second, { config, environment });
      worlds.push(before, after);
      before.program(PROGRAM);
      after.program(PROGRAM);
      await before.stack.up();

      const state = await before.stack.exportState();
      await after.stack.importState(state);

      expect(comparableState(await after.stack.exportState())).toEqual(comparableState(state));
      expect(await after.stack.preview({ expectNoChanges: true })).toMatchObject({
        result: "succeeded",
        changes: { same: 5 },
      });
      expect(await after.stack.outputs({ showSecrets: true })).toEqual({ token: "token-of-thing-a-1" });
    });
  },
);

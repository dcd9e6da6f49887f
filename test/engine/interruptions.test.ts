import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { standInEngine } from "./stand-in/stand-in-engine.ts";
import { ENGINES, thingUrn, World } from "./world.ts";

const worlds: World[] = [];

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.dispose()));
});

const DEADLY_PROGRAM = [
  { name: "a", args: { value: "a" } },
  { name: "b", args: { value: { output: "a.serial" }, fail: "die-in-create" } },
  { name: "c", args: { value: { output: "b.serial" } } },
];

describe.each(ENGINES)("$name", ({ engine }) => {
  test.skipIf(engine === undefined)(
    "a provider killed in the middle of a creation fails that resource, and the next update goes on with a new one",
    { timeout: 120_000 },
    async () => {
      const world = await World.create(engine ?? standInEngine());
      worlds.push(world);
      world.program(DEADLY_PROGRAM);

      const failed = await world.stack.up();

      expect(failed.result).toBe("failed");
      expect(failed.changes).toEqual({ create: 2 });
      expect(failed.diagnostics.find(({ severity }) => severity === "error")?.urn).toBe(thingUrn("b"));
      const [pid] = world.calls().map((call) => call.pid);

      world.heal();
      expect(await world.stack.up()).toMatchObject({ result: "succeeded", changes: { create: 2, same: 2 } });
      expect(world.calls().map((call) => call.pid)).not.toContain(pid);
    },
  );
});

describe("the stand-in", () => {
  test("killed in the middle of an update it has lost nothing that was done, and nothing that it started lives on", {
    timeout: 120_000,
  }, async () => {
    const world = await World.create(standInEngine(), { workFolder: undefined });
    worlds.push(world);
    world.program([
      { name: "a", args: { value: "a" } },
      { name: "b", args: { value: { output: "a.serial" }, fail: "hang-in-create" } },
    ]);
    const engine = spawn(
      process.execPath,
      [fileURLToPath(new URL("run-up.ts", import.meta.url)), world.folder],
      {
        stdio: "inherit",
      },
    );
    const calls = `${world.folder}/calls`;
    await until(
      () =>
        readFileSync(calls, "utf8")
          .split("\n")
          .filter((line) => line.includes('"create"')).length === 2,
    );
    const pid = world.calls().at(-1)?.pid ?? 0;

    engine.kill("SIGKILL");

    await until(() => !existsSync(`/proc/${pid}`));
    const stack = await standInEngine().createStack({
      program: fileURLToPath(new URL("fixtures/described", import.meta.url)),
      workFolder: `${world.folder}/killed`,
      environment: {
        THING_STORE: `${world.folder}/store`,
        THING_CALLS: calls,
        THING_PROGRAM: `${world.folder}/program.json`,
        THING_HEALED: `${world.folder}/healed`,
      },
    });
    const { deployment } = await stack.exportState();
    expect(deployment.resources?.map(({ urn }) => urn)).toContain(thingUrn("a"));
    expect(deployment.pending_operations).toMatchObject([
      { type: "creating", resource: { urn: thingUrn("b") } },
    ]);

    world.heal();
    const resumed = await stack.up();
    expect(resumed).toMatchObject({ result: "succeeded", changes: { create: 1, same: 2 } });
    expect(resumed.diagnostics[0]).toMatchObject({ severity: "warning" });
    expect(world.store()).toEqual(["thing-THING-A-1-2", "thing-a-1"]);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (isTrue()) {
      return;
    }
    await sleep(50);
  }
  throw new Error("waited 20 seconds for something that did not come true");
}

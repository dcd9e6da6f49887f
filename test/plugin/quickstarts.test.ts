import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnvironment } from "../../emulator/environment.ts";
import { layOutPackedPlugin } from "../package/packed-package.ts";
import { OPENING_TIMEOUT, type OpenExample, onEveryEngine, openExample } from "./example-program.ts";
import { maskedState } from "./masked-state.ts";

const quickstarts = onEveryEngine(["yaml", "python", "go"]);
/** The plugin as a user has it: without the SDK of any cloud. */
const plugin = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-plugin-"));
/** State of each program that ran, without what no two runs share. */
const states = new Map<string, unknown>();

beforeAll(() => {
  layOutPackedPlugin(plugin);
  expect(existsSync(join(plugin, "node_modules/@pulumi/docker"))).toBe(false);
});

afterAll(() => rmSync(plugin, { recursive: true }));

describe.each(quickstarts)("examples/quickstart-$language $title", ({ language, engine, title }) => {
  let emulator: Emulator;
  let example: OpenExample;

  beforeAll(async () => {
    if (!engine) return;
    emulator = await startEmulator();
    example = await openExample({ language, engine }, `quickstart-${language}`, plugin, {
      environment: emulatorEnvironment(emulator.url),
      config: { envZeroProject: emulatorIds.envZeroProjects.network },
    });
  }, OPENING_TIMEOUT);

  afterAll(async () => {
    await example?.close();
    await emulator?.stop();
  });

  it.skipIf(!engine)(
    "goes up, stays as it is through a refresh, and goes down",
    { timeout: 300_000 },
    async () => {
      const { stack } = example;
      const preview = await stack.preview();
      expect(preview.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(preview).toMatchObject({ result: "succeeded", changes: { create: 10 } });

      const up = await stack.up();
      expect(up.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(up).toMatchObject({ result: "succeeded", changes: { create: 10 } });
      expect(Object.keys(up.outputs["tokens"] as object).sort()).toEqual([
        "envZero",
        "hcpTerraform",
        "pulumiCloud",
      ]);

      const again = await stack.up({ expectNoChanges: true });
      expect(again).toMatchObject({ result: "succeeded", changes: { same: 10 } });
      expect(await stack.refresh({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });

      states.set(`${language} ${title}`, maskedState(await stack.exportState()));

      expect(await stack.destroy()).toMatchObject({ result: "succeeded" });
    },
  );
});

it("leaves the same state in every language", (context) => {
  const [first, ...others] = [...states];
  if (!first || others.length === 0) return context.skip("fewer than two programs could run here");
  for (const [program, state] of others) expect(state, `${program} as ${first[0]}`).toEqual(first[1]);
});

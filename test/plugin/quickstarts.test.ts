import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emulatorIds } from "../../provider/emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../provider/emulator/emulator.ts";
import { emulatorEnvironment } from "../../provider/emulator/environment.ts";
import type { Stack } from "../engine/engine.ts";
import { goUnavailable } from "../engine/toolchains/go-program.ts";
import { preparePythonEnvironment, pythonUnavailable } from "../engine/toolchains/python-environment.ts";
import { ENGINES } from "../engine/world.ts";
import { copyExample, type ProjectFolder } from "../programs/project-folder.ts";
import { maskedState } from "./masked-state.ts";
import { layOutPlugin } from "./plugin-folder.ts";
import { usePlugin } from "./plugin-project.ts";

/** The quickstarts, each with what it lacks on this machine. */
const quickstarts = ENGINES.flatMap(({ name, engine }) => {
  const yamlUnavailable = engine?.name === "pulumi" ? undefined : "YAML runs on the Pulumi CLI only";
  return [
    { language: "yaml", unavailable: yamlUnavailable },
    { language: "python", unavailable: pythonUnavailable },
    { language: "go", unavailable: goUnavailable },
  ].map(({ language, unavailable }) => ({
    language,
    engine: unavailable === undefined ? engine : undefined,
    title: unavailable === undefined ? `on ${name}` : `on ${name} (skipped: ${unavailable})`,
  }));
});

const plugin = layOutPlugin();
/** State of each program that ran, without what no two runs share. */
const states = new Map<string, unknown>();

afterAll(() => plugin.remove());

describe.each(quickstarts)("examples/quickstart-$language $title", ({ language, engine, title }) => {
  let emulator: Emulator;
  let project: ProjectFolder;
  let stack: Stack;
  let workFolder: string;

  // On a cold machine packages are downloaded, and Pulumi's SDK for Go is compiled.
  beforeAll(async () => {
    if (!engine) return;
    project = copyExample(`quickstart-${language}`);
    const environment = language === "python" ? await preparePythonEnvironment(project.path) : undefined;
    usePlugin(project.path, plugin.path, environment);
    emulator = await startEmulator();
    workFolder = mkdtempSync(join(tmpdir(), "runner-pools-state-"));
    stack = await engine.createStack({
      program: project.path,
      workFolder,
      environment: emulatorEnvironment(emulator.url),
      config: { env0Project: emulatorIds.envZeroProjects.network },
    });
  }, 600_000);

  afterAll(async () => {
    await stack?.dispose();
    await emulator?.stop();
    project?.remove();
    if (workFolder) rmSync(workFolder, { recursive: true, force: true });
  });

  it.skipIf(!engine)(
    "goes up, stays as it is through a refresh, and goes down",
    { timeout: 300_000 },
    async () => {
      const preview = await stack.preview();
      expect(preview.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(preview).toMatchObject({ result: "succeeded", changes: { create: 10 } });

      const up = await stack.up();
      expect(up.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(up).toMatchObject({ result: "succeeded", changes: { create: 10 } });
      expect(Object.keys(up.outputs["tokens"] as object).sort()).toEqual(["envZero", "pulumi", "terraform"]);

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

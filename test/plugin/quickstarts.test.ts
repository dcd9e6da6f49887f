import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signatureKey, signatures } from "../../provider/adapter/properties.ts";
import { emulatorIds } from "../../provider/emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../provider/emulator/emulator.ts";
import { emulatorEnvironment } from "../../provider/emulator/environment.ts";
import type { ResourceState } from "../engine/deployment.ts";
import { NotSupportedError, type Stack } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { copyExample, type ProjectFolder } from "../programs/project-folder.ts";
import { layOutPlugin } from "./plugin-folder.ts";
import { usePlugin } from "./plugin-project.ts";

/** What a language needs on the machine, and how its program is made ready to run. */
const languages = [
  { language: "yaml", tool: undefined, prepare: [] },
  {
    language: "python",
    tool: ["python3", "-m", "venv", "--help"],
    prepare: [
      ["python3", "-m", "venv", "venv"],
      ["venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"],
    ],
  },
  // The first build of Pulumi's SDK takes minutes; the toolchain keeps it for the next.
  { language: "go", tool: ["go", "version"], prepare: [["go", "build", "-o", "program", "."]] },
] as const;

const plugin = layOutPlugin();
/** State of each program that ran, without what no two runs share. */
const states = new Map<string, unknown>();

afterAll(() => plugin.remove());

describe.each(ENGINES)("on $name", ({ name, engine }) => {
  describe.each(languages)("examples/quickstart-$language", ({ language, tool, prepare }) => {
    let emulator: Emulator;
    let project: ProjectFolder | undefined;
    let stack: Stack | undefined;
    let missing: string | undefined;
    let workFolder: string;

    beforeAll(async () => {
      emulator = await startEmulator();
      workFolder = mkdtempSync(join(tmpdir(), "runner-pools-state-"));
      if (!engine) missing = "there is no such engine here";
      else if (tool && spawnSync(tool[0], tool.slice(1)).status !== 0)
        missing = `there is no ${tool[0]} here`;
      if (!engine || missing) return;
      project = copyExample(`quickstart-${language}`);
      usePlugin(project.path, plugin.path);
      try {
        stack = await engine.createStack({
          program: project.path,
          workFolder,
          environment: emulatorEnvironment(emulator.url),
          config: { env0Project: emulatorIds.envZeroProjects.network },
        });
      } catch (error) {
        if (!(error instanceof NotSupportedError)) throw error;
        missing = error.message;
        return;
      }
      for (const [command, ...args] of prepare) {
        const { status, stderr, error } = spawnSync(command, args, { cwd: project.path, encoding: "utf8" });
        if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
      }
    }, 600_000);

    afterAll(async () => {
      await stack?.dispose();
      await emulator?.stop();
      project?.remove();
      rmSync(workFolder, { recursive: true, force: true });
    });

    it("goes up, stays as it is through a refresh, and goes down", { timeout: 300_000 }, async (context) => {
      if (!stack) return context.skip(missing);
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

      const { resources = [] } = (await stack.exportState()).deployment;
      states.set(`${language} on ${name}`, comparable(resources));

      expect(await stack.destroy()).toMatchObject({ result: "succeeded" });
    });
  });
});

it("leaves the same state in every language", (context) => {
  const [first, ...others] = [...states];
  if (!first || others.length === 0) return context.skip("fewer than two programs could run here");
  for (const [program, state] of others) expect(state, `${program} as ${first[0]}`).toEqual(first[1]);
});

/** Resources of the package by name; ids and secrets differ from run to run. */
function comparable(resources: readonly ResourceState[]): unknown {
  const own = resources.filter(({ type }) => type.startsWith("runner-pools:"));
  return Object.fromEntries(
    own
      .map(({ urn, inputs, outputs }) => [urn, maskAll({ inputs, outputs })])
      .sort(([one], [other]) => String(one).localeCompare(String(other))),
  );
}

function maskAll(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item) => (isSecret(item) ? "<secret>" : item));
  return JSON.parse(
    text
      .replace(/(?!e0e0e0e0)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "<id>")
      .replace(/\b(apool|at)-\w+/g, "<id>")
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"),
  );
}

function isSecret(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Reflect.get(value, signatureKey) === signatures.secret
  );
}

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emulatorEnvironment, emulatorIds, startEmulator } from "../../emulator/index.ts";
import { ENGINES } from "../engine/world.ts";
import { expectSuccess } from "../programs/results.ts";
import { layOutPackedPlugin } from "./packed-package.ts";
import { readmeBlock } from "./readme.ts";

const { organization } = emulatorIds;
let plugin: string;

beforeAll(() => {
  plugin = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-plugin-"));
  layOutPackedPlugin(plugin);
});

afterAll(() => rmSync(plugin, { recursive: true }));

describe.each(ENGINES)("the README's import on $name", ({ engine }) => {
  it.skipIf(!engine)(
    "takes a pool that exists by its id alone, in an empty folder",
    { timeout: 120_000 },
    async () => {
      const recipe = readmeBlock("Other languages, import", "sh");
      const [, type = "", name = "", id = ""] = /^pulumi import (\S+) (\S+) (.+)$/m.exec(recipe) ?? [];
      expect(id).toContain("<pool id>");
      const emulator = await startEmulator();
      const pool = emulator.admin.pulumiCloud.createAgentPool({
        organization,
        name: "theirs",
        description: "Old",
      });
      const folder = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-import-"));
      // No program runs; a host of this runtime comes with every Pulumi CLI.
      writeFileSync(
        join(folder, "Pulumi.yaml"),
        `name: pools\nruntime: nodejs\nplugins:\n  providers:\n    - { name: runner-pools, path: ${plugin} }\n`,
      );
      const stack = await engine?.createStack({
        program: folder,
        environment: emulatorEnvironment(emulator.url),
      });
      try {
        if (!stack) throw new Error("there is no engine");
        expectSuccess(await stack.importResources([{ type, name, id: id.replace("<pool id>", pool.id) }]));
        const { resources = [] } = (await stack.exportState()).deployment;
        const imported = resources.find((resource) => resource.type === type);
        expect(imported).toMatchObject({
          id: `pulumi-cloud/acme/${pool.id}`,
          inputs: { name: "theirs", description: "Old" },
          outputs: { poolId: pool.id },
        });
      } finally {
        await stack?.dispose();
        await emulator.stop();
        rmSync(folder, { recursive: true });
      }
    },
  );
});

import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, emulatorEnvironment, startEmulator } from "../../emulator/index.ts";
import type { Stack } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { installPacked } from "./packed-package.ts";
import { readmeBlock } from "./readme.ts";

const imports = (program: string) => program.split("\n").filter((line) => line.startsWith("import "));
const first = readmeBlock("Pulumi Cloud", "ts");

describe.each(ENGINES)("the README's first program on $name", ({ engine }) => {
  let emulator: Emulator;
  let folder: string;
  let stack: Stack | undefined;

  beforeEach(async (context) => {
    if (!engine) return context.skip();
    emulator = await startEmulator();
    // Its real name: Node finds modules from there.
    folder = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-first-"));
  });

  afterEach(async () => {
    await stack?.dispose();
    await emulator?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["Pulumi Cloud", first],
    ["env zero", [...imports(first), readmeBlock("env zero", "ts")].join("\n")],
    [
      "HCP Terraform, Terraform Enterprise",
      [...imports(first), readmeBlock("HCP Terraform, Terraform Enterprise", "ts")].join("\n"),
    ],
  ])(
    "for %s goes up and down in a new folder, with nothing but what npm install brings",
    { timeout: 180_000 },
    async (_, program) => {
      writeFileSync(join(folder, "Pulumi.yaml"), readmeBlock("Your first program", "yaml"));
      writeFileSync(join(folder, "index.ts"), program);
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ dependencies: { "pulumi-runner-pools": "*" } }),
      );
      installPacked(folder);
      for (const absent of ["typescript", "ts-node", "@pulumi/docker"]) {
        expect(existsSync(join(folder, "node_modules", absent))).toBe(false);
      }
      stack = await engine?.createStack({ program: folder, environment: emulatorEnvironment(emulator.url) });

      const up = await stack?.up();
      expect(up?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(up).toMatchObject({ result: "succeeded", changes: { create: 4 } });
      expect(await stack?.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
      expect(await stack?.destroy()).toMatchObject({ result: "succeeded" });
    },
  );
});

import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findCli } from "../engine/choose.ts";
import { unpack } from "./packed-package.ts";
import { readmeBlock } from "./readme.ts";

const hasCli = findCli() !== undefined;
const placeholder = "<folder or git address of this repository>";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-package-add-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

it.skipIf(!hasCli)(
  `the README's \`pulumi package add\` makes an SDK in an empty project, and downloads no plugin${hasCli ? "" : " (skipped: there is no `pulumi` on the PATH)"}`,
  { timeout: 400_000 },
  async () => {
    const [command = ""] = readmeBlock("Other languages, import", "sh").split("\n");
    expect(command).toBe(`pulumi package add ${placeholder}`);
    const [plugin, project, home] = ["plugin", "project", "home"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    unpack(plugin);
    for (const made of [project, home]) mkdirSync(made);
    // A host of this runtime comes with every Pulumi CLI.
    writeFileSync(join(project, "Pulumi.yaml"), "name: runners\nruntime: nodejs\n");
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ name: "runners", dependencies: { "@pulumi/pulumi": "^3" } }),
    );
    const [program = "", ...args] = command.replace(placeholder, plugin).split(" ");
    await promisify(execFile)(program, args, {
      cwd: project,
      env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toContain(`runner-pools: ${plugin}`);
    expect(existsSync(join(project, "sdks/runner-pools/runnerPool.ts"))).toBe(true);
    expect(existsSync(join(home, "plugins"))).toBe(false);
  },
);

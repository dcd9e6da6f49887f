import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ListeningEngine, listenAsEngine } from "../plugin/listening-engine.ts";
import { layOutPlugin } from "../plugin/plugin-folder.ts";
import { type PluginProcess, startPlugin } from "../plugin/plugin-process.ts";
import { Provider, secret } from "../plugin/provider.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixture = fileURLToPath(new URL("fixture", import.meta.url));
const bundle = fileURLToPath(new URL("../../tools/bundle-plugin.mjs", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const copied = [
  "provider",
  "sdk",
  "codegen",
  "emulator",
  "package.json",
  "tsconfig.json",
  "schema.json",
  "README.md",
  "PulumiPlugin.yaml",
  "pulumi-resource-runner-pools",
];

/** A copy of the sources, to which a plane and a resource are added: each is a folder and a line in a list. */
let folder: string;
let layout: ReturnType<typeof layOutPlugin> | undefined;
let engine: ListeningEngine | undefined;
let plugin: PluginProcess | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-extension-"));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  cpSync(fixture, join(folder, "provider"), { recursive: true });
  insert("provider/control-planes/planes.ts", 'import { shelf } from "./shelf/descriptor";', [
    "hcpTerraform]",
    "hcpTerraform, shelf]",
  ]);
  insert("provider/resources/index.ts", 'import { poolLabelLifecycle } from "./pool-label/lifecycle";', [
    "  AgentsOnline:",
    "  PoolLabel: poolLabelLifecycle,\n  AgentsOnline:",
  ]);
});

afterAll(async () => {
  await plugin?.stop();
  engine?.stop();
  layout?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Adds an import, and an entry to a list. */
function insert(file: string, imported: string, [before, after]: [before: string, after: string]): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, `${imported}\n${text.replace(before, after)}`);
}

/** What the compiler says; nothing where it is content. */
function compile(project: string): string {
  try {
    execFileSync(process.execPath, [tsc, "-p", project], { cwd: folder, encoding: "utf8" });
    return "";
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

it("takes a control plane and a resource, each a folder and a line", { timeout: 600_000 }, async () => {
  expect(compile("codegen/tsconfig.json")).toBe("");
  execFileSync(process.execPath, ["dist/codegen/generate.js"], { cwd: folder });
  const schema = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8"));
  expect(schema.resources["runner-pools:index:PoolLabel"]).toBeDefined();
  expect(schema.config.variables.shelfToken).toMatchObject({ secret: true });
  expect(schema.types["runner-pools:index:AssignmentTarget"].properties).toHaveProperty("job");
  expect(readFileSync(join(folder, "README.md"), "utf8")).toContain("Shelf");

  // The names in state are exports of one module, written out there: the compiler says which one is missing.
  const complaint = compile("tsconfig.json");
  expect(complaint.match(/^\S+: error /gm)).toEqual([
    expect.stringMatching(/^provider\/adapters\/dynamic\/index\.ts\(/),
  ]);
  expect(complaint).toContain("Property 'PoolLabel' is missing");
  const dynamic = join(folder, "provider/adapters/dynamic/index.ts");
  writeFileSync(
    dynamic,
    readFileSync(dynamic, "utf8")
      .replace(
        "export const AgentsOnline",
        'export const PoolLabel = () => dynamicProvider("PoolLabel");\n$&',
      )
      .replace("  AgentsOnline,\n}", "  AgentsOnline,\n  PoolLabel,\n}"),
  );
  expect(compile("tsconfig.json")).toBe("");
  execFileSync(process.execPath, [bundle, folder]);
  const sdk = createRequire(join(folder, "package.json"))("./dist/sdk/index.js");
  expect(sdk.PoolLabel).toBeTypeOf("function");
  expect(sdk.controlPlaneKinds).toContain("shelf");
});

it("serves both from the plugin, with everything that handlers do", { timeout: 120_000 }, async () => {
  layout = layOutPlugin(folder);
  engine = await listenAsEngine();
  plugin = await startPlugin(engine.address, {}, layout.path);
  const provider = new Provider(plugin.client);
  const controlPlane = { kind: "shelf", organization: "acme" };

  const refused = await provider.check("RunnerPool", "builders", { controlPlane });
  expect(refused.failures).toEqual([
    { property: "", reason: expect.stringMatching(/^controlPlane: .*runner-pools:shelfToken/) },
  ]);
  await provider.configure({ shelfToken: secret("shelf-0123abcd") });

  const checked = await provider.check("RunnerPool", "builders", { controlPlane });
  const pool = await provider.create("RunnerPool", "builders", checked.inputs);
  const label = { controlPlane, pool: pool.id, text: "nightly builds" };
  const { inputs } = await provider.check("PoolLabel", "label", label);
  const made = await provider.create("PoolLabel", "label", inputs);
  expect(await provider.read("RunnerPool", "builders", pool.id)).toMatchObject({
    state: { name: "builders", description: "nightly builds" },
  });

  const assignment = { controlPlane, pool: pool.id, target: { job: "nightly" } };
  const assigned = await provider.check("StackPoolAssignment", "nightly", assignment);
  expect(assigned.failures).toEqual([]);
  expect((await provider.create("StackPoolAssignment", "nightly", assigned.inputs)).id).toBe(
    "shelf/acme/job/nightly",
  );
  const wrong = { ...assignment, target: { stack: "network/prod" } };
  expect((await provider.check("StackPoolAssignment", "wrong", wrong)).failures).toHaveLength(1);
  const token = await provider.check("PoolToken", "token", { controlPlane, pool: pool.id });
  expect(token.failures).toHaveLength(1);

  const changed = { ...inputs, text: "all builds" };
  const versions = { state: made.state, before: inputs, wanted: changed };
  expect(await provider.diff("PoolLabel", "label", versions)).toMatchObject({
    replaces: [],
    detailed: { text: "UPDATE" },
  });
  const updated = await provider.update("PoolLabel", "label", made.id, made.state, changed);
  expect(updated).toMatchObject({ text: "all builds", poolId: pool.state["poolId"] });
  await provider.delete("PoolLabel", "label", made.id, updated);
  expect((await provider.read("PoolLabel", "label", made.id, updated)).id).toBe("");
});

it("serves both from a dynamic host, too", async () => {
  const { PoolLabel, RunnerPool } = createRequire(join(folder, "package.json"))(
    "./dist/provider/adapters/dynamic/index.js",
  );
  const config = { get: (key: string) => (key === "runner-pools:shelfToken" ? "shelf-0123abcd" : undefined) };
  const [pools, labels] = [RunnerPool(), PoolLabel()];
  for (const provider of [pools, labels]) await provider.configure({ config });
  const controlPlane = { kind: "shelf", organization: "acme" };
  const { inputs } = await pools.check({}, { controlPlane, __resourceName: "builders" });
  const pool = await pools.create(inputs);
  const label = await labels.create({ controlPlane, pool: pool.id, text: "nightly builds" });
  // As an import reads it: what a program does not declare is not shown as its own.
  expect((await pools.read(pool.id, {})).props).toMatchObject({ description: "nightly builds" });
  expect(label.outs).toMatchObject({ poolId: pool.outs.poolId, serviceUrl: "https://shelf.test" });
});

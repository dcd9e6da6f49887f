import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnvironment } from "../../emulator/environment.ts";
import { signatureKey, signatures } from "../../provider/adapters/properties.ts";
import type { OperationResult, Stack } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { type ProjectFolder, writeProject } from "../programs/project-folder.ts";
import { maskedState } from "./masked-state.ts";
import { layOutPlugin } from "./plugin-folder.ts";
import { usePlugin } from "./plugin-project.ts";

const plugin = layOutPlugin();
/** What the program with a component leaves, one state per engine. */
const states: unknown[] = [];
afterAll(() => plugin.remove());

/** Resources as a generated SDK registers them. */
const header = `
class PluginResource extends pulumi.CustomResource {
  constructor(type, name, inputs, options = {}) {
    const alias = { type: "pulumi-nodejs:dynamic/runner-pools:" + type };
    super("runner-pools:index:" + type, name, { poolId: undefined, value: undefined, initialToken: undefined, ...inputs },
      pulumi.mergeOptions(options, { aliases: [alias] }));
  }
}
class Provider extends pulumi.ProviderResource {
  constructor(name, settings) { super("runner-pools", name, settings); }
}
const controlPlane = { kind: "pulumi-cloud", organization: "acme" };
`;

const plugged = `${header}
const pool = new PluginResource("RunnerPool", "builders", { controlPlane, name: "builders", description: "moves" });
const assignment = { controlPlane, pool: pool.id, target: { stack: "network/prod" } };
new PluginResource("StackPoolAssignment", "network", assignment);
new PluginResource("PoolToken", "token", { controlPlane, pool: pool.id, initialToken: pool.initialToken });
exports.poolId = pool.poolId;
`;

/** A component that the plugin makes, and a function that it answers, both for a pool by its id alone. */
const remote = `${header}
class RotatingPoolToken extends pulumi.ComponentResource {
  constructor(name, inputs, options) {
    const outputs = { tokenId: undefined, value: undefined, previousValue: undefined };
    super("runner-pools:index:RotatingPoolToken", name, { ...outputs, ...inputs }, options, true);
  }
}
const plane = { kind: "hcp-terraform", organization: "acme" };
const pool = new PluginResource("RunnerPool", "builders", { controlPlane: plane, name: "builders" });
const token = new RotatingPoolToken("ci", { pool: pool.id, generation: 2 }, { protect: false });
const dependent = new PluginResource("RunnerPool", "dependent",
  { controlPlane: plane, name: pulumi.interpolate\`after-\${token.tokenId}\` });
exports.value = token.value;
exports.previousValue = token.previousValue;
exports.found = pulumi.runtime.invokeOutput("runner-pools:index:getRunnerPool", { pool: pool.id }).name;
`;

const dynamic = `
const controlPlane = { kind: "pulumi-cloud", organization: "acme" };
const pool = new pools.RunnerPool("builders", { controlPlane, description: "moves" });
new pools.StackPoolAssignment("network", { controlPlane, pool, target: { stack: "network/prod" } });
new pools.PoolToken("token", { controlPlane, pool });
exports.poolId = pool.poolId;
`;

describe.each(ENGINES)("a program with the plugin on $name", ({ engine }) => {
  let emulator: Emulator;
  let project: ProjectFolder;
  let workFolder: string;
  const stacks: Stack[] = [];

  beforeEach(async (context) => {
    if (!engine) return context.skip();
    emulator = await startEmulator();
    workFolder = mkdtempSync(join(tmpdir(), "runner-pools-state-"));
  });

  afterEach(async () => {
    for (const stack of stacks.splice(0)) await stack.dispose();
    await emulator?.stop();
    project?.remove();
    if (workFolder) rmSync(workFolder, { recursive: true, force: true });
  });

  async function open(program: string, environment = emulatorEnvironment(emulator.url)): Promise<Stack> {
    project = writeProject(program);
    usePlugin(project.path, plugin.path);
    const stack = await engine?.createStack({ program: project.path, workFolder, environment });
    if (!stack) throw new Error("there is no engine");
    stacks.push(stack);
    return stack;
  }

  it("takes over the resources of a program with the dynamic form, and changes nothing", {
    timeout: 120_000,
  }, async () => {
    const stack = await open(dynamic);
    const before = await stack.up();
    expect(before).toMatchObject({ result: "succeeded", changes: { create: 4 } });
    emulator.admin.clearJournal();
    project.write(plugged);
    const after = await stack.up({ expectNoChanges: true });
    expect(after.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(after).toMatchObject({ result: "succeeded", changes: { same: 4 } });
    expect(after.outputs["poolId"]).toBe(before.outputs["poolId"]);
    expect(emulator.admin.journal({})).toEqual([]);
    expect(await stack.refresh({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
  });

  it("finds the plugin in a folder that `packages` names", { timeout: 120_000 }, async () => {
    project = writeProject(plugged);
    const packages = JSON.stringify({ "runner-pools": plugin.path });
    appendFileSync(join(project.path, "Pulumi.yaml"), `packages: ${packages}\n`);
    const environment = emulatorEnvironment(emulator.url);
    const stack = await engine?.createStack({ program: project.path, workFolder, environment });
    if (!stack) throw new Error("there is no engine");
    stacks.push(stack);
    const preview = await stack.preview();
    expect(errorsOf(preview)).toEqual([]);
    expect(preview).toMatchObject({ result: "succeeded", changes: { create: 4 } });
  });

  it("shows which property changes and which one replaces", { timeout: 120_000 }, async () => {
    const stack = await open(plugged);
    expect(await stack.up()).toMatchObject({ result: "succeeded" });
    project.write(plugged.replace("moves", "stays").replace("network/prod", "network/dev"));
    const { steps } = await stack.preview();
    const stepOf = (name: string, op: string) => steps.find((step) => step.name === name && step.op === op);
    expect(stepOf("builders", "update")?.diff).toEqual(["description"]);
    expect(stepOf("network", "replace")?.diff).toEqual(["target.stack"]);
  });

  it("imports what exists, by id alone, and previews clean", { timeout: 120_000 }, async () => {
    const made = emulator.admin.pulumiCloud.createAgentPool({
      organization: "acme",
      name: "builders",
      description: "moves",
    });
    const target = { stack: "network/prod" };
    emulator.admin.pulumiCloud.assign({ organization: "acme", target, agentPoolId: made.id });
    const id = `pulumi-cloud/acme/${made.id}`;
    const stack = await open(`${header}
      const pool = new PluginResource("RunnerPool", "builders", { controlPlane, name: "builders", description: "moves" });
      new PluginResource("StackPoolAssignment", "network",
        { controlPlane, pool: pool.id, target: { stack: "network/prod" } });
      new PluginResource("PoolToken", "token", { controlPlane, pool: pool.id, description: "initial" });
    `);
    const imported = await stack.importResources([
      { type: "runner-pools:index:RunnerPool", name: "builders", id },
      {
        type: "runner-pools:index:StackPoolAssignment",
        name: "network",
        id: "pulumi-cloud/acme/stack/network/prod",
      },
      { type: "runner-pools:index:PoolToken", name: "token", id: `${id}/initial` },
    ]);
    expect(imported.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(imported).toMatchObject({ result: "succeeded" });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
  });

  it("gives each explicit provider its own credentials", { timeout: 120_000 }, async () => {
    const other = await startEmulator();
    const stack = await open(
      `${header}
      const token = pulumi.secret(${JSON.stringify(emulatorCredentials.pulumiCloudAccessToken)});
      for (const [name, pulumiCloudUrl] of [["one", ${JSON.stringify(emulator.url)}], ["other", ${JSON.stringify(other.url)}]]) {
        const provider = new Provider(name, { pulumiCloudUrl, pulumiCloudAccessToken: token });
        new PluginResource("RunnerPool", name, { controlPlane, name }, { provider });
      }`,
      {},
    );
    const up = await stack.up();
    expect(up.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(up).toMatchObject({ result: "succeeded" });
    for (const { admin } of [emulator, other]) {
      expect(
        admin.journal({}).filter(({ method, status }) => method === "POST" && (status ?? 500) < 300),
      ).toHaveLength(1);
    }
    const { resources = [] } = (await stack.exportState()).deployment;
    const providers = resources.filter(({ type }) => type === "pulumi:providers:runner-pools");
    expect(providers).toHaveLength(2);
    for (const { inputs } of providers) {
      expect(inputs?.["pulumiCloudAccessToken"]).toMatchObject({ [signatureKey]: signatures.secret });
    }
    await other.stop();
  });

  it("goes on with a provider that an earlier version has configured", { timeout: 120_000 }, async () => {
    const stack = await open(
      `${header}
      const token = pulumi.secret(${JSON.stringify(emulatorCredentials.pulumiCloudAccessToken)});
      const provider = new Provider("own", { pulumiCloudUrl: ${JSON.stringify(emulator.url)}, pulumiCloudAccessToken: token });
      new PluginResource("RunnerPool", "builders", { controlPlane, name: "builders" }, { provider });`,
      {},
    );
    expect(errorsOf(await stack.up())).toEqual([]);
    const before = async () => {
      const state = JSON.stringify(await stack.exportState());
      return JSON.parse(
        state
          .replaceAll('"pulumiCloudUrl"', '"pulumiUrl"')
          .replaceAll('"pulumiCloudAccessToken"', '"pulumiAccessToken"'),
      );
    };
    await stack.importState(await before());
    const up = await stack.up();
    expect(errorsOf(up)).toEqual([]);
    expect(up.changes["replace"]).toBeUndefined();
    expect(up.steps.find(({ name }) => name === "builders")).toMatchObject({ op: "same" });
    // Without the program, what the state says is all that there is.
    await stack.importState(await before());
    expect(errorsOf(await stack.destroy())).toEqual([]);
    expect(emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools).toEqual([]);
  });

  it("makes components in the plugin's process, and calls its functions", { timeout: 120_000 }, async () => {
    const stack = await open(remote);
    const preview = await stack.preview();
    expect(errorsOf(preview)).toEqual([]);
    expect(preview).toMatchObject({ result: "succeeded", changes: { create: 6 } });
    const up = await stack.up();
    expect(errorsOf(up)).toEqual([]);
    expect(up).toMatchObject({ result: "succeeded", changes: { create: 6 }, outputs: { found: "builders" } });
    expect(up.outputs["value"]).not.toBe(up.outputs["previousValue"]);
    expect(await stack.outputs()).toMatchObject({ value: "[secret]", previousValue: "[secret]" });

    const { resources = [] } = (await stack.exportState()).deployment;
    const component = resources.find(({ type }) => type === "runner-pools:index:RotatingPoolToken");
    const children = resources.filter(({ parent }) => parent === component?.urn);
    expect(children.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(["ci-even", "ci-odd"]);
    states.push(maskedState(await stack.exportState()));

    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    project.write(remote.replace("generation: 2", "generation: 3"));
    const { steps } = await stack.up();
    expect(steps.filter(({ op }) => op !== "same").map(({ name, op }) => `${op} ${name}`)).toContain(
      "replace ci-odd",
    );
    expect(await stack.destroy()).toMatchObject({ result: "succeeded" });
  });

  it("reports what is wrong with a component, and with a function's argument", {
    timeout: 120_000,
  }, async () => {
    const stack = await open(remote.replace("generation: 2", "generation: 0.5"));
    const wrong = await stack.preview();
    expect(wrong.result).toBe("failed");
    expect(errorsOf(wrong).join("\n")).toMatch(
      /'ci' has a problem: .*property generation .*must be a whole number/s,
    );
    project.write(remote.replace('getRunnerPool"', 'getRunnerPuddle"'));
    const unknown = await stack.up();
    expect(unknown.result).toBe("failed");
    expect(errorsOf(unknown).join("\n")).toMatch(/getRunnerPuddle/);
  });

  it("reports a wrong property before anything is made", { timeout: 120_000 }, async () => {
    const stack = await open(`${header}
      new PluginResource("RunnerPool", "builders", { controlPlane: { kind: "jenkins", organization: "acme" } });
    `);
    const { result, diagnostics } = await stack.preview();
    expect(result).toBe("failed");
    expect(diagnostics.map(({ message }) => message).join("\n")).toMatch(
      /controlPlane\.kind.*must be one of/s,
    );
  });
});

it("leaves the same state on every engine", (context) => {
  const [first, ...others] = states;
  if (others.length === 0) return context.skip("there is one engine only");
  for (const state of others) expect(state).toEqual(first);
});

function errorsOf({ diagnostics }: OperationResult): string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Emulator } from "../../emulator/emulator.ts";
import { emulatorEnvironment } from "../../emulator/environment.ts";
import type { ListeningEngine } from "./listening-engine.ts";
import { startPlugin } from "./plugin-process.ts";
import { Provider, secret, unknown, type Wire } from "./provider.ts";
import { type ReadyPlugin, startReadyPlugin } from "./ready-plugin.ts";

const diffNone = 1;
const diffSome = 2;
const controlPlane = { kind: "pulumi-cloud", organization: "acme" };

let ready: ReadyPlugin;
let emulator: Emulator;
let engine: ListeningEngine;
let provider: Provider;

beforeAll(async () => {
  ready = await startReadyPlugin();
  ({ emulator, engine, provider } = ready);
});

afterAll(() => ready?.stop());

async function createPool(name: string, properties: Wire = {}) {
  const { inputs } = await provider.check("RunnerPool", name, { controlPlane, ...properties });
  return { inputs, ...(await provider.create("RunnerPool", name, inputs)) };
}

describe("check", () => {
  it("fills in defaults and the name of the resource", async () => {
    const { inputs, failures } = await provider.check("RunnerPool", "builders", { controlPlane });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ controlPlane, name: "builders", forceDestroy: false, generation: 1 });
  });

  it("reports each wrong property by its path", async () => {
    const { failures } = await provider.check("RunnerPool", "builders", {
      controlPlane: { kind: "jenkins", organization: "two words" },
      nmae: "builders",
    });
    expect(failures.map(({ reason }) => reason).sort()).toEqual([
      'controlPlane.kind: must be one of pulumi-cloud, env-zero, hcp-terraform, not "jenkins"',
      expect.stringMatching(/^controlPlane\.organization: /),
      expect.stringMatching(/^nmae: /),
    ]);
    // For a property that is named, the engine prints what it takes for its value.
    expect(failures.map(({ property }) => property)).toEqual(["", "", ""]);
  });

  it("takes what is not known yet as right, at any depth", async () => {
    const { failures, inputs } = await provider.check("PoolToken", "ci", {
      controlPlane: { kind: unknown, organization: "acme" },
      pool: unknown,
    });
    expect(failures).toEqual([]);
    expect(inputs["pool"]).toBe(unknown);
  });

  it("keeps secrets wrapped, at any depth, and wraps those that the definition names", async () => {
    const { inputs } = await provider.check("PoolToken", "ci", {
      controlPlane: { kind: "pulumi-cloud", organization: secret("acme") },
      pool: "some-pool",
      initialToken: "not-marked-by-the-program",
    });
    expect(inputs["controlPlane"]).toEqual({ kind: "pulumi-cloud", organization: secret("acme") });
    expect(inputs["initialToken"]).toEqual(secret("not-marked-by-the-program"));
  });

  it("takes a resource for its id", async () => {
    const reference = {
      "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
      urn: "urn:pulumi:dev::shop::runner-pools:index:RunnerPool::builders",
      id: "pulumi-cloud/acme/some-pool",
    };
    const { inputs } = await provider.check("StackPoolAssignment", "network", {
      controlPlane,
      pool: reference,
      target: { stack: "network/prod" },
    });
    expect(inputs["pool"]).toBe("pulumi-cloud/acme/some-pool");
  });

  it("reads outputs with their secrets and without a value", async () => {
    const output = (value?: unknown, isSecret = false) => ({
      "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4",
      ...(value !== undefined && { value }),
      secret: isSecret,
      dependencies: [],
    });
    const { inputs } = await provider.check("RunnerPool", "builders", {
      controlPlane,
      name: output("from-output"),
      description: output("hidden", true),
      adopt: output(),
    });
    expect(inputs).toMatchObject({ name: "from-output", description: secret("hidden"), adopt: unknown });
  });

  it("refuses an unknown type, naming those there are", async () => {
    await expect(provider.check("RunerPool", "builders", {})).rejects.toThrow(
      /no resource type runner-pools:index:RunerPool: .* runner-pools:index:RunnerPool/,
    );
  });
});

describe("diff", () => {
  /** A check fills in `generation`; inputs of versions that did not have it lack it. */
  const before = { controlPlane, name: "builders", forceDestroy: false };
  const checked = { ...before, generation: 1 };
  const state = { ...before, poolId: "1" };
  const diff = (wanted: Wire) => provider.diff("RunnerPool", "builders", { state, before, wanted });

  it("sees no change where there is none", async () => {
    expect(await diff(checked)).toEqual({ changes: diffNone, replaces: [], detailed: {} });
  });

  it("shows an update by property", async () => {
    const wanted = { controlPlane, name: "other", description: "new", generation: 1 };
    expect(await diff(wanted)).toEqual({
      changes: diffSome,
      replaces: [],
      detailed: { name: "UPDATE", forceDestroy: "DELETE", description: "ADD" },
    });
  });

  it("shows what forces a replacement by its deepest path", async () => {
    const wanted = { ...checked, controlPlane: { ...controlPlane, organization: "other" } };
    expect(await diff(wanted)).toEqual({
      changes: diffSome,
      replaces: ["controlPlane"],
      detailed: { "controlPlane.organization": "UPDATE_REPLACE" },
    });
  });

  it("does not see what the dynamic form of the resource left behind", async () => {
    const result = await provider.diff("RunnerPool", "builders", {
      state: { ...state, __provider: "exports.handler=…" },
      before: { ...before, __provider: "exports.handler=…" },
      wanted: checked,
    });
    expect(result.changes).toBe(diffNone);
  });
});

describe("preview", () => {
  it("creates nothing, and shows outputs as not known yet", async () => {
    emulator.admin.clearJournal();
    const { inputs } = await provider.check("RunnerPool", "previewed", { controlPlane });
    const { id, state } = await provider.create("RunnerPool", "previewed", inputs, { preview: true });
    expect(id).toBe("");
    expect(state).toEqual({ ...inputs, poolId: unknown, serviceUrl: unknown, initialToken: secret(unknown) });
    expect(emulator.admin.journal()).toEqual([]);
  });

  it("updates nothing, and keeps the outputs that no update changes", async () => {
    const { inputs, id, state } = await createPool("update-previewed");
    emulator.admin.clearJournal();
    const wanted = { ...inputs, description: "new" };
    const updated = await provider.update("RunnerPool", "update-previewed", id, state, wanted, {
      preview: true,
    });
    expect(updated).toEqual({ ...state, description: "new" });
    expect(emulator.admin.journal()).toEqual([]);
  });
});

describe("a resource's life", () => {
  it("is made, read, updated and deleted, with its secrets wrapped all the way", async () => {
    const { inputs, id, state } = await createPool("living", { description: secret("classified") });
    expect(id).toBe(`pulumi-cloud/acme/${state["poolId"]}`);
    expect(state).toMatchObject({
      description: secret("classified"),
      initialToken: secret(expect.stringMatching(/^pul-/)),
    });

    const read = await provider.read("RunnerPool", "living", id, state, inputs);
    expect(read).toEqual({ id, state, inputs });

    const wanted = { ...inputs, description: secret("still classified") };
    const updated = await provider.update("RunnerPool", "living", id, state, wanted);
    expect(updated).toEqual({ ...state, description: secret("still classified") });

    await provider.delete("RunnerPool", "living", id, updated);
    expect(await provider.read("RunnerPool", "living", id, updated)).toMatchObject({ id: "" });
  });

  it("warns the user through the engine, with the resource that it is about", async () => {
    const { id: pool } = await createPool("warned");
    const { inputs } = await provider.check("StackPoolAssignment", "warned", {
      controlPlane,
      pool,
      target: { stack: "app/dev" },
    });
    const { id, state } = await provider.create("StackPoolAssignment", "warned", inputs);
    // What this process has checked is still declared; a destroy is another process, which checks nothing.
    const next = await startPlugin(engine.address, emulatorEnvironment(emulator.url));
    const destroying = new Provider(next.client);
    await destroying.configure({});
    await destroying.delete("StackPoolAssignment", "warned", id, state);
    await next.stop();
    await expect
      .poll(() => engine.messages)
      .toContainEqual({
        text: expect.stringContaining("hosted runners"),
        urn: "urn:pulumi:dev::shop::runner-pools:index:StackPoolAssignment::warned",
      });
  });

  it("is imported by its id alone, with inputs that check and differ in nothing", async () => {
    const made = emulator.admin.pulumiCloud.createAgentPool({
      organization: "acme",
      name: "imported",
      description: "made elsewhere",
    });
    const read = await provider.read("RunnerPool", "builders", `pulumi-cloud/acme/${made.id}`);
    const { inputs, failures } = await provider.check("RunnerPool", "builders", read.inputs, read.inputs);
    expect(failures).toEqual([]);
    const versions = { state: read.state, before: read.inputs, wanted: inputs };
    expect(await provider.diff("RunnerPool", "builders", versions)).toMatchObject({ changes: diffNone });
  });
});

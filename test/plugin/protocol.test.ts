import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessIn, assignmentsIn } from "../programs/organization.ts";
import { type ListeningEngine, listenAsEngine } from "./listening-engine.ts";
import { ask, type PluginProcess } from "./plugin-process.ts";
import { detailOf, fromStruct, type Provider, secret } from "./provider.ts";
import { type ReadyPlugin, startReadyPlugin } from "./ready-plugin.ts";

const root = new URL("../..", import.meta.url);
const controlPlane = { kind: "pulumi-cloud", organization: "acme" };

let ready: ReadyPlugin;
let emulator: Emulator;
let engine: ListeningEngine;
let plugin: PluginProcess;
let provider: Provider;

beforeEach(async () => {
  ready = await startReadyPlugin();
  ({ emulator, engine, plugin, provider } = ready);
});

afterEach(() => ready?.stop());

function getSchema(version: number) {
  const request = new providerMessages.GetSchemaRequest();
  request.setVersion(version);
  return ask<providerMessages.GetSchemaResponse>((answer) => plugin.client.getSchema(request, answer));
}

it("serves the schema that is committed, and its version", async () => {
  const served = JSON.parse((await getSchema(0)).getSchema());
  expect(served).toEqual(JSON.parse(readFileSync(new URL("schema.json", root), "utf8")));
  const info = await ask<pluginMessages.PluginInfo>((answer) =>
    plugin.client.getPluginInfo(new empty.Empty(), answer),
  );
  expect(info.getVersion()).toBe(served.version);
});

it("refuses a schema format that it does not have", async () => {
  await expect(getSchema(1)).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: expect.stringContaining("no package schema in format 1"),
  });
});

it("tells in the handshake what it takes", async () => {
  const response = await ask<providerMessages.ProviderHandshakeResponse>((answer) =>
    plugin.client.handshake(new providerMessages.ProviderHandshakeRequest(), answer),
  );
  expect(response.toObject()).toMatchObject({
    acceptSecrets: true,
    acceptResources: true,
    acceptOutputs: true,
  });
});

it("says of a method that it lacks that it lacks it, so that the engine does without", async () => {
  const request = new providerMessages.ParameterizeRequest();
  await expect(ask((answer) => plugin.client.parameterize(request, answer))).rejects.toMatchObject({
    code: status.UNIMPLEMENTED,
  });
});

it("prints nothing but its port", async () => {
  await provider.check("RunnerPool", "quiet", { controlPlane });
  expect(plugin.output).toEqual([]);
});

it("logs to the engine that attaches", async () => {
  const other = await listenAsEngine();
  const request = new pluginMessages.PluginAttach();
  request.setAddress(other.address);
  await ask((answer) => plugin.client.attach(request, answer));
  const { id: agentPoolId } = emulator.admin.pulumiCloud.createAgentPool({
    organization: "acme",
    name: "attached",
  });
  emulator.admin.pulumiCloud.assign({ organization: "acme", target: { stack: "app/dev" }, agentPoolId });
  const { id, state } = await provider.read(
    "StackPoolAssignment",
    "attached",
    "pulumi-cloud/acme/stack/app/dev",
  );
  await provider.delete("StackPoolAssignment", "attached", id, state);
  await expect.poll(() => other.messages).toHaveLength(1);
  expect(engine.messages).toEqual([]);
  other.stop();
});

it("ends waits at once when the deployment is cancelled, and begins nothing new", async () => {
  const { inputs } = await provider.check("RunnerPool", "cancelled", { controlPlane });
  emulator.admin.clearJournal();
  const headers = { "retry-after": "60" };
  emulator.admin.addFault({ plane: "pulumi-cloud", kind: "status", status: 429, headers });
  const created = provider.create("RunnerPool", "cancelled", inputs).catch((error: unknown) => error);
  await expect.poll(() => emulator.admin.journal({}).length).toBeGreaterThan(0);
  await ask((answer) => plugin.client.cancel(new empty.Empty(), answer));
  expect(String(await created)).toContain("cancelled");
  await expect(provider.create("RunnerPool", "later", inputs)).rejects.toThrow(/deployment was cancelled/);
});

it("takes back what has begun when the deployment is cancelled, so that nothing is left half made", async () => {
  const terraform = { kind: "hcp-terraform", organization: "acme" };
  const { inputs } = await provider.check("RunnerPool", "half-way", { controlPlane: terraform });
  const pool = await provider.create("RunnerPool", "half-way", inputs);
  const { inputs: assignment } = await provider.check("StackPoolAssignment", "half-way", {
    controlPlane: terraform,
    pool: pool.id,
    target: { workspace: "network-dev" },
  });
  // Access is granted first, then the workspace is told to use the pool.
  emulator.admin.addFault({ method: "PATCH", path: "agent-pools", kind: "latency", milliseconds: 500 });
  emulator.admin.clearJournal();
  const created = provider.create("StackPoolAssignment", "half-way", assignment).catch(String);
  await sleep(250);
  await ask((answer) => plugin.client.cancel(new empty.Empty(), answer));
  expect(await created).toContain("the deployment was cancelled before that");
  expect(accessIn(emulator)).toEqual({ "half-way": [] });
  expect(assignmentsIn(emulator)).toEqual({});
});

it("keeps what was made when only a part succeeded, with its secrets wrapped", async () => {
  // A pool is made first, and gets its name then.
  emulator.admin.addFault({ plane: "pulumi-cloud", method: "PATCH", kind: "status", status: 403 });
  const { inputs } = await provider.check("RunnerPool", "half-made", { controlPlane });
  const error = await provider.create("RunnerPool", "half-made", inputs).catch((thrown: unknown) => thrown);
  const detail = detailOf(error);
  expect(detail?.type).toBe("pulumirpc.ErrorResourceInitFailed");
  const partial = providerMessages.ErrorResourceInitFailed.deserializeBinary(
    detail?.bytes ?? new Uint8Array(),
  );
  const [pool] = emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools ?? [];
  expect(partial.getId()).toBe(`pulumi-cloud/acme/${pool?.id}`);
  expect(partial.getReasonsList().join()).toContain("403");
  expect(fromStruct(partial.getProperties())).toMatchObject({
    poolId: pool?.id,
    initialToken: secret(expect.stringMatching(/^pul-/)),
  });
});

import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ListeningEngine, listenAsEngine } from "./listening-engine.ts";
import { ask, type PluginProcess, type Starter, startPlugin } from "./plugin-process.ts";

let engine: ListeningEngine;
let plugin: PluginProcess | undefined;
let home: string;

beforeEach(async () => {
  engine = await listenAsEngine();
  home = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-home-"));
});

afterEach(async () => {
  await plugin?.stop();
  plugin = undefined;
  engine.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Starts the plugin and waits for an answer. */
async function start(environment: Record<string, string> = {}, starter: Starter = "engine"): Promise<void> {
  plugin = await startPlugin(engine.address, environment, undefined, starter);
  const { client } = plugin;
  await ask((answer) => client.getPluginInfo(new empty.Empty(), answer));
}

it.each(["engine", "language host"] as const)("answers when the %s starts it", async (starter) => {
  await start({}, starter);
  expect(plugin?.output).toEqual([]);
});

it("keeps compiled code in Pulumi's folder, for the next start", async () => {
  await start({ PULUMI_HOME: home });
  await expect
    .poll(() => readdirSync(home, { recursive: true }).map(String).join("\n"), { timeout: 20_000 })
    .toMatch(/^runner-pools\/compile-cache\/[^/\n]+\/[^/\n]+$/m);
});

it("starts also where nothing can be kept", async () => {
  const file = join(home, "no-folder");
  writeFileSync(file, "");
  await start({ PULUMI_HOME: file });
  expect(plugin?.output).toEqual([]);
});

it("names every library in its bundle with the text of its licence", () => {
  const licences = readFileSync(new URL("../../dist/plugin/LICENSES.txt", import.meta.url), "utf8");
  const libraries = licences.split(`\n${"-".repeat(80)}\n\n`);
  expect(libraries.map((text) => text.split(" ")[0])).toEqual(
    expect.arrayContaining(["@grpc/grpc-js", "undici", "zod"]),
  );
  for (const text of libraries) expect(text).toMatch(/redistribut|permission notice|Apache License/i);
});

import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ListeningEngine, listenAsEngine } from "./listening-engine.ts";
import { ask, type PluginProcess, startPlugin } from "./plugin-process.ts";
import { detailOf, toStruct, type Wire } from "./provider.ts";
import { type RecordingMonitor, startMonitor } from "./recording-monitor.ts";

/** How long what a killed plugin has started may outlive it. Milliseconds, enough for a busy machine. */
const grace = 20_000;

let engine: ListeningEngine;
let monitor: RecordingMonitor;
let plugin: PluginProcess;

beforeEach(async () => {
  engine = await listenAsEngine();
  monitor = await startMonitor();
  plugin = await startPlugin(engine.address);
});

afterEach(async () => {
  await plugin?.stop();
  monitor?.stop();
  engine?.stop();
});

const controlPlane = { kind: "hcp-terraform", organization: "acme" };

function construct(inputs: Wire, type = "runner-pools:index:RotatingPoolToken") {
  const request = new providerMessages.ConstructRequest();
  request.setProject("shop");
  request.setStack("dev");
  request.setOrganization("organization");
  request.setParallel(4);
  request.setMonitorendpoint(monitor.address);
  request.setType(type);
  request.setName("ci");
  request.setInputs(toStruct(inputs));
  return ask<providerMessages.ConstructResponse>((answer) => plugin.client.construct(request, answer));
}

/** Processes that the plugin has started. */
function children(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === plugin.child.pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

it("makes a component of the plugin's own resources, in a process that starts with the first one", async () => {
  expect(children()).toEqual([]);
  const response = await construct({ controlPlane, pool: "hcp-terraform/acme/apool-1", generation: 2 });
  expect(response.getUrn()).toBe("urn:pulumi:dev::shop::runner-pools:index:RotatingPoolToken::ci");
  expect(monitor.registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "runner-pools:index:PoolToken ci-even",
    "runner-pools:index:PoolToken ci-odd",
    "runner-pools:index:RotatingPoolToken ci",
  ]);
  const token = monitor.registered.find(({ name }) => name === "ci-even");
  expect(token?.inputs).toMatchObject({ description: "ci (generation 2)", generation: 2 });
  expect(token?.inputs).not.toHaveProperty("__provider");
  expect(children()).toHaveLength(1);
});

it("passes structured property errors on", async () => {
  const error = await construct({ controlPlane, pool: "apool-1", generation: 0.5 }).catch((thrown) => thrown);
  expect(detailOf(error)?.type).toBe("pulumirpc.InputPropertiesError");
  const misspelt = await construct({ controlPlane, pool: "apool-1", genration: 1 }).catch((thrown) => thrown);
  expect(detailOf(misspelt)?.type).toBe("pulumirpc.InputPropertiesError");
});

it("refuses an unknown component, naming those there are", async () => {
  await expect(construct({}, "runner-pools:index:Rotating")).rejects.toThrow(
    /no component type runner-pools:index:Rotating: .*RotatingPoolToken/,
  );
});

it.each([50, 300, 900, 2000])(
  "leaves no process behind when the plugin is killed %i ms after a request",
  async (delay) => {
    construct({ controlPlane, pool: "apool-1" }).catch(() => undefined);
    await sleep(delay);
    const started = children();
    plugin.child.kill("SIGKILL");
    await once(plugin.child, "exit");
    await expect.poll(() => started.filter(isRunning), { timeout: grace }).toEqual([]);
  },
);

function isRunning(pid: number): boolean {
  return parentOf(pid) !== undefined;
}

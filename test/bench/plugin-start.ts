import { readFileSync } from "node:fs";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { listenAsEngine } from "../plugin/listening-engine.ts";
import { ask, startPlugin } from "../plugin/plugin-process.ts";

/** What starting the plugin costs. */
export interface PluginStart {
  /** From the start of the process to its first answer. */
  milliseconds: number;
  /** The most memory that the process ever held. */
  peakMegabytes: number;
}

/** Starts the plugin five times, each until it has answered once. */
export async function measurePluginStart(): Promise<Record<string, PluginStart>> {
  const engine = await listenAsEngine();
  const figures: Record<string, PluginStart> = {};
  try {
    for (const run of [1, 2, 3, 4, 5]) figures[`run ${run}`] = await measure(engine.address);
  } finally {
    engine.stop();
  }
  return figures;
}

async function measure(engineAddress: string): Promise<PluginStart> {
  const begun = performance.now();
  const plugin = await startPlugin(engineAddress);
  await ask((answer) => plugin.client.getPluginInfo(new empty.Empty(), answer));
  const milliseconds = Math.round(performance.now() - begun);
  const status = readFileSync(`/proc/${plugin.child.pid}/status`, "utf8");
  await plugin.stop();
  return { milliseconds, peakMegabytes: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024) };
}

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { startEmulator } from "../../dist/emulator/index.js";
import { listenAsEngine } from "../plugin/listening-engine.ts";
import { ask, connect, type PluginProcess } from "../plugin/plugin-process.ts";
import { Provider } from "../plugin/provider.ts";
import type { PluginSide } from "./plugin-sides.ts";

/** What a plugin's process costs: medians of five, and then of one that works. Times of processors are those of all its threads. */
export interface PluginFigures {
  /** From the start of the process to its first answer, in milliseconds. */
  firstAnswer: number;
  /** From the start of the process until it is configured: it has loaded what checks need. Milliseconds. */
  configured: number;
  /** Time on a processor until it is configured. Milliseconds. */
  processorTime: number;
  /** The most memory that it held until then. */
  peakMegabytes: number;
  /** Time on a processor for one check, and for one diff. Milliseconds, with 16 under way at a time. */
  perCheck: number;
  perDiff: number;
  /** The most memory that it held during 4,000 of them. */
  peakAtWork: number;
}

const runs = 5;
const warmUp = 500;
const calls = 1_500;
const parallel = 16;

/** Starts a provider several times, and lets it check and compare a pool. */
export async function measurePlugin(side: PluginSide): Promise<PluginFigures> {
  const engine = await listenAsEngine();
  const emulator = await startEmulator();
  const figures: Omit<PluginFigures, "perCheck" | "perDiff" | "peakAtWork">[] = [];
  try {
    for (let run = 1; ; run++) {
      const begun = performance.now();
      const plugin = await start(side, engine.address);
      try {
        await ask((answer) => plugin.client.getPluginInfo(new empty.Empty(), answer));
        const firstAnswer = performance.now() - begun;
        const provider = new Provider(plugin.client);
        await provider.configure(side.configuration(emulator.url));
        figures.push({
          firstAnswer: Math.round(firstAnswer),
          configured: Math.round(performance.now() - begun),
          processorTime: Math.round(processorTime(plugin)),
          peakMegabytes: peakMegabytes(plugin),
        });
        // The first run is left out: it fills Node.js's cache of compiled code, which takes a second.
        if (run === 1) await sleep(2_000);
        if (run > runs)
          return { ...medians(figures.slice(1)), ...(await measureCalls(side, plugin, provider)) };
      } finally {
        await plugin.stop();
      }
    }
  } finally {
    engine.stop();
    await emulator.stop();
  }
}

/** The environment is that of this process: it says where Node.js and Pulumi's folder are. */
function start({ command: [program = "", ...args] }: PluginSide, address: string): Promise<PluginProcess> {
  return connect(spawn(program, [...args, address], { stdio: ["ignore", "pipe", "pipe"] }));
}

async function measureCalls(side: PluginSide, plugin: PluginProcess, provider: Provider) {
  const { type } = side;
  const { inputs } = await provider.check(type, "pool", side.inputs);
  const versions = {
    state: { ...inputs, ...side.outputs },
    before: inputs,
    wanted: { ...inputs, description: "of another team" },
  };
  const perCall = async (call: (name: string) => Promise<unknown>) => {
    await repeat(warmUp, call);
    const before = processorTime(plugin);
    await repeat(calls, call);
    return Math.round(((processorTime(plugin) - before) / calls) * 100) / 100;
  };
  return {
    perCheck: await perCall((name) => provider.check(type, name, side.inputs, inputs)),
    perDiff: await perCall((name) => provider.diff(type, name, versions)),
    peakAtWork: peakMegabytes(plugin),
  };
}

async function repeat(count: number, call: (name: string) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await call(`pool-${next++ % 500}`);
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

/** Milliseconds that the threads of the process have run. Linux counts them. */
function processorTime({ child }: PluginProcess): number {
  const threads = `/proc/${child.pid}/task`;
  return readdirSync(threads)
    .map((thread) => Number(readFileSync(`${threads}/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6)
    .reduce((sum, time) => sum + time, 0);
}

function peakMegabytes({ child }: PluginProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

function medians<Figures extends object>(all: readonly Figures[]): Figures {
  const keys = Object.keys(all[0] ?? {}) as (keyof Figures)[];
  const median = (key: keyof Figures) =>
    all.map((one) => Number(one[key])).toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
  return Object.fromEntries(keys.map((key) => [key, median(key)])) as Figures;
}

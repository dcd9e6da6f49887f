import { startEmulator } from "../../dist/emulator/index.js";
import type { Engine, OperationResult } from "../engine/engine.ts";
import { usePlugin } from "../plugin/plugin-project.ts";
import { writeProject } from "../programs/project-folder.ts";
import type { PluginSide } from "./plugin-sides.ts";

/** Time that the control plane takes for each answer. Milliseconds. */
const latency = 50;

/** Seconds that the operations take of a program of pools with one assignment each. */
export interface DeploymentFigures {
  up: number;
  noOpUp: number;
}

/** Deploys `count` pools and `count` assignments by a provider, and once more without a change. */
export async function measureDeployment(
  engine: Engine,
  side: PluginSide,
  count: number,
): Promise<DeploymentFigures> {
  const emulator = await startEmulator();
  const stacks = Array.from({ length: count }, (_, index) => `bench-${index}/prod`);
  emulator.admin.seed({ pulumiCloud: [{ organization: "acme", stacks }] });
  emulator.admin.addFault({ kind: "latency", milliseconds: latency });
  const project = writeProject(side.program(count));
  const { name, path } = side.plugin;
  if (path !== undefined) usePlugin(project.path, path);
  const settings = Object.entries(side.configuration(emulator.url));
  const stack = await engine.createStack({
    program: project.path,
    config: Object.fromEntries(settings.map(([key, value]) => [`${name}:${key}`, value])),
  });
  const measure = async (operation: () => Promise<OperationResult>) => {
    const { result, diagnostics, durationMs } = await operation();
    if (result === "failed") throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    return Math.round(durationMs / 100) / 10;
  };
  try {
    return { up: await measure(() => stack.up()), noOpUp: await measure(() => stack.up()) };
  } finally {
    await stack.dispose();
    await emulator.stop();
    project.remove();
  }
}

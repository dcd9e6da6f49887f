import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnvironment } from "../../emulator/environment.ts";
import { type ListeningEngine, listenAsEngine } from "./listening-engine.ts";
import { type PluginProcess, startPlugin } from "./plugin-process.ts";
import { Provider } from "./provider.ts";

/** A plugin process whose provider is configured, and the two that it talks to. */
export interface ReadyPlugin {
  readonly emulator: Emulator;
  readonly engine: ListeningEngine;
  readonly plugin: PluginProcess;
  readonly provider: Provider;
  stop(): Promise<void>;
}

/** Starts an emulator, an engine and the plugin; every control plane is the emulator. */
export async function startReadyPlugin(): Promise<ReadyPlugin> {
  const emulator = await startEmulator();
  const engine = await listenAsEngine();
  const plugin = await startPlugin(engine.address, emulatorEnvironment(emulator.url));
  const provider = new Provider(plugin.client);
  await provider.configure({});
  return {
    emulator,
    engine,
    plugin,
    provider,
    async stop() {
      await plugin.stop();
      engine.stop();
      await emulator.stop();
    },
  };
}

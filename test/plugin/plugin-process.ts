import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { layOutPlugin, pluginProgram } from "./plugin-folder.ts";

const runPlugin = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-plugin");

const folder = layOutPlugin();
process.on("exit", () => folder.remove());

/** A client of the provider protocol. */
export type ProviderClient = InstanceType<typeof providerServices.ResourceProviderClient>;

/**
 * Who starts the plugin: the engine itself, or Pulumi's language host for it, as with a plugin that is installed from a
 * repository (the engine then looks for a program that has the repository's name).
 */
export type Starter = "engine" | "language host";

/** A plugin process as an engine starts it. */
export interface PluginProcess {
  readonly client: ProviderClient;
  readonly child: ChildProcess;
  /** What the process said besides its port. */
  readonly output: string[];
  stop(): Promise<void>;
}

/** Starts the plugin of this repository and waits for its port. Only the given environment variables are there. @param pluginFolder of another plugin */
export async function startPlugin(
  engineAddress: string,
  environment: Readonly<Record<string, string>> = {},
  pluginFolder = folder.path,
  starter: Starter = "engine",
): Promise<PluginProcess> {
  return connect(spawnPlugin(engineAddress, environment, pluginFolder, starter));
}

/** Waits until a plugin that was started says its port. */
export async function connect(child: ChildProcess): Promise<PluginProcess> {
  const output: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const port = await Promise.race([
    once(lines, "line").then(([line]) => String(line)),
    once(child, "exit").then(() => Promise.reject(new Error(`the plugin ended: ${output.join("")}`))),
  ]);
  lines.on("line", (line) => output.push(line));
  const client = new providerServices.ResourceProviderClient(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
  );
  return {
    client,
    child,
    output,
    stop: async () => {
      client.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** Starts the plugin and waits for nothing. */
export function spawnPlugin(
  engineAddress: string,
  environment: Readonly<Record<string, string>> = {},
  pluginFolder = folder.path,
  starter: Starter = "engine",
): ChildProcess {
  const [command, ...before] =
    starter === "engine"
      ? ([join(pluginFolder, pluginProgram)] as const)
      : ([process.execPath, runPlugin, pluginFolder] as const);
  return spawn(command, [...before, engineAddress], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Calls a method of the protocol and waits for the answer. */
export function ask<Response>(
  call: (answer: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

import { credentials } from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginCommand } from "./plugin-command.ts";
import { SupervisedProcess } from "./supervised-process.ts";
import { GRPC_OPTIONS } from "./wire.ts";

/** A client of a provider's gRPC service. */
export type ProviderClient = InstanceType<typeof providerServices.ResourceProviderClient>;

/** What a provider process is started with. */
export interface ProviderProcessOptions {
  packageName: string;
  plugin: PluginCommand;
  /** The program's folder: a dynamic provider resolves its code from there. */
  cwd: string;
  environment: NodeJS.ProcessEnv;
  engineAddress: string;
  onOutput: (line: string, stream: "stdout" | "stderr") => void;
}

/** A running provider. */
export interface ProviderProcess {
  client: ProviderClient;
  kill: () => Promise<void>;
}

/** Starts a provider and waits for the port that it prints as its first line. */
export async function startProviderProcess(options: ProviderProcessOptions): Promise<ProviderProcess> {
  const { packageName, plugin, cwd, environment, engineAddress, onOutput } = options;
  const said: string[] = [];
  let isListening = false;
  let listening: (port: string) => void = () => {};
  const port = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const child = new SupervisedProcess(plugin.command, [...plugin.args, engineAddress], {
    cwd,
    environment,
    onOutput: (line, stream) => {
      if (!isListening && stream === "stdout" && /^\d+$/.test(line.trim())) {
        isListening = true;
        listening(line.trim());
        return;
      }
      said.push(line);
      onOutput(line, stream);
    },
  });
  const failed = child.exited.then((code) => {
    throw new Error(
      `Starting the provider '${packageName}': it exited with code ${code}\n${said.join("\n")}`,
    );
  });
  // Once it listens, its end is noticed by the calls that fail.
  failed.catch(() => {});
  const address = `127.0.0.1:${await Promise.race([port, failed])}`;
  const client = new providerServices.ResourceProviderClient(
    address,
    credentials.createInsecure(),
    GRPC_OPTIONS,
  );
  return {
    client,
    kill: async () => {
      client.close();
      await child.kill();
    },
  };
}

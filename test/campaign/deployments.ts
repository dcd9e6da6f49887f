import type { Server } from "@grpc/grpc-js";
import { type Emulator, emulatorCredentials, emulatorEnvironment } from "../../emulator/index.ts";
import { ComponentProcess } from "../../provider/adapters/plugin/component-process.ts";
import { Engine as EngineConnection } from "../../provider/adapters/plugin/engine.ts";
import { addProviderService } from "../../provider/adapters/plugin/service.ts";
import type { Engine, Stack } from "../engine/engine.ts";
import type { DescribedResource } from "../engine/stand-in/described-program.ts";
import { createInProcessStack } from "../engine/stand-in/in-process-stack.ts";
import { writeProject } from "../programs/project-folder.ts";
import { renderProgram } from "./describe.ts";

/** A stack whose program can be changed. */
export interface CampaignStack {
  readonly stack: Stack;
  setProgram(program: readonly DescribedResource[]): void;
  dispose(): Promise<void>;
}

/** Makes the stack of one deployment. */
export type StackMaker = (name: string, emulator: Emulator) => Promise<CampaignStack>;

/** Program and provider run in this process: a deployment takes milliseconds. */
export const inProcess: StackMaker = async (name, { url }) => {
  let program: readonly DescribedResource[] = [];
  const secret = (value: string) => ({ value, secret: true as const });
  const stack = createInProcessStack({
    stack: name,
    program: () => program,
    providers: { "runner-pools": pluginInThisProcess },
    config: {
      "runner-pools:pulumiCloudUrl": url,
      "runner-pools:pulumiCloudAccessToken": secret(emulatorCredentials.pulumiCloudAccessToken),
      "runner-pools:hcpTerraformUrl": url,
      "runner-pools:hcpTerraformToken": secret(emulatorCredentials.hcpTerraformToken),
      "runner-pools:envZeroUrl": url,
      "runner-pools:envZeroApiKey": secret(emulatorCredentials.envZeroApiKey),
      "runner-pools:envZeroApiSecret": secret(emulatorCredentials.envZeroApiSecret),
    },
  });
  return {
    stack,
    setProgram: (next) => {
      program = next;
    },
    dispose: () => stack.dispose(),
  };
};

/** The plugin's service as its process serves it (provider/adapters/plugin/server.ts), without the process. */
export function pluginInThisProcess(server: Server, engineAddress: string): void {
  addProviderService(server, new EngineConnection(engineAddress), new ComponentProcess(engineAddress));
}

/** The same program as text for Node with dynamic resources, every process a real one. */
export function withProcesses(engine: Engine): StackMaker {
  return async (name, { url }) => {
    const project = writeProject("");
    const stack = await engine.createStack({
      program: project.path,
      stack: name,
      environment: emulatorEnvironment(url),
    });
    return {
      stack,
      setProgram: (program) => project.write(renderProgram(program)),
      dispose: async () => {
        await stack.dispose();
        project.remove();
      },
    };
  };
}

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { emulatorCredentials } from "../../dist/emulator/index.js";
import { layOutPlugin, pluginProgram } from "../plugin/plugin-folder.ts";
import type { Wire } from "../plugin/provider.ts";

/** A provider that is measured: how it is started, and the same pool in its words. */
export interface PluginSide {
  readonly command: readonly string[];
  /** Name of the plugin, and the folder of ours. */
  readonly plugin: { readonly name: string; readonly path?: string };
  readonly type: string;
  readonly id: string;
  readonly inputs: Wire;
  readonly outputs: Wire;
  /** Configuration by which it reaches Pulumi Cloud at that address. */
  configuration(url: string): Record<string, string>;
  /** A program of so many pools, each with one stack assigned. */
  program(count: number): string;
}

const poolId = "11111111-2222-4333-8444-555555555555";
const folder = layOutPlugin();
process.on("exit", () => folder.remove());

/** This package's plugin, as the engine starts it. */
export const ours: PluginSide = {
  command: [join(folder.path, pluginProgram)],
  plugin: { name: "runner-pools", path: folder.path },
  type: "runner-pools:index:RunnerPool",
  id: `pulumi-cloud/acme/${poolId}`,
  inputs: {
    controlPlane: { kind: "pulumi-cloud", organization: "acme" },
    name: "builders",
    description: "of the network team",
    forceDestroy: false,
  },
  outputs: { poolId, initialToken: "pul-x" },
  configuration: (url) => ({
    pulumiCloudUrl: url,
    pulumiCloudAccessToken: emulatorCredentials.pulumiCloudAccessToken,
  }),
  program: (count) => `
    const controlPlane = { kind: "pulumi-cloud", organization: "acme" };
    for (let i = 0; i < ${count}; i++) {
      const pool = new pulumi.CustomResource("runner-pools:index:RunnerPool", "pool-" + i, { controlPlane });
      new pulumi.CustomResource("runner-pools:index:StackPoolAssignment", "assignment-" + i, {
        controlPlane, pool: pool.id, target: { stack: "bench-" + i + "/prod" },
      });
    }`,
};

/** The same, started by Pulumi's language host, as a plugin that is installed from a repository is. */
export const oursByLanguageHost: PluginSide = {
  ...ours,
  command: [
    process.execPath,
    createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-plugin"),
    folder.path,
  ],
};

/** Pulumi's own provider of its service, which is written in Go. */
export const vendors: PluginSide = {
  command: ["pulumi-resource-pulumiservice"],
  plugin: { name: "pulumiservice" },
  type: "pulumiservice:index:AgentPool",
  id: `acme/builders/${poolId}`,
  inputs: {
    organizationName: "acme",
    name: "builders",
    description: "of the network team",
    forceDestroy: false,
  },
  outputs: { agentPoolId: poolId, tokenValue: "pul-x" },
  configuration: (url) => ({ apiUrl: url, accessToken: emulatorCredentials.pulumiCloudAccessToken }),
  program: (count) => `
    for (let i = 0; i < ${count}; i++) {
      const pool = new pulumi.CustomResource("pulumiservice:index:AgentPool", "pool-" + i, {
        organizationName: "acme", name: "pool-" + i, agentPoolId: undefined,
      });
      new pulumi.CustomResource("pulumiservice:index:DeploymentSettings", "assignment-" + i, {
        organization: "acme", project: "bench-" + i, stack: "prod", agentPoolId: pool.agentPoolId,
      });
    }`,
};

/** Why the vendor's provider is not measured; undefined where it is. */
export function whyNoVendor(): string | undefined {
  try {
    execFileSync("which", vendors.command, { stdio: "ignore" });
    return undefined;
  } catch {
    return `there is no ${vendors.command[0]} on the PATH`;
  }
}

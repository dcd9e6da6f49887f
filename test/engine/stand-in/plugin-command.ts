import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { NotSupportedError } from "../engine.ts";
import type { Project } from "./project.ts";

/** How a plugin is started; the engine's address is added as the last argument. */
export interface PluginCommand {
  command: string;
  args: string[];
  /** Where the plugin lives, for the handshake. */
  folder?: string;
}

/** Finds the plugin of a package where the CLI looks too: the project's `plugins`, then the PATH. */
export function findPlugin(
  packageName: string,
  project: Project,
  environment: NodeJS.ProcessEnv,
): PluginCommand {
  if (packageName === "pulumi-nodejs") {
    return nodeHost("dynamic-provider", project.programFolder, []);
  }
  const declared = project.providerPlugins.find(({ name }) => name === packageName);
  if (declared !== undefined) {
    return pluginInFolder(packageName, resolve(project.rootFolder, declared.path));
  }
  const executable = `pulumi-resource-${packageName}`;
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    if (isExecutable(join(folder, executable))) {
      return { command: join(folder, executable), args: [], folder };
    }
  }
  throw new NotSupportedError(
    `Loading the provider '${packageName}': there is no ${executable} on the PATH and no such plugin in ` +
      `${project.rootFolder}/Pulumi.yaml; the stand-in engine downloads nothing`,
  );
}

function pluginInFolder(packageName: string, folder: string): PluginCommand {
  const executable = join(folder, `pulumi-resource-${packageName}`);
  if (isExecutable(executable)) {
    return { command: executable, args: [], folder };
  }
  const manifest = join(folder, "PulumiPlugin.yaml");
  if (!existsSync(manifest)) {
    throw new Error(
      `Loading the provider '${packageName}': ${folder} has neither an executable nor a PulumiPlugin.yaml`,
    );
  }
  const { runtime } = parse(readFileSync(manifest, "utf8")) as { runtime: string | { name: string } };
  const name = typeof runtime === "string" ? runtime : runtime.name;
  if (name !== "nodejs") {
    throw new NotSupportedError(
      `Loading the provider '${packageName}': a plugin in ${name} is not supported by the stand-in`,
    );
  }
  return { ...nodeHost("run-plugin", folder, [folder]), folder };
}

function nodeHost(script: string, from: string, args: string[]): PluginCommand {
  const require = createRequire(join(from, "package.json"));
  return { command: process.execPath, args: [require.resolve(`@pulumi/pulumi/cmd/${script}`), ...args] };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

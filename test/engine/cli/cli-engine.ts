import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import automation from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { type Engine, NotSupportedError, type StackOptions } from "../engine.ts";
import { DEFAULT_PASSPHRASE, stackEnvironment } from "../environment.ts";
import { CliStack } from "./cli-stack.ts";

/** The organization of every stack that is not kept by a service. */
const FILE_BACKEND_ORGANIZATION = "organization";

/** The Pulumi CLI, without network: state in a folder, plugins from where they are. */
export function pulumiCliEngine(version: string): Engine {
  return { name: "pulumi", version, createStack };
}

async function createStack(options: StackOptions): Promise<CliStack> {
  const { stack: name = "dev", organization = FILE_BACKEND_ORGANIZATION, parallel } = options;
  if (organization !== FILE_BACKEND_ORGANIZATION) {
    throw new NotSupportedError(
      `Creating the stack '${name}': with a file backend the CLI knows no organization but '${FILE_BACKEND_ORGANIZATION}'`,
    );
  }
  const ownsWorkFolder = options.workFolder === undefined;
  const workFolder = options.workFolder ?? mkdtempSync(join(tmpdir(), "cli-stack-"));
  const project = writeProject(resolve(options.program), workFolder);
  const workspace = await automation.LocalWorkspace.create({
    workDir: workFolder,
    pulumiHome: join(workFolder, "home"),
    secretsProvider: "passphrase",
    envVars: offlineEnvironment(options, workFolder),
  });
  const stack = await automation.Stack.createOrSelect(name, workspace);
  const values = Object.entries(options.config ?? {});
  if (values.length > 0) {
    await stack.setAllConfig(
      Object.fromEntries(values.map(([key, value]) => [key, typeof value === "string" ? { value } : value])),
    );
  }
  return new CliStack({ name, project, stack, workspace, parallel, workFolder, ownsWorkFolder });
}

/**
 * Writes a project beside the state that runs the program where it is: the CLI keeps settings beside Pulumi.yaml, and
 * the program's folder is not to be written to.
 */
function writeProject(program: string, workFolder: string): string {
  const settings = parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as {
    name: string;
    main?: string;
    plugins?: { providers?: { path: string }[] };
  };
  settings.main = resolve(program, settings.main ?? ".");
  for (const plugin of settings.plugins?.providers ?? []) {
    plugin.path = resolve(program, plugin.path);
  }
  mkdirSync(join(workFolder, "state"), { recursive: true });
  writeFileSync(join(workFolder, "Pulumi.yaml"), stringify(settings));
  return settings.name;
}

function offlineEnvironment(options: StackOptions, workFolder: string): Record<string, string> {
  const environment = stackEnvironment(options);
  return {
    ...environment,
    PATH: [environment["PATH"], ...sdkFolderOf(options.program)].join(delimiter),
    PULUMI_BACKEND_URL: `file://${join(workFolder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: options.passphrase ?? DEFAULT_PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
  };
}

/** The host of dynamic providers comes with the SDK: a CLI that was installed without it finds it there. Other programs have none. */
function sdkFolderOf(program: string): string[] {
  const require = createRequire(join(resolve(program), "package.json"));
  try {
    return [dirname(require.resolve("@pulumi/pulumi/package.json"))];
  } catch {
    return [];
  }
}

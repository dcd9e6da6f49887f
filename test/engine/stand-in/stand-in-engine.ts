import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, StackOptions } from "../engine.ts";
import { DEFAULT_PASSPHRASE, stackEnvironment } from "../environment.ts";
import { readProject } from "./project.ts";
import { Secrets } from "./secrets.ts";
import { readSalt, StackConfig } from "./stack-config.ts";
import { StandInStack } from "./stand-in-stack.ts";

/** Written into state as the version of the engine; the state format is that of this version of Pulumi. */
const ENGINE_VERSION = "v3.260.0-stand-in";

/** The deployment engine for machines where there is no Pulumi CLI. */
export function standInEngine(): Engine {
  return {
    name: "stand-in",
    version: ENGINE_VERSION,
    createStack: async (options) => createStack(options),
  };
}

function createStack(options: StackOptions): StandInStack {
  const {
    stack: name = "dev",
    organization = "organization",
    passphrase = DEFAULT_PASSPHRASE,
    parallel = 16,
  } = options;
  const project = readProject(options.program);
  const ownsWorkFolder = options.workFolder === undefined;
  const workFolder = options.workFolder ?? mkdtempSync(join(tmpdir(), "stand-in-stack-"));
  mkdirSync(workFolder, { recursive: true });
  const configFile = join(workFolder, `${name}.config.json`);
  const salt = readSalt(configFile);
  const secrets = salt === undefined ? Secrets.create(passphrase) : Secrets.open(passphrase, salt);
  const config = new StackConfig(configFile, project.name, secrets);
  config.save();
  for (const [key, value] of Object.entries(options.config ?? {})) {
    config.set(key, value);
  }
  return new StandInStack({
    name,
    project,
    organization,
    environment: stackEnvironment(options),
    workFolder,
    ownsWorkFolder,
    parallel,
    passphrase,
    secrets,
    config,
    engineVersion: ENGINE_VERSION,
  });
}

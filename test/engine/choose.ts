import { execFileSync } from "node:child_process";
import { pulumiCliEngine } from "./cli/cli-engine.ts";
import { type Engine, NotSupportedError } from "./engine.ts";
import { standInEngine } from "./stand-in/stand-in-engine.ts";

/** The one setting: `cli` or `stand-in`. Without it the CLI is used where there is one. */
const SETTING = "RUNNER_POOLS_ENGINE";

/** The engine that tests run on. */
export function chooseEngine(environment: NodeJS.ProcessEnv = process.env): Engine {
  const setting = environment[SETTING] ?? "";
  const cliVersion = setting === "stand-in" ? undefined : findCli(environment);
  if (!["", "cli", "stand-in"].includes(setting)) {
    throw new NotSupportedError(`${SETTING} is '${setting}'; it can be 'cli' or 'stand-in'`);
  }
  if (setting === "cli" && cliVersion === undefined) {
    throw new Error(`${SETTING} is 'cli', but there is no 'pulumi' on the PATH`);
  }
  return cliVersion === undefined ? standInEngine() : pulumiCliEngine(cliVersion);
}

/** The version of the Pulumi CLI on the PATH; undefined without one. */
export function findCli(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  try {
    const output = execFileSync("pulumi", ["version"], {
      env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim();
  } catch {
    return undefined;
  }
}

import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NotSupportedError } from "../engine.ts";
import { cacheFolder, digestOf } from "./cache-folder.ts";
import { runTool, toolVersion } from "./run-tool.ts";

const REQUIREMENTS = "requirements.txt";

const version = toolVersion(
  "python3",
  "-c",
  "import ensurepip, sys, venv; print(sys.executable, sys.version)",
);

/** Why programs in Python cannot run here; undefined when they can. */
export const pythonUnavailable: string | undefined =
  version === undefined ? "there is no python3 with venv and pip here" : undefined;

/**
 * A virtual environment with what a program requires, made unless there is one from the same requirements.
 * @returns its folder
 */
export async function preparePythonEnvironment(program: string, signal?: AbortSignal): Promise<string> {
  if (version === undefined) {
    throw new Error(`Preparing ${program}: ${pythonUnavailable}`);
  }
  const local = localRequirements(program);
  const environment = cacheFolder("python", digestOf(program, [REQUIREMENTS, ...local], version));
  if (existsSync(environment)) {
    return environment;
  }
  // Others may make the same one: each under a name of its own, and the first that is complete stays.
  const unfinished = `${environment}.${randomUUID()}`;
  const sources = mkdtempSync(join(tmpdir(), "python-requirements-"));
  try {
    // Pip builds a package in its own folder, and a program's folder is never written to.
    for (const file of [REQUIREMENTS, ...local]) {
      cpSync(join(program, file), join(sources, file), { recursive: true });
    }
    await runTool("python3", ["-m", "venv", unfinished], { cwd: sources, signal });
    const install = ["install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS];
    await runTool(pythonOf(unfinished), ["-m", "pip", ...install], { cwd: sources, signal });
    if (!existsSync(environment)) {
      renameSync(unfinished, environment);
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(sources, { recursive: true, force: true });
  }
  return environment;
}

/** The interpreter of a virtual environment. */
export function pythonOf(environment: string): string {
  return join(environment, "bin", "python");
}

/** Requirements that are folders of the program. */
function localRequirements(program: string): string[] {
  const lines = readFileSync(join(program, REQUIREMENTS), "utf8").split("\n");
  const requirements = lines.map((line) => line.replace(/(^|\s)#.*/, "").trim()).filter(Boolean);
  const refused = requirements.find((line) => line.startsWith("-") || line.startsWith(".."));
  if (refused !== undefined) {
    throw new NotSupportedError(
      `Preparing ${program}: '${refused}' in ${REQUIREMENTS} is not supported, only packages and folders of the program`,
    );
  }
  return requirements.filter((line) => existsSync(join(program, line)));
}

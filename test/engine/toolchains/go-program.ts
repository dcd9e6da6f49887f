import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { NotSupportedError } from "../engine.ts";
import { cacheFolder, digestOf } from "./cache-folder.ts";
import { runTool, toolVersion } from "./run-tool.ts";

const version = toolVersion("go", "version");

/** Why programs in Go cannot run here; undefined when they can. */
export const goUnavailable: string | undefined = version === undefined ? "there is no go here" : undefined;

/**
 * Builds a program, unless it was built from the same sources before. The very first build compiles Pulumi's SDK, which
 * takes minutes; the toolchain keeps that for all programs.
 * @returns the executable
 */
export async function buildGoProgram(program: string, signal?: AbortSignal): Promise<string> {
  if (version === undefined) {
    throw new Error(`Building ${program}: ${goUnavailable}`);
  }
  refuseModulesElsewhere(program);
  const folder = cacheFolder("go", digestOf(program, sourcesOf(program), version));
  const executable = join(folder, "program");
  if (existsSync(executable)) {
    return executable;
  }
  mkdirSync(folder, { recursive: true });
  // Others may build the same: each under a name of its own, since a running executable cannot be written to.
  const built = `${executable}.${randomUUID()}`;
  try {
    // The flags of Pulumi's language host, so that what either has compiled serves both.
    const flags = ["-buildvcs=false", "-trimpath", "-ldflags", "-w -s"];
    await runTool("go", ["build", "-o", built, ...flags, "."], { cwd: program, signal });
    renameSync(built, executable);
  } finally {
    rmSync(built, { force: true });
  }
  return executable;
}

function sourcesOf(program: string): string[] {
  return readdirSync(program).filter((name) => !name.startsWith(".") && name !== "node_modules");
}

/** The digest knows the program's folder only. */
function refuseModulesElsewhere(program: string): void {
  const elsewhere = /=>\s*(?:\.\.|\/)\S*/.exec(readFileSync(join(program, "go.mod"), "utf8"));
  if (elsewhere !== null) {
    throw new NotSupportedError(
      `Building ${program}: 'replace ... ${elsewhere[0]}' in go.mod is not supported, only folders of the program`,
    );
  }
}

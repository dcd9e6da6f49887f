import { existsSync, mkdirSync } from "node:fs";
import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** How long after its start a plugin writes down what was compiled until then. Milliseconds. */
const writeDelay = 1_000;

/**
 * Lets Node.js keep what it compiles of the modules that are loaded from now on, so that the next start reads it. It lies
 * in Pulumi's own folder: in the system's folder for temporary files somebody else could have put code for us to run.
 * Without that folder, or where it cannot be written, everything is compiled at each start; nothing fails.
 */
export function keepCompiledCode(): void {
  const pulumiHome = process.env["PULUMI_HOME"] || join(homedir(), ".pulumi");
  if (!existsSync(pulumiHome)) return;
  const folder = join(pulumiHome, "runner-pools", "compile-cache");
  try {
    // Node.js may try for ever to make a folder that cannot be made.
    mkdirSync(folder, { recursive: true });
  } catch {
    return;
  }
  // Node.js 22.0 to 22.7 have no such cache.
  nodeModule.enableCompileCache?.(folder);
  // It is written when a process exits, but an engine kills its plugins.
  setTimeout(() => nodeModule.flushCompileCache?.(), writeDelay).unref();
}

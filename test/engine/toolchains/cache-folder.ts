import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What is installed or built for tests is kept outside the checkout: `$XDG_CACHE_HOME/pulumi-runner-pools/<kind>/<digest>`. */
export function cacheFolder(kind: string, digest: string): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(cache, "pulumi-runner-pools", kind, digest);
}

/**
 * The digest of files, by name and content.
 * @param files relative to `folder`; of a folder everything below it counts
 * @param others what else the result depends on
 */
export function digestOf(folder: string, files: readonly string[], ...others: string[]): string {
  const hash = createHash("sha256");
  for (const other of others) {
    hash.update(`${other}\0`);
  }
  for (const file of files.flatMap((name) => filesBelow(folder, name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

function filesBelow(folder: string, name: string): string[] {
  if (statSync(join(folder, name)).isFile()) {
    return [name];
  }
  return readdirSync(join(folder, name), { recursive: true })
    .map((below) => join(name, String(below)))
    .filter((below) => statSync(join(folder, below)).isFile());
}

import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A folder that Pulumi takes for the plugin: manifest, package.json and the compiled code of this repository. The code is
 * linked, so it finds its dependencies where it really lies, and the folder itself needs no installation.
 */
export function layOutPlugin(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "runner-pools-plugin-"));
  const manifest = { name: "pulumi-runner-pools", main: "dist/provider/plugin/main.js" };
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest));
  cpSync(join(root, "PulumiPlugin.yaml"), join(path, "PulumiPlugin.yaml"));
  symlinkSync(join(root, "dist"), join(path, "dist"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A folder that Pulumi takes for the plugin: manifest, package.json and the compiled code of this repository. The code is
 * linked, so it finds its dependencies where it really lies, and the folder itself needs no installation.
 * @param root where the compiled code is, in place of this repository.
 */
export function layOutPlugin(root = repository): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-plugin-"));
  const manifest = { name: "pulumi-runner-pools", main: "dist/provider/adapters/plugin/main.js" };
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest));
  cpSync(join(root, "PulumiPlugin.yaml"), join(path, "PulumiPlugin.yaml"));
  symlinkSync(join(root, "dist"), join(path, "dist"));
  // Language hosts look for the plugin runner from the plugin's own folder.
  mkdirSync(join(path, "node_modules/@pulumi"), { recursive: true });
  symlinkSync(join(root, "node_modules/@pulumi/pulumi"), join(path, "node_modules/@pulumi/pulumi"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

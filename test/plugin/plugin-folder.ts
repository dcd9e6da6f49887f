import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Name of the program in the plugin's folder that an engine runs. */
export const pluginProgram = "pulumi-resource-runner-pools";

/**
 * A folder that Pulumi takes for the plugin: program, manifest, package.json and the compiled code of this repository. The
 * code is linked, so it finds its dependencies where it really lies, and the folder itself needs no installation.
 * @param root where the compiled code is, in place of this repository.
 */
export function layOutPlugin(root = repository): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-plugin-"));
  for (const name of ["package.json", "PulumiPlugin.yaml", pluginProgram]) {
    cpSync(join(root, name), join(path, name));
  }
  symlinkSync(join(root, "dist"), join(path, "dist"));
  // Language hosts look for the plugin runner from the plugin's own folder.
  mkdirSync(join(path, "node_modules/@pulumi"), { recursive: true });
  symlinkSync(join(root, "node_modules/@pulumi/pulumi"), join(path, "node_modules/@pulumi/pulumi"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

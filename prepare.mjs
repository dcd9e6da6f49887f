// npm runs this after an installation in this folder: of a clone, or of a folder or git address that is given to
// `pulumi package add`. It never runs where this package is a dependency.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));

keepPluginsAway();
// A package that was packed has the compiled code and no sources.
if (existsSync(join(root, "provider"))) {
  const { status } = spawnSync("npm", ["run", "build"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exit(status ?? 1);
}

/**
 * Pulumi downloads the plugin of every package below `node_modules` that says it has one. The SDKs of clouds that fleets
 * are compiled and tested with are among our development packages, and who has no fleet needs none of those plugins.
 * Without that word Pulumi downloads a plugin when a program has a resource of it.
 */
function keepPluginsAway() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of Object.keys(devDependencies)) {
    const file = join(root, "node_modules", name, "package.json");
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    if (manifest.pulumi?.resource !== true) continue;
    manifest.pulumi.resource = false;
    // Not in place: package managers link one file into many folders.
    writeFileSync(`${file}.new`, JSON.stringify(manifest, undefined, 2));
    renameSync(`${file}.new`, file);
  }
}

// Installs and builds what the two commands of the README need, and skips what is there. Runs on the machine's own Node
// whatever its version, so it uses nothing but old built-ins; everything else then runs on the Node of node_modules.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const installed = join(modules, ".installed-lock");
const built = join(root, "dist", ".built-from");

/** Environment in which the current Node of node_modules comes first, and Go's own place, which is on few paths, last. */
export const environment = {
  ...process.env,
  PATH: [join(modules, ".bin"), process.env.PATH, "/usr/local/go/bin"].join(delimiter),
};

/** Runs a command in the repository; a failure ends this process with the command's own exit code. */
export function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: environment });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Brings node_modules to package-lock.json and dist to the sources. */
export function prepare() {
  const lock = digest([join(root, "package-lock.json")]);
  if (read(installed) !== lock) {
    run("npm", "ci", "--ignore-scripts=false", "--no-audit", "--no-fund", "--loglevel=error");
    writeFileSync(installed, lock);
  }
  const sources = digest([
    join(root, "tsconfig.json"),
    join(root, "tools/bundle-plugin.mjs"),
    // The plugin is bundled with its libraries.
    join(root, "package-lock.json"),
    ...["emulator", "provider", "sdk"].flatMap(sourcesBelow),
  ]);
  if (read(built) !== sources) {
    run("npm", "run", "--silent", "build");
    writeFileSync(built, sources);
  }
}

function sourcesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(root, folder, String(name)))
    .filter((file) => file.endsWith(".ts") && statSync(file).isFile())
    .sort();
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

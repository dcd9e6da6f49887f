import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `package.json` says. */
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly name: string;
  readonly version: string;
  readonly main: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

/**
 * Puts this package, as npm packs it, and what it depends on into a folder's `node_modules`, as `npm install
 * pulumi-runner-pools @pulumi/pulumi` does, without a network: development and optional packages are not there.
 * The compiled code must be there already.
 */
export function installPacked(folder: string): string {
  const place = join(folder, "node_modules/pulumi-runner-pools");
  unpack(place);
  installDependencies(folder);
  mkdirSync(join(folder, "node_modules/.bin"));
  for (const [name, script] of Object.entries(manifest.bin)) {
    chmodSync(join(place, script), 0o755);
    symlinkSync(join(place, script), join(folder, "node_modules/.bin", name));
  }
  return place;
}

/** Makes the folder what `pulumi package add` and `packages:` take: this package, as npm packs it, with what it depends on. */
export function layOutPackedPlugin(folder: string): void {
  unpack(folder);
  // Pulumi runs `npm install` there: it shall find nothing to do, and ask no registry.
  const { name, version, main } = manifest;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version, main }));
  installDependencies(folder);
}

/** Puts this package, as npm packs it, into a folder. */
export function unpack(place: string): void {
  const pack = mkdtempSync(join(tmpdir(), "runner-pools-pack-"));
  try {
    const file = run(
      "npm",
      ["pack", "--ignore-scripts", "--silent", "--pack-destination", pack],
      root,
    ).trim();
    mkdirSync(place, { recursive: true });
    run("tar", ["-xzf", join(pack, file), "-C", place, "--strip-components=1"], root);
  } finally {
    rmSync(pack, { recursive: true });
  }
}

function installDependencies(folder: string): void {
  for (const name of Object.keys(manifest.dependencies)) if (name !== "@pulumi/pulumi") link(name, folder);
  copyPulumi(folder);
}

/** Pulumi's SDK really lies in the folder: through a link it would find the TypeScript of this repository. */
function copyPulumi(folder: string): void {
  const place = join(folder, "node_modules/@pulumi/pulumi");
  cpSync(join(root, "node_modules/@pulumi/pulumi"), place, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    if (!existsSync(join(folder, "node_modules", name))) link(name, folder);
  }
}

/** Puts another package of this repository's `node_modules` into the folder's. */
export function link(name: string, folder: string): void {
  const place = join(folder, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(root, "node_modules", name), place);
}

/** Runs a command and gives what it prints. @throws Error with everything that it said. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./packed-package.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly name?: string;
  readonly pulumi?: { readonly resource?: boolean };
}

/** Packages below a folder whose plugins Pulumi downloads: those in a `node_modules` that say they have one. */
function packagesWithPlugins(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => /(^|\/)node_modules\/.*package\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Manifest)
    .filter(({ pulumi }) => pulumi?.resource === true)
    .map(({ name }) => name ?? "");
}

describe("an installation in the folder that is given to `pulumi package add`", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "runner-pools-add-"));
    for (const file of ["package.json", "prepare.mjs"]) cpSync(join(root, file), join(folder, file));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function install(name: string, manifest: object): void {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    writeFileSync(join(folder, "node_modules", name, "package.json"), JSON.stringify({ name, ...manifest }));
  }

  it("leaves no package for which Pulumi would download a cloud's plugin", () => {
    install("@pulumi/docker", { version: "5.2.0", pulumi: { resource: true, name: "docker" } });
    install("vitest", { version: "5.0.0" });
    expect(packagesWithPlugins(folder)).toEqual(["@pulumi/docker"]);
    run("npm", ["run", "prepare"], folder);
    expect(packagesWithPlugins(folder)).toEqual([]);
    const docker = JSON.parse(readFileSync(join(folder, "node_modules/@pulumi/docker/package.json"), "utf8"));
    expect(docker).toEqual({
      name: "@pulumi/docker",
      version: "5.2.0",
      pulumi: { resource: false, name: "docker" },
    });
  });

  it("does what it does without development packages, too", () => {
    run("npm", ["run", "prepare"], folder);
    expect(existsSync(join(folder, "node_modules"))).toBe(false);
  });
});

it("no package that this one depends on brings a plugin", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const needed = Object.keys(packages).filter(
    (path) => path !== "" && !packages[path]?.dev && !packages[path]?.devOptional,
  );
  expect(needed).toContain("node_modules/@pulumi/pulumi");
  const manifests = needed.map((path) => join(root, path, "package.json")).filter((file) => existsSync(file));
  const withPlugins = manifests.filter(
    (file) => (JSON.parse(readFileSync(file, "utf8")) as Manifest).pulumi?.resource,
  );
  expect(withPlugins).toEqual([]);
});

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A Pulumi project in a folder of its own, with this package installed as npm would. */
export interface ProjectFolder {
  readonly path: string;
  /** Replaces a program that was given as text. */
  write(program: string): void;
  remove(): void;
}

/** Copies an example to a temporary folder. */
export function copyExample(name: string): ProjectFolder {
  return project((path) => cpSync(join(root, "examples", name), path, { recursive: true }));
}

/** A project with a program given as CommonJS text, in which `pools` is this package and `pulumi` is Pulumi's. */
export function writeProject(program: string): ProjectFolder {
  return project((path) => {
    writeFileSync(join(path, "Pulumi.yaml"), "name: pools\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(join(path, "package.json"), JSON.stringify({ name: "pools", private: true }));
    writeFileSync(join(path, "index.js"), withHeader(program));
  });
}

function withHeader(program: string): string {
  return `const pulumi = require("@pulumi/pulumi");\nconst pools = require("pulumi-runner-pools");\n${program}\n`;
}

function project(fill: (path: string) => void): ProjectFolder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-project-"));
  fill(path);
  for (const name of ["@pulumi", "@types", "ts-node", "typescript", "yaml"])
    link(join(root, "node_modules", name), path, name);
  link(root, path, "pulumi-runner-pools");
  return {
    path,
    write: (program) => writeFileSync(join(path, "index.js"), withHeader(program)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function link(target: string, project: string, name: string): void {
  const place = join(project, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(target, place);
}

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPacked, link, manifest, run } from "./packed-package.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = join(root, "node_modules/.bin/tsc");
let folder: string;
let place: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "runner-pools-package-"));
  place = installPacked(folder);
  for (const name of ["@pulumi/docker", "@types/node"]) link(name, folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the packed package", () => {
  it("has its command under the package's own name, which npx looks for", () => {
    const help = run(join(folder, "node_modules/.bin/pulumi-runner-pools"), ["--help"], folder);
    expect(help).toContain("Usage: pulumi-runner-pools ");
    expect(help).toContain("emulator");
    // What scripts of earlier versions call.
    expect(manifest.bin["runner-pools"]).toBe(manifest.bin["pulumi-runner-pools"]);
  });

  it.each(["README.md", "sdk/resources/README.md"])("contains what %s links to", (document) => {
    const text = readFileSync(join(place, document), "utf8");
    const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target as string);
    const inside = links.filter((target) => !/^https?:/.test(target));
    expect(inside.filter((target) => !existsSync(join(place, document, "..", target)))).toEqual([]);
  });

  it.each([
    ["node10", "commonjs", { ignoreDeprecations: "6.0" }],
    ["node16", "node16", {}],
    ["bundler", "esnext", {}],
  ])("has types for every entry under moduleResolution %s", (moduleResolution, module, others) => {
    const compilerOptions = {
      ...{ module, moduleResolution, target: "es2022", strict: true, noEmit: true, skipLibCheck: true },
      ...{ types: ["node"], ...others },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    writeFileSync(
      join(folder, "program.ts"),
      `import { RunnerPool } from "pulumi-runner-pools";
import { DockerFleet } from "pulumi-runner-pools/docker";
import { startEmulator } from "pulumi-runner-pools/emulator";
export const all: [typeof RunnerPool, typeof DockerFleet, typeof startEmulator] = [RunnerPool, DockerFleet, startEmulator];
`,
    );
    expect(run(tsc, ["-p", "tsconfig.json"], folder)).toBe("");
  });
});

it("README states the oldest version of Node.js that package.json allows, once", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const stated = [...readme.matchAll(/Node(?:\.js)? (\d+)/g)].map(([, version]) => version);
  expect(stated).toEqual([/\d+/.exec(manifest.engines.node)?.[0]]);
});

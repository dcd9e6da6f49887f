// Makes dist/plugin of the plugin's sources and the libraries that they use: one file is read and compiled faster than
// hundreds. What is loaded on first use (`import()` in the sources) gets a file of its own. Runs after the compiler, as
// part of `npm run build`; only the plugin is bundled, the library is what the compiler makes.
//
// Nothing is minified, so that a stack trace names functions and lines that a reader finds.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

/** The package to bundle: the argument, or this one. */
const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));
const folder = join(root, "dist/plugin");

rmSync(folder, { recursive: true, force: true });
const { output } = await build({
  cwd: root,
  input: { main: "provider/adapters/plugin/main.ts" },
  platform: "node",
  // The gRPC library loads it for statistics that nobody asks the plugin for.
  external: ["@grpc/proto-loader"],
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  output: {
    dir: folder,
    format: "cjs",
    chunkFileNames: ({ facadeModuleId, name }) => `${libraryOf(facadeModuleId ?? "") ?? name}.js`,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
writeFileSync(join(folder, "LICENSES.txt"), licences(output.flatMap((file) => file.moduleIds ?? [])));

/** The licence texts of the libraries in the bundle, as each demands with its copies. */
function licences(modules) {
  const packages = new Set(modules.map(packageFolder).filter(Boolean));
  return [...packages]
    .sort()
    .map(licence)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** Folder of the library that a module belongs to; undefined for a module of our own. */
function packageFolder(module) {
  const [, path] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return path;
}

/** Name of the library that a module belongs to. */
function libraryOf(module) {
  return packageFolder(module)
    ?.replace(/^.*\/node_modules\//, "")
    .replace("/", "-");
}

function licence(library) {
  const { name, version, license } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
  const files = readdirSync(library).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) => readFileSync(join(library, file), "utf8").trim());
  return `${[`${name} ${version} (${license})`, ...texts].join("\n\n")}\n`;
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { NotSupportedError } from "../engine.ts";
import type { Language } from "./language.ts";
import { LANGUAGES } from "./languages/languages.ts";

/** What Pulumi.yaml says, as far as an engine needs it. */
export interface Project {
  name: string;
  /** The folder of Pulumi.yaml. */
  rootFolder: string;
  /** The folder that the program runs in. */
  programFolder: string;
  /** What is run, relative to the program's folder. */
  entryPoint: string;
  language: Language;
  runtimeOptions: { typescript?: boolean; nodeargs?: string; tsconfig?: string; virtualenv?: string };
  /** Plugins that are folders. */
  providerPlugins: { name: string; path: string }[];
}

interface ProjectFile {
  name: string;
  main?: string;
  runtime: string | { name: string; options?: Project["runtimeOptions"] };
  plugins?: { providers?: Project["providerPlugins"] };
  packages?: Record<string, string | object>;
}

/** Reads a project; refuses a runtime that the stand-in cannot run. */
export function readProject(folder: string): Project {
  const rootFolder = resolve(folder);
  const path = join(rootFolder, "Pulumi.yaml");
  if (!existsSync(path)) {
    throw new Error(`Opening the program in ${rootFolder}: there is no Pulumi.yaml`);
  }
  const file = parse(readFileSync(path, "utf8")) as ProjectFile;
  const runtime = typeof file.runtime === "string" ? { name: file.runtime } : file.runtime;
  const language = languageOf(rootFolder, runtime.name, runtime.options);
  const main = resolve(rootFolder, file.main ?? ".");
  const isFolder = statSync(main).isDirectory();
  return {
    name: file.name,
    rootFolder,
    programFolder: isFolder ? main : dirname(main),
    entryPoint: isFolder ? "." : basename(main),
    language,
    runtimeOptions: runtime.options ?? {},
    providerPlugins: [...(file.plugins?.providers ?? []), ...packagesInFolders(file, rootFolder)],
  };
}

function languageOf(rootFolder: string, runtime: string, options: object = {}): Language {
  const language = LANGUAGES[runtime];
  if (language === undefined) {
    throw new NotSupportedError(
      `Opening the program in ${rootFolder}: the runtime '${runtime}' needs the Pulumi CLI`,
    );
  }
  if (language.unavailable !== undefined) {
    throw new NotSupportedError(
      `Opening the program in ${rootFolder}: the runtime is '${runtime}', and ${language.unavailable}`,
    );
  }
  const unknown = Object.keys(options).filter((option) => !language.options.includes(option));
  if (unknown.length > 0) {
    throw new NotSupportedError(
      `Opening the program in ${rootFolder}: the option '${unknown.join("', '")}' of the runtime '${runtime}' is not ` +
        "supported by the stand-in",
    );
  }
  return language;
}

/** Packages whose source is a folder. Any other is looked for like one that is not mentioned, since nothing is downloaded. */
function packagesInFolders({ packages = {} }: ProjectFile, rootFolder: string): Project["providerPlugins"] {
  return Object.entries(packages).flatMap(([name, source]) => {
    const isFolder =
      typeof source === "string" && existsSync(join(resolve(rootFolder, source), "PulumiPlugin.yaml"));
    return isFolder ? [{ name, path: source }] : [];
  });
}

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { ConfigValue, Engine, Stack } from "../engine/engine.ts";
import { goUnavailable } from "../engine/toolchains/go-program.ts";
import { preparePythonEnvironment, pythonUnavailable } from "../engine/toolchains/python-environment.ts";
import { ENGINES } from "../engine/world.ts";
import { copyExample } from "../programs/project-folder.ts";
import { usePlugin } from "./plugin-project.ts";

/** Languages of programs that get their resources from the plugin. */
export type PluginLanguage = "yaml" | "python" | "go";

/** A language and an engine; without an engine the title says what this machine lacks. */
export interface LanguageOnEngine {
  language: PluginLanguage;
  engine: Engine | undefined;
  title: string;
}

/** Each of the languages on each engine. */
export function onEveryEngine(languages: readonly PluginLanguage[]): LanguageOnEngine[] {
  return ENGINES.flatMap(({ name, engine }) => {
    const isCli = engine?.name === "pulumi";
    const toolchain = {
      yaml: isCli ? undefined : "YAML runs on the Pulumi CLI only",
      python: pythonUnavailable,
      go: goUnavailable,
    };
    return languages.map((language) => {
      const lack = toolchain[language] ?? (isCli ? languageHostUnavailable(language) : undefined);
      return {
        language,
        engine: lack === undefined ? engine : undefined,
        title: lack === undefined ? `on ${name}` : `on ${name} (skipped: ${lack})`,
      };
    });
  });
}

/** Why the CLI cannot run the language; undefined where it can. Its releases bring the language hosts along. */
function languageHostUnavailable(language: PluginLanguage): string | undefined {
  const host = `pulumi-language-${language}`;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, host)))
    ? undefined
    : `there is no ${host} on the PATH`;
}

/** How long opening may take: on a cold machine packages are downloaded, and Pulumi's SDK for Go is compiled. */
export const OPENING_TIMEOUT = 600_000;

/** A stack of an example in a folder of its own, where it finds the plugin and what its language needs. */
export interface OpenExample {
  readonly stack: Stack;
  close(): Promise<void>;
}

/** @param plugin folder of the plugin, see `layOutPlugin` */
export async function openExample(
  { language, engine }: { language: PluginLanguage; engine: Engine },
  name: string,
  plugin: string,
  options: { environment: Record<string, string | undefined>; config: Record<string, ConfigValue> },
): Promise<OpenExample> {
  const project = copyExample(name);
  try {
    const virtualenv = language === "python" ? await preparePythonEnvironment(project.path) : undefined;
    usePlugin(project.path, plugin, virtualenv);
    const stack = await engine.createStack({ program: project.path, ...options });
    return {
      stack,
      async close() {
        await stack.dispose();
        project.remove();
      },
    };
  } catch (error) {
    project.remove();
    throw error;
  }
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

interface ProjectFile {
  packages?: Record<string, string>;
  plugins?: { providers: { name: string; path: string }[] };
  runtime: string | { name: string; options?: Record<string, unknown> };
}

/**
 * Lets a project that was copied find the plugin, whose path in an example is relative to the repository.
 * @param virtualenv of a program in Python
 */
export function usePlugin(project: string, plugin: string, virtualenv?: string): void {
  const file = join(project, "Pulumi.yaml");
  const settings = parse(readFileSync(file, "utf8")) as ProjectFile;
  if (settings.packages) settings.packages = { "runner-pools": plugin };
  settings.plugins = { providers: [{ name: "runner-pools", path: plugin }] };
  if (virtualenv !== undefined && typeof settings.runtime !== "string") {
    settings.runtime.options = { ...settings.runtime.options, virtualenv };
  }
  writeFileSync(file, stringify(settings));
}

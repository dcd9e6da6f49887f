import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What loading costs: with the library and without. */
export interface ImportCost {
  milliseconds: number;
  megabytes: number;
  /** SDKs of clouds that were loaded on the way. */
  cloudSdks: string;
}

/** Loads Pulumi's SDK alone, and with this package on top, in processes of their own. */
export function measureImports(): Record<string, ImportCost> {
  return {
    "@pulumi/pulumi alone": measure([]),
    "with pulumi-runner-pools": measure(["./dist/sdk/index.js"]),
  };
}

function measure(modules: readonly string[]): ImportCost {
  const runs = Array.from({ length: 5 }, () => load(["@pulumi/pulumi", ...modules]));
  return {
    milliseconds: median(runs.map((run) => run.milliseconds)),
    megabytes: median(runs.map((run) => run.megabytes)),
    cloudSdks: runs[0]?.cloudSdks ?? "",
  };
}

function load(modules: readonly string[]): ImportCost {
  const script = `
    const begun = performance.now();
    for (const name of ${JSON.stringify(modules)}) require(name);
    const milliseconds = Math.round(performance.now() - begun);
    const cloudSdks = [...new Set(Object.keys(require.cache).flatMap((file) =>
      file.match(/node_modules\\/@pulumi\\/(aws|kubernetes|docker)\\//)?.[1] ?? []))].join(", ") || "none";
    const megabytes = Math.round(process.memoryUsage().rss / 1048576);
    console.log(JSON.stringify({ milliseconds, megabytes, cloudSdks }));`;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" }),
  ) as ImportCost;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

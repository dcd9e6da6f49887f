import { execFile, execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = fileURLToPath(new URL(".", import.meta.url));
const goVersion = versionOfGo();

/** Why the stand-in agent can't be built here; undefined when it can. Tests that need it skip with this. */
export const agentUnavailable: string | undefined =
  goVersion === undefined ? "no Go to build the stand-in agent with" : undefined;

/**
 * Builds the stand-in agent, one static program, unless its sources were built before. The cache lies outside the
 * checkout: `$XDG_CACHE_HOME/pulumi-runner-pools/agent`, by default under `~/.cache`.
 *
 * @returns path of the binary; its name is `standinagent`, link or copy it under a vendor's name or pass that name first
 * @throws when there is no Go ({@link agentUnavailable}) or the build fails, with what the compiler said
 */
export async function buildAgent(): Promise<string> {
  if (agentUnavailable !== undefined) throw new Error(agentUnavailable);
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const target = join(cache, "pulumi-runner-pools", "agent", digestOfSources());
  const binary = join(target, "standinagent");
  if (existsSync(binary)) return binary;
  mkdirSync(target, { recursive: true });
  // Several test processes may build at once: each under a name of its own, and the last rename wins.
  const built = `${binary}.${randomUUID()}`;
  const environment = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOTOOLCHAIN: "local" };
  await promisify(execFile)(
    "go",
    ["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", built, "."],
    {
      cwd: folder,
      env: environment,
    },
  );
  renameSync(built, binary);
  return binary;
}

function digestOfSources(): string {
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith(".go") || name === "go.mod")
    .sort();
  const hash = createHash("sha256").update(`${goVersion}\0`);
  for (const name of sources) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}

function versionOfGo(): string | undefined {
  try {
    return execFileSync("go", ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { findCli } from "../engine/choose.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reason = findCli() ? "" : " (skipped: there is no `pulumi` on the PATH)";
const folder = mkdtempSync(join(tmpdir(), "runner-pools-sdks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** `vitest run test/plugin/example-sdks -u` brings the examples' SDKs to the schema. */
describe.skipIf(reason !== "")(`the SDKs beside the examples are generated from schema.json${reason}`, () => {
  it.each(["python", "go"])("for %s", { timeout: 120_000 }, async (language) => {
    const { status, stderr } = spawnSync(
      "pulumi",
      ["package", "gen-sdk", join(root, "schema.json"), "--language", language, "--local", "--out", folder],
      { encoding: "utf8", env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } },
    );
    expect(status, stderr).toBe(0);
    const committed = join(root, "examples", `quickstart-${language}`, "sdks/runner-pools");
    const generated = filesBelow(join(folder, language));
    for (const file of generated) {
      const text = readFileSync(join(folder, language, file), "utf8");
      await expect(adopted(text)).toMatchFileSnapshot(join(committed, file));
    }
    expect(generated).toEqual(expect.arrayContaining(filesBelow(committed)));
  });
});

/** What `pulumi package add`, which wrote the committed SDKs, has otherwise than `gen-sdk`: import path and version. */
function adopted(text: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return text
    .replaceAll("sdk/go/runner-pools/internal", "sdk/go/runnerpools/internal")
    .replace("     return _version_str", `    return "${version}"`);
}

/** Code of an SDK; what a project has besides differs between ways to make it. */
function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true })
    .map(String)
    .filter((file) => /\.(py|pyi|go)$/.test(file) && statSync(join(path, file)).isFile())
    .sort();
}

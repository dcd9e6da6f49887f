// `npm test`: installs what is missing, checks, runs every test, and closes with one line of counts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, prepare, root, run } from "./prepare.mjs";

prepare();
run("biome", "check", "--error-on-warnings", ".");
run("tsc", "-p", "test/tsconfig.json");

const folder = mkdtempSync(join(tmpdir(), "runner-pools-test-"));
const report = join(folder, "report.json");
const { status } = spawnSync(
  "vitest",
  [
    "run",
    "--config",
    "test/vitest.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit", env: environment },
);
const results = JSON.parse(readFileSync(report, "utf8"));
rmSync(folder, { recursive: true });

const tests = results.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter((test) => test.status === "pending" || test.status === "skipped");
if (skipped.length > 0) {
  console.log("\nSkipped, each with its reason:");
  for (const name of new Set(skipped.map((test) => test.fullName))) console.log(`  ${name}`);
}
// A file that breaks before its first test counts as one failure.
const broken = results.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
const failed = results.numFailedTests + broken.length;
console.log(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(status ?? 1);

// `npm run mutate [-- <file or folder> ...] [--<option of Stryker> ...]`: changes the code in small ways, one at a time, and
// reports the changes that no test notices. Without a path it takes hours; it is no part of `npm test`.
import { statSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "../prepare.mjs";

const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith("-"));
const paths = given.filter((argument) => !argument.startsWith("-")).map((path) => path.replace(/\/$/, ""));
const patterns = paths.map((path) => (statSync(join(root, path)).isDirectory() ? `${path}/**/*.ts` : path));
// What is given here takes the place of the configuration's list, with what that leaves out.
const mutate = [...patterns, "!provider/**/*.test.ts", "!provider/**/testing/**"].join(",");

prepare();
run(
  "stryker",
  "run",
  "test/mutation/stryker.config.mjs",
  ...(paths.length > 0 ? ["--mutate", mutate] : []),
  ...options,
);

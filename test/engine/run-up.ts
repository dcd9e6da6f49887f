/** Runs one update of the described program in a process of its own, so that a test can kill the engine. */
import { fileURLToPath } from "node:url";
import { standInEngine } from "./stand-in/stand-in-engine.ts";

const folder = process.argv[2] ?? "";
const stack = await standInEngine().createStack({
  program: fileURLToPath(new URL("fixtures/described", import.meta.url)),
  workFolder: `${folder}/killed`,
  environment: {
    THING_STORE: `${folder}/store`,
    THING_CALLS: `${folder}/calls`,
    THING_PROGRAM: `${folder}/program.json`,
    THING_HEALED: `${folder}/healed`,
  },
});
await stack.up();

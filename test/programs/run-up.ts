/** Runs one update of a project on the stand-in in a process of its own, so that a test can kill the engine. */
import { standInEngine } from "../engine/stand-in/stand-in-engine.ts";

const [program = "", workFolder = ""] = process.argv.slice(2);
const stack = await standInEngine().createStack({ program, workFolder });
await stack.up();

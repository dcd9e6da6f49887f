import { engineAddressIn } from "../engine-address";
import { keepCompiledCode } from "./compile-cache";
import { watchEngine } from "./engine-watch";

/**
 * Entry of the plugin: the engine runs it as a program, or Pulumi's plugin runner loads the package's folder and leaves the
 * rest to us. The first line on standard output must be the port, and nothing else may come before it. Nothing is exported:
 * the runner would take it for components.
 */
const engineAddress = engineAddressIn(process.argv.slice(2));
// There is nobody left to answer, and what was under way has been sent.
watchEngine(engineAddress, () => process.exit());
keepCompiledCode();
// Loaded only now, so that the cache has it.
void import("./server.js").then(({ serve }) => serve(engineAddress));

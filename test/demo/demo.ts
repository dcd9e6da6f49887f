import { chooseEngine } from "../engine/choose.ts";
import { showFleet } from "./fleet.ts";
import { showResources } from "./resources.ts";

const started = Date.now();
const engine = chooseEngine();
console.log(
  engine.name === "pulumi"
    ? `Engine: the Pulumi CLI ${engine.version} on your PATH.`
    : "Engine: the stand-in of this repository, since there is no `pulumi` on the PATH.",
);
await showResources(engine);
await showFleet(engine);
console.log(`\nDone in ${Math.round((Date.now() - started) / 1000)} seconds.`);

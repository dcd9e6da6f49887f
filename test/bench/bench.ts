import { lifecycles } from "../../dist/provider/resources/index.js";
import { providerReference } from "../../dist/sdk/resources/resource.js";
import { agentUnavailable } from "../agent/build.ts";
import { chooseEngine } from "../engine/choose.ts";
import { whyNotInstalled } from "../parts/docker/install.ts";
import { measureCalls } from "./api-calls.ts";
import { measureFleets } from "./docker-fleet.ts";
import { measureImports } from "./imports.ts";
import { measurePluginStart } from "./plugin-start.ts";

console.log("__provider in state, bytes per resource (limit 100)");
console.table(
  Object.fromEntries(
    Object.keys(lifecycles).map((name) => [name, Buffer.byteLength(providerReference(name))]),
  ),
);

console.log("Import on top of @pulumi/pulumi (median of 5 processes)");
console.table(measureImports());

console.log("Plugin: from the start of the process to its first answer");
console.table(await measurePluginStart());

const engine = chooseEngine();
const count = Number(process.env["BENCH_RESOURCES"] ?? 200);
console.log(
  `API calls for ${count} pools, ${count} tokens and ${count} assignments, on engine ${engine.name}`,
);
for (const plane of ["pulumi-cloud", "env-zero", "hcp-terraform"] as const) {
  console.log(plane);
  console.table(await measureCalls(engine, plane, count));
}

const noFleet = whyNotInstalled() ?? agentUnavailable;
console.log(
  `Fleets on a Docker host${noFleet ? ` are left out: ${noFleet}` : ", with assignments, up and destroyed"}`,
);
if (!noFleet) console.table(await measureFleets(engine, [1, 10, 50]));

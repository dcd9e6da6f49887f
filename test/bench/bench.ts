import { loadavg } from "node:os";
import { lifecycles } from "../../dist/provider/resources/index.js";
import { providerReference } from "../../dist/sdk/resources/resource.js";
import { agentUnavailable } from "../agent/build.ts";
import { chooseEngine } from "../engine/choose.ts";
import { whyNotInstalled } from "../parts/docker/install.ts";
import { measureCalls } from "./api-calls.ts";
import { measureFleets } from "./docker-fleet.ts";
import { measureImports } from "./imports.ts";
import { measureStackSet, measureWithinLimits, measureWorkspaceSet } from "./large-organizations.ts";
import { measureDeployment } from "./plugin-deployments.ts";
import { ours, oursByLanguageHost, vendors, whyNoVendor } from "./plugin-sides.ts";
import { measurePlugin } from "./plugin-start.ts";

console.log("__provider in state, bytes per resource (limit 100)");
console.table(
  Object.fromEntries(
    Object.keys(lifecycles).map((name) => [name, Buffer.byteLength(providerReference(name))]),
  ),
);

console.log("Import on top of @pulumi/pulumi (median of 5 processes)");
console.table(measureImports());

const noVendor = whyNoVendor();
const load = () => `load of this machine ${loadavg()[0]?.toFixed(1)}`;
console.log(
  `The plugin's process: milliseconds, megabytes, and milliseconds on a processor per call; ${load()}`,
);
if (noVendor) console.log(`The vendor's provider is left out: ${noVendor}`);
console.table({
  "run by the engine": await measurePlugin(ours),
  "run by the language host": await measurePlugin(oursByLanguageHost),
  ...(noVendor ? {} : { "vendor's provider": await measurePlugin(vendors) }),
});

const engine = chooseEngine();
const count = Number(process.env["BENCH_RESOURCES"] ?? 200);
console.log(
  `Seconds for ${count} pools and ${count} assignments by the plugin, answers after 50 ms, on engine ${engine.name}; ${load()}`,
);
console.table({
  "this plugin": await measureDeployment(engine, ours, count),
  ...(noVendor ? {} : { "vendor's provider": await measureDeployment(engine, vendors, count) }),
});

console.log(
  `API calls for ${count} pools, ${count} tokens and ${count} assignments, on engine ${engine.name}`,
);
for (const plane of ["pulumi-cloud", "env-zero", "hcp-terraform"] as const) {
  console.log(plane);
  console.table(await measureCalls(engine, plane, count));
}

console.log("A set of 5,000 stacks by 25 patterns, beside one listing for each pattern");
console.table(await measureStackSet(engine));
console.log("A set of 5,000 workspaces by 25 patterns, beside one listing for each pattern");
console.table(await measureWorkspaceSet(engine));
console.log("1,500 env zero projects within 1,000 requests a minute and path");
console.table(await measureWithinLimits(engine, "env-zero", 1_500, 32));
for (const parallel of [64, 128]) {
  console.log(`400 HCP Terraform workspaces within 30 requests a second, ${parallel} in parallel`);
  console.table(await measureWithinLimits(engine, "hcp-terraform", 400, parallel));
}

const noFleet = whyNotInstalled() ?? agentUnavailable;
console.log(
  `Fleets on a Docker host${noFleet ? ` are left out: ${noFleet}` : ", with assignments, up and destroyed"}`,
);
if (!noFleet) console.table(await measureFleets(engine, [1, 10, 50]));

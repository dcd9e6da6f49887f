import { emulatorEnvironment, emulatorIds, startEmulator } from "../../dist/provider/emulator/index.js";
import { chooseEngine } from "../engine/choose.ts";
import type { OperationResult } from "../engine/engine.ts";
import { copyExample } from "../programs/project-folder.ts";
import { Narrator } from "./narrator.ts";

const started = Date.now();
const engine = chooseEngine();
const emulator = await startEmulator();
const project = copyExample("quickstart");
const narrator = new Narrator(emulator);

narrator.say(
  engine.name === "pulumi"
    ? `Engine: the Pulumi CLI ${engine.version} on your PATH.`
    : "Engine: the stand-in of this repository, since there is no `pulumi` on the PATH.",
);
narrator.say(`Control planes: an emulator of Pulumi Cloud, env zero and HCP Terraform at ${emulator.url}.`);
narrator.say("Program: examples/quickstart, one pool with a token and an assignment on each.");

const stack = await engine.createStack({
  program: project.path,
  environment: emulatorEnvironment(emulator.url),
  config: { env0Project: emulatorIds.envZeroProjects.network, url: emulator.url },
});

try {
  await show("Preview", "What would be made? Nothing is called, nothing is changed.", () => stack.preview());
  const up = await show("Up", "Pools, tokens and assignments are made.", () => stack.up());
  narrator.say(`Tokens, which state holds encrypted: ${describeTokens(up.outputs["tokens"])}`);
  await show("Up again", "Nothing changed, so nothing is done.", () => stack.up({ expectNoChanges: true }));

  const pool = builders();
  emulator.admin.pulumiCloud.updateAgentPool({ ...pool, name: "renamed-in-the-console" });
  narrator.say('Somebody renames the pool of Pulumi Cloud to "renamed-in-the-console".');
  await show("Refresh", "One list per plane finds it.", () => stack.refresh());
  await show("Up", "The declared name comes back.", () => stack.up());

  const foreign = { organization: "acme", target: { stack: "app/dev" } };
  emulator.admin.pulumiCloud.assign({ ...foreign, agentPoolId: pool.agentPoolId });
  narrator.say("Somebody assigns the stack app/dev to the pool of Pulumi Cloud.");
  await show(
    "Destroy",
    "The pool refuses to die while it is in use; everything else goes.",
    () => stack.destroy(),
    "failed",
  );
  emulator.admin.pulumiCloud.assign({ ...foreign, agentPoolId: null });
  narrator.say("The stack app/dev is taken from the pool.");
  await show("Destroy", "Now the pool goes too.", () => stack.destroy());

  const left = emulator.admin.snapshot().pulumiCloud.organizations.flatMap(({ agentPools }) => agentPools);
  if (left.length > 0) throw new Error(`${left.length} pools were left behind`);
  narrator.say(
    `Done in ${Math.round((Date.now() - started) / 1000)} seconds; no pool, token or assignment is left behind.`,
  );
} finally {
  await stack.dispose();
  await emulator.stop();
  project.remove();
}

async function show(
  title: string,
  meaning: string,
  operation: () => Promise<OperationResult>,
  expected: OperationResult["result"] = "succeeded",
): Promise<OperationResult> {
  narrator.title(title, meaning);
  const result = await operation();
  narrator.report(result);
  if (result.result === expected) return result;
  throw new Error(`${title} ${result.result}, but should have ${expected}.`);
}

/** The pool that the program has made on Pulumi Cloud. */
function builders(): { organization: string; agentPoolId: string } {
  const [organization] = emulator.admin.snapshot().pulumiCloud.organizations;
  const agentPoolId = organization?.agentPools[0]?.id;
  if (!agentPoolId) throw new Error("the program has made no pool on Pulumi Cloud");
  return { organization: "acme", agentPoolId };
}

function describeTokens(tokens: unknown): string {
  return Object.entries((tokens ?? {}) as Record<string, string>)
    .map(([plane, value]) => `${plane} (${value.length} characters)`)
    .join(", ");
}

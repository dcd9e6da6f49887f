import { type Emulator, emulatorEnvironment, emulatorIds, startEmulator } from "../../dist/emulator/index.js";
import type { Engine } from "../engine/engine.ts";
import { copyExample } from "../programs/project-folder.ts";
import { Narrator } from "./narrator.ts";

/** Pools, tokens and assignments on all three planes, through their life. */
export async function showResources(engine: Engine): Promise<void> {
  const emulator = await startEmulator();
  const project = copyExample("quickstart");
  const narrator = new Narrator(emulator);
  narrator.say(`Control planes: an emulator of Pulumi Cloud, env zero and HCP Terraform at ${emulator.url}.`);
  narrator.say("Program: examples/quickstart, one pool with a token and an assignment on each.");
  const stack = await engine.createStack({
    program: project.path,
    environment: emulatorEnvironment(emulator.url),
    config: { envZeroProject: emulatorIds.envZeroProjects.network, url: emulator.url },
  });
  try {
    await narrator.show("Preview", "What would be made? Nothing is called, nothing is changed.", () =>
      stack.preview(),
    );
    const up = await narrator.show("Up", "Pools, tokens and assignments are made.", () => stack.up());
    narrator.say(`Tokens, which state holds encrypted: ${describeTokens(up.outputs["tokens"])}`);
    await narrator.show("Up again", "Nothing changed, so nothing is done.", () =>
      stack.up({ expectNoChanges: true }),
    );

    const pool = builders(emulator);
    emulator.admin.pulumiCloud.updateAgentPool({ ...pool, name: "renamed-in-the-console" });
    narrator.say('Somebody renames the pool of Pulumi Cloud to "renamed-in-the-console".');
    await narrator.show("Refresh", "One list per plane finds it.", () => stack.refresh());
    await narrator.show("Up", "The declared name comes back.", () => stack.up());

    const foreign = { organization: "acme", target: { stack: "app/dev" } };
    emulator.admin.pulumiCloud.assign({ ...foreign, agentPoolId: pool.agentPoolId });
    narrator.say("Somebody assigns the stack app/dev to the pool of Pulumi Cloud.");
    await narrator.show(
      "Destroy",
      "The pool refuses to die while it is in use; everything else goes.",
      () => stack.destroy(),
      "failed",
    );
    emulator.admin.pulumiCloud.assign({ ...foreign, agentPoolId: null });
    narrator.say("The stack app/dev is taken from the pool.");
    await narrator.show("Destroy", "Now the pool goes too.", () => stack.destroy());

    const left = emulator.admin.snapshot().pulumiCloud.organizations.flatMap(({ agentPools }) => agentPools);
    if (left.length > 0) throw new Error(`${left.length} pools were left behind`);
    narrator.say("No pool, token or assignment is left behind.");
  } finally {
    await stack.dispose();
    await emulator.stop();
    project.remove();
  }
}

/** The pool that the program has made on Pulumi Cloud. */
function builders(emulator: Emulator): { organization: string; agentPoolId: string } {
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

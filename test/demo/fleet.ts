import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, emulatorEnvironment, startEmulator } from "../../dist/emulator/index.js";
import { agentUnavailable } from "../agent/build.ts";
import type { Engine } from "../engine/engine.ts";
import { loadAgentImages } from "../fleets/docker-images.ts";
import { startDockerDaemon } from "../parts/docker/daemon.ts";
import { pathWithDockerPlugin } from "../parts/docker/docker-test.ts";
import { whyNotInstalled } from "../parts/docker/install.ts";
import { copyExample } from "../programs/project-folder.ts";
import { Narrator } from "./narrator.ts";

/** A fleet of agents on a Docker daemon: a job survives the change of the token that its agent came with. */
export async function showFleet(engine: Engine): Promise<void> {
  const reason = whyNotInstalled() ?? agentUnavailable;
  if (reason) {
    console.log(`\nThe fleet on Docker is left out: ${reason}.`);
    return;
  }
  const emulator = await startEmulator();
  const daemon = await startDockerDaemon();
  const project = copyExample("docker-hcp-terraform");
  const narrator = new Narrator(emulator);
  narrator.say(
    "\nProgram: examples/docker-hcp-terraform, two agents of HCP Terraform on a Docker daemon of the demo's own.",
  );
  narrator.say(
    "Agent: a stand-in that honours the contract of tfc-agent, since the vendor's cannot be shipped here.",
  );
  await loadAgentImages(daemon.client);
  const stack = await engine.createStack({
    program: project.path,
    environment: { ...emulatorEnvironment(emulator.url), PATH: pathWithDockerPlugin() },
    config: {
      url: emulator.url,
      hosts: JSON.stringify([{ name: "one", address: daemon.host }]),
      hostNetwork: "true",
    },
  });
  try {
    await narrator.show("Up", "Pool, token, fleet; green once both agents serve the pool.", () => stack.up());
    const run = queueRun(emulator, 10);
    await until(emulator, run, "running");
    narrator.say("A run of workspace network-prod, which takes ten seconds, goes on on one of the agents.");
    await stack.setConfig("tokenGeneration", "2");
    await narrator.show("Up", "A new token: agents move to it one by one, each after its run.", () =>
      stack.up(),
    );
    narrator.say(`The run has ${await until(emulator, run, "succeeded")}.`);

    const last = queueRun(emulator, 5);
    await until(emulator, last, "running");
    narrator.say("Another run has begun.");
    await narrator.show("Destroy", "Agents finish what they do before they go.", () => stack.destroy());
    narrator.say(`The run has ${await until(emulator, last, "succeeded")}.`);
    const left = await daemon.client.listContainers({ all: true });
    if (left.length > 0) throw new Error(`${left.length} containers were left behind`);
  } finally {
    await stack.destroy();
    await stack.dispose();
    await emulator.stop();
    await daemon.dispose();
    project.remove();
  }
}

function queueRun(emulator: Emulator, seconds: number): string {
  return emulator.admin.hcpTerraform.queueRun({
    organization: "acme",
    workspace: "network-prod",
    seconds,
    planOnly: true,
  }).id;
}

/** Waits until a job is as far as that. */
async function until(emulator: Emulator, id: string, wanted: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const outcome = emulator.admin.jobs().find((job) => job.id === id)?.outcome ?? "vanished";
    if (outcome === wanted) return outcome;
    if (outcome === "lost" || Date.now() > deadline)
      throw new Error(`the run is ${outcome}, but should be ${wanted}`);
    await sleep(100);
  }
}

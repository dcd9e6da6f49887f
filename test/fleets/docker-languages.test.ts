import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, emulatorEnvironment, emulatorIds, startEmulator } from "../../emulator/index.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { pathWithDockerPlugin } from "../parts/docker/docker-test.ts";
import { OPENING_TIMEOUT, type OpenExample, onEveryEngine, openExample } from "../plugin/example-program.ts";
import { layOutPlugin } from "../plugin/plugin-folder.ts";
import { type ContainerEvent, containerEvents, mostLeaving } from "./container-events.ts";
import { eventually, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const agents = [
  "runner-pools-docker-hcp-terraform-dev-builders-one-1",
  "runner-pools-docker-hcp-terraform-dev-builders-one-2",
];
/** Stack, pool, rotating token and its first one, fleet with its provider, its template, its agents and the waits for each and for all, assignment. */
const resources = 9 + 2 * agents.length;

const plugin = layOutPlugin();
let daemon: DockerDaemon;

beforeAll(async () => {
  if (!hasNoFleets) daemon = await startAgentHost();
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
  plugin.remove();
});

describe.skipIf(hasNoFleets).each(onEveryEngine(["python", "go"]))(
  onFleets("examples/docker-$language $title"),
  ({ language, engine }) => {
    let emulator: Emulator;
    let example: OpenExample;

    beforeAll(async () => {
      if (!engine) return;
      emulator = await startEmulator();
      example = await openExample({ language, engine }, `docker-${language}`, plugin.path, {
        environment: { ...emulatorEnvironment(emulator.url), PATH: pathWithDockerPlugin() },
        config: {
          url: emulator.url,
          hosts: JSON.stringify([{ name: "one", address: daemon.host }]),
          hostNetwork: "true",
          replicas: String(agents.length),
        },
      });
    }, OPENING_TIMEOUT);

    afterAll(async () => {
      await example?.stack.destroy();
      await example?.close();
      await emulator?.stop();
    }, 120_000);

    /** Queues a run per agent, and waits until all of them are running: each agent is online, and busy. */
    async function keepBusy(seconds: number): Promise<string[]> {
      const { organization } = emulatorIds;
      const run = { organization, workspace: "network-prod", seconds, planOnly: true };
      const ids = agents.map(() => emulator.admin.hcpTerraform.queueRun(run).id);
      for (const id of ids)
        await eventually(
          () => job(id).outcome,
          (outcome) => outcome === "running",
        );
      return ids;
    }

    function job(id: string) {
      const found = emulator.admin.jobs().find((one) => one.id === id);
      if (!found) throw new Error(`there is no job ${id}`);
      return found;
    }

    /** Whether an agent was told to end before the end of its job. */
    function cameInTheMiddle(id: string, events: readonly ContainerEvent[]): boolean {
      const { agent, finishedAt } = job(id);
      const told = events.find(({ container, action }) => container === agent && action === "kill");
      return told !== undefined && told.time < Date.parse(finishedAt ?? "");
    }

    /** The tokens that agents have, which are one unless a fleet is half way. */
    async function tokens(): Promise<string[]> {
      const containers = await Promise.all(agents.map((name) => daemon.client.getContainer(name).inspect()));
      const name = "TFC_AGENT_TOKEN=";
      const lines = containers.flatMap(({ Config }) => Config.Env.filter((line) => line.startsWith(name)));
      expect(lines).toHaveLength(agents.length);
      return [...new Set(lines.map((line) => line.slice(name.length)))];
    }

    /** Changes the token while all agents are busy. Answers whether a change came in the middle of a job. */
    async function rotate(generation: number, seconds: number): Promise<boolean> {
      const runs = await keepBusy(seconds);
      await example.stack.setConfig("tokenGeneration", String(generation));
      const begin = Date.now();
      succeeded(await example.stack.up());
      const events = await containerEvents(daemon.client, begin);
      expect(mostLeaving(events)).toBe(1);
      for (const run of runs) expect(job(run)).toMatchObject({ outcome: "succeeded" });
      return runs.some((run) => cameInTheMiddle(run, events));
    }

    it.skipIf(!engine)(
      "moves to another token one agent at a time, and cuts no job short",
      async () => {
        const { stack } = example;
        // Neither the pool's id nor the token is known yet.
        expect(succeeded(await stack.preview()).changes).toEqual({ create: resources });
        expect(emulator.admin.journal().filter(({ method }) => method !== "GET")).toEqual([]);
        expect(await daemon.client.listContainers({ all: true })).toEqual([]);

        const up = succeeded(await stack.up());
        expect(up.changes).toEqual({ create: resources });
        expect(up.outputs["agents"]).toEqual(agents);
        const before = await tokens();

        // Jobs should outlast the time until the first agent is told to end, which is close to that of a whole deployment.
        // On a machine that is suddenly busier they do not, and then it takes longer ones.
        let generation = 2;
        for (
          let seconds = Math.ceil(up.durationMs / 1000);
          !(await rotate(generation, seconds));
          seconds *= 2
        ) {
          expect(++generation).toBeLessThan(5);
        }
        const after = await tokens();
        expect([...before, ...after]).toHaveLength(2);
        expect(after).not.toEqual(before);
        const state = JSON.stringify(await stack.exportState());
        for (const token of [...before, ...after]) expect(state).not.toContain(token);

        succeeded(await stack.up({ expectNoChanges: true }));
        succeeded(await stack.destroy());
        expect(await daemon.client.listContainers({ all: true })).toEqual([]);
      },
      300_000,
    );
  },
);

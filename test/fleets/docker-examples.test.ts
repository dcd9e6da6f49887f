import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, emulatorEnvironment, emulatorIds, startEmulator } from "../../emulator/index.ts";
import type { Stack } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import type { DockerDaemon } from "../parts/docker/daemon.ts";
import { pathWithDockerPlugin } from "../parts/docker/docker-test.ts";
import { freePorts } from "../parts/docker/free-port.ts";
import { copyExample, type ProjectFolder } from "../programs/project-folder.ts";
import { eventually, startAgentHost, succeeded } from "./docker-world.ts";
import { hasNoFleets, onFleets } from "./fleet-parts.ts";

const { organization, envZeroProjects } = emulatorIds;
const projectId = envZeroProjects.network;
let daemon: DockerDaemon;
let emulator: Emulator;
let project: ProjectFolder;
let stack: Stack;

beforeAll(async () => {
  if (!hasNoFleets) daemon = await startAgentHost();
}, 180_000);

afterAll(async () => {
  await daemon?.dispose();
});

/** One job on each plane, for what the examples assign. */
const examples = [
  {
    example: "docker-hcp-terraform",
    queue: (seconds: number) =>
      emulator.admin.hcpTerraform.queueRun({
        organization,
        workspace: "network-prod",
        seconds,
        planOnly: true,
      }),
    change: ["tokenGeneration", "2"],
  },
  {
    example: "docker-pulumi-cloud",
    queue: (seconds: number) =>
      emulator.admin.pulumiCloud.queueDeployment({
        organization,
        stack: "network/prod",
        seconds,
        image: "pulumi/pulumi:latest",
      }),
    change: ["replicas", "1"],
  },
  {
    example: "docker-env-zero",
    queue: (seconds: number) => emulator.admin.envZero.queueDeployment({ projectId, seconds }),
    change: ["tokenGeneration", "2"],
  },
] as const;

describe.skipIf(hasNoFleets).each(ENGINES)(onFleets("Docker examples on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    emulator = await startEmulator();
    emulator.admin.setAgentTimeouts({ pulumiCloud: { retryAfter: 1 } });
  });

  afterEach(async () => {
    await stack?.destroy();
    await stack?.dispose();
    await emulator?.stop();
    project?.remove();
  });

  it.each(examples)(
    "$example runs a job to its end while the fleet changes",
    async ({ example, queue, change }) => {
      if (!engine) return;
      project = copyExample(example);
      stack = await engine.createStack({
        program: project.path,
        environment: { ...emulatorEnvironment(emulator.url), PATH: pathWithDockerPlugin() },
        config: {
          hosts: JSON.stringify([{ name: "one", address: daemon.host }]),
          hostNetwork: "true",
          ...(example === "docker-pulumi-cloud" && {
            dockerSocket: daemon.socket,
            healthPort: String(await freePorts(2)),
          }),
          ...(example === "docker-env-zero" && {
            stateEncryptionKey: { value: "c3RhdGU=", secret: true },
            project: projectId,
          }),
        },
      });
      succeeded(await stack.up());
      succeeded(await stack.up({ expectNoChanges: true }));
      const { id } = queue(8);
      const outcome = () => emulator.admin.jobs().find((job) => job.id === id)?.outcome;
      await eventually(outcome, (now) => now === "running");
      await stack.setConfig(change[0], change[1]);
      succeeded(await stack.up());
      await eventually(outcome, (now) => now === "succeeded");
      succeeded(await stack.destroy());
      expect(await daemon.client.listContainers({ all: true })).toEqual([]);
    },
    180_000,
  );
});

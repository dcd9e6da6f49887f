import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Stack } from "../../engine/engine.ts";
import { ENGINES } from "../../engine/world.ts";
import { type DockerDaemon, startDockerDaemon } from "../../parts/docker/daemon.ts";
import {
  hasNoDocker,
  hasVendorsPlugin,
  onDocker,
  pathWithDockerPlugin,
} from "../../parts/docker/docker-test.ts";
import { importBusybox } from "../../parts/docker/image.ts";
import { type ProjectFolder, writeProject } from "../../programs/project-folder.ts";

let daemon: DockerDaemon;
let project: ProjectFolder;
let stack: Stack;

beforeAll(async () => {
  if (hasNoDocker) return;
  daemon = await startDockerDaemon();
  await importBusybox(daemon.client, "box:1");
});

afterAll(async () => {
  await daemon?.dispose();
});

const hardened = {
  image: "box:1",
  name: "one",
  hostname: "one",
  command: ["/bin/sh", "-c", "trap 'sleep 2; exit' TERM; while :; do sleep 0.1; done"],
  envs: ["B=2", "A=1"],
  networkMode: "host",
  restart: "always",
  readOnly: true,
  tmpfs: { "/tmp": "rw,nosuid,nodev,mode=1777,size=64m" },
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges"],
  memory: 64,
  memorySwap: -1,
  cpus: "0.5",
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
  stopSignal: "SIGTERM",
  stopTimeout: 30,
  destroyGraceSeconds: 30,
  healthcheck: { tests: ["CMD", "/bin/true"], interval: "1m30s", timeout: "5s", retries: 3 },
  labels: [{ label: "fleet", value: "builders" }],
  volumes: [{ containerPath: "/work" }],
};

describe.skipIf(hasNoDocker).each(ENGINES)(onDocker("Docker's plugin on $name"), ({ engine }) => {
  beforeEach(async (context) => {
    if (!engine) return context.skip();
    project = writeProject("");
    stack = await engine.createStack({
      program: project.path,
      environment: { PATH: pathWithDockerPlugin() },
    });
  });

  afterEach(async () => {
    await stack?.destroy();
    await stack?.dispose();
    project?.remove();
  });

  const program = (args: object, options = "{ provider }", host = daemon.host) =>
    project.write(`const docker = require("@pulumi/docker");
      const provider = new docker.Provider("host", { host: "${host}" });
      exports.id = new docker.Container("one", ${JSON.stringify(args)}, ${options}).id;`);

  const errors = (result: { diagnostics: { severity: string; message: string }[] }) =>
    result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message)
      .join("\n");

  it("makes a container that neither an update nor a refresh finds different", async () => {
    program(hardened);
    const up = await stack.up();
    expect(errors(up)).toBe("");
    const { HostConfig } = await daemon.client.getContainer("one").inspect();
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, Memory: 64 * 2 ** 20, NanoCpus: 5e8 });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    expect(await stack.refresh({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
  }, 60_000);

  it("differs for ever where the daemon fills in the swap limit, as the vendor's plugin does", async () => {
    const { memorySwap: _, ...args } = hardened;
    program(args);
    expect(errors(await stack.up())).toBe("");
    expect((await stack.preview()).changes).toMatchObject({ update: 1 });
  }, 60_000);

  it("replaces a container for a new command, in the order that the program asks for, and drains it", async () => {
    program(hardened, "{ provider, deleteBeforeReplace: true }");
    const first = (await stack.up()).outputs["id"];
    program({ ...hardened, envs: ["A=2"] }, "{ provider, deleteBeforeReplace: true }");
    const replaced = await stack.up();
    expect(errors(replaced)).toBe("");
    expect(replaced.changes).toMatchObject({ replace: 1 });
    expect(replaced.outputs["id"]).not.toBe(first);
    expect(replaced.durationMs).toBeGreaterThan(2000);
  }, 60_000);

  it("updates memory in place", async () => {
    program(hardened);
    await stack.up();
    program({ ...hardened, memory: 96 });
    const updated = await stack.up();
    expect(errors(updated)).toBe("");
    expect(updated.changes).toMatchObject({ update: 1 });
    expect((await daemon.client.getContainer("one").inspect()).HostConfig.Memory).toBe(96 * 2 ** 20);
  }, 60_000);

  it("cannot upload to a read-only root, but keeps what it made, and says why", async () => {
    program({ ...hardened, uploads: [{ file: "/etc/agent.yaml", content: "x" }] });
    const up = await stack.up();
    expect(up.result).toBe("failed");
    expect(errors(up)).toContain("container rootfs is marked read-only");
  }, 60_000);

  it("notices that a container is gone, and makes it again", async () => {
    program(hardened);
    await stack.up();
    await daemon.client.getContainer("one").remove({ force: true, v: true });
    await stack.refresh();
    expect((await stack.up()).changes).toMatchObject({ create: 1 });
  }, 60_000);

  it("says that a daemon cannot be reached, but not which", async () => {
    program(hardened, "{ provider }", "tcp://127.0.0.1:1");
    const up = await stack.up();
    expect(up.result).toBe("failed");
    expect(errors(up)).toContain("failed to connect to any docker daemon");
    expect(errors(up)).not.toContain("127.0.0.1");
  }, 60_000);

  it.skipIf(hasVendorsPlugin)(
    "as a stand-in refuses what it does not know, by name",
    async () => {
      program({ ...hardened, gpus: "all" });
      expect(errors(await stack.up())).toContain("gpus");
    },
    60_000,
  );
});

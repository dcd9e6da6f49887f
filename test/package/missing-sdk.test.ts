import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { listenAsEngine } from "../plugin/listening-engine.ts";
import { ask, startPlugin } from "../plugin/plugin-process.ts";
import { toStruct } from "../plugin/provider.ts";
import { startMonitor } from "../plugin/recording-monitor.ts";
import { errorsOf } from "../programs/results.ts";
import { installPacked } from "./packed-package.ts";

let folder: string;
let place: string;

beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "runner-pools-without-sdk-"));
  place = installPacked(folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

const engines = ENGINES.filter(
  (under): under is { name: string; engine: Engine } => under.engine !== undefined,
);

it.each(engines)(
  "a program with a fleet but without the SDK of its cloud is told which package to install, on $name",
  { timeout: 60_000 },
  async ({ engine }) => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: fleet\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(
      join(folder, "index.js"),
      'const { DockerFleet } = require("pulumi-runner-pools/docker");\n',
    );
    const stack = await engine.createStack({ program: folder });
    const preview = await stack.preview();
    await stack.dispose();
    expect(preview.result).toBe("failed");
    expect(errorsOf(preview)).toContain(
      "DockerFleet needs the package @pulumi/docker, which is not installed. Run `npm install @pulumi/docker@^5.0.0` in the folder of the program.",
    );
    expect(errorsOf(preview)).not.toMatch(/MODULE_NOT_FOUND|^\s+at /m);
  },
);

it("so is a program in another language, with the folder of the plugin", { timeout: 60_000 }, async () => {
  const engine = await listenAsEngine();
  const monitor = await startMonitor();
  const plugin = await startPlugin(engine.address, {}, place);
  const request = new providerMessages.ConstructRequest();
  request.setProject("shop");
  request.setStack("dev");
  request.setMonitorendpoint(monitor.address);
  request.setType("runner-pools:index:DockerFleet");
  request.setName("builders");
  request.setInputs(toStruct({}));
  try {
    await expect(
      ask<providerMessages.ConstructResponse>((answer) => plugin.client.construct(request, answer)),
    ).rejects.toThrow(
      `is not installed for the plugin runner-pools. Run \`npm install @pulumi/docker@^5.0.0\` in the folder ${place}.`,
    );
  } finally {
    await plugin.stop();
    monitor.stop();
    engine.stop();
  }
});

import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnvironment } from "../../emulator/environment.ts";
import { OPENING_TIMEOUT, type OpenExample, onEveryEngine, openExample } from "./example-program.ts";
import { layOutPlugin } from "./plugin-folder.ts";

const plugin = layOutPlugin();
afterAll(() => plugin.remove());

const host = { name: "edge", address: "unix:///nowhere/docker.sock" };

// What is wrong is found before a Docker daemon is looked for: none is needed.
describe.each(onEveryEngine(["python"]))(
  "wrong arguments of DockerFleet in $language $title",
  ({ language, engine }) => {
    let emulator: Emulator;
    let example: OpenExample;

    beforeEach(async () => {
      if (!engine) return;
      emulator = await startEmulator();
      example = await openExample({ language, engine }, "docker-python", plugin.path, {
        environment: emulatorEnvironment(emulator.url),
        config: { hosts: JSON.stringify([host]) },
      });
    }, OPENING_TIMEOUT);

    afterEach(async () => {
      await example?.close();
      await emulator?.stop();
    });

    it.skipIf(!engine).each([
      { configuration: "replicas", value: "0", argument: "replicas", reason: /must be at least 1/ },
      {
        configuration: "hosts",
        value: JSON.stringify([host, host]),
        argument: "hosts[1].name",
        reason: /there is another host named edge/,
      },
    ])(
      "are named, once, in what $configuration brings",
      async ({ configuration, value, argument, reason }) => {
        await example.stack.setConfig(configuration, value);
        const { result, diagnostics } = await example.stack.preview();
        expect(result).toBe("failed");
        const errors = diagnostics
          .filter(({ severity, message }) => severity === "error" && message.includes("DockerFleet"))
          .map(({ message }) => message);
        expect(errors).toHaveLength(1);
        expect(errors[0]).toMatch(reason);
        expect(errors[0]?.split(argument)).toHaveLength(2);
      },
      120_000,
    );
  },
);

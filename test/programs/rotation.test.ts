import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ENGINES } from "../engine/world.ts";
import { layOutPlugin } from "../plugin/plugin-folder.ts";
import { usePlugin } from "../plugin/plugin-project.ts";
import { type Deployment, deploy, programWith } from "./deployment.ts";
import { errorsOf, expectSuccess } from "./results.ts";

let deployment: Deployment | undefined;
const plugin = layOutPlugin();

afterEach(async () => {
  await deployment?.dispose();
  deployment = undefined;
});

afterAll(() => plugin.remove());

/** The component as the package has it, and as the plugin makes it. */
const forms = {
  dynamic: "pools.RotatingPoolToken",
  plugin: `(class extends pulumi.ComponentResource {
    constructor(name, inputs) {
      super("runner-pools:index:RotatingPoolToken", name, { tokenId: undefined, ...inputs, pool: inputs.pool.id }, {}, true);
    }
  })`,
};

const combinations = ENGINES.flatMap(({ name, engine }) =>
  (["dynamic", "plugin"] as const).map((form) => ({ title: `${form} on ${name}`, form, engine })),
);

describe.each(combinations)("the generation of a RotatingPoolToken, $title", ({ form, engine }) => {
  const program = (generation: number) => `
    const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp, name: "builders" });
    const token = new ${forms[form]}("ci", { controlPlane: address.hcp, pool, generation: ${generation} });
    exports.tokenId = token.tokenId;`;

  it.skipIf(!engine)("rises by one at a time, also after a refresh", { timeout: 240_000 }, async () => {
    if (!engine) return;
    deployment = await deploy(engine, program(1), {
      prepare: (project) => usePlugin(project, plugin.path),
    });
    const { emulator, project, stack } = deployment;
    const tokens = () =>
      emulator.admin
        .snapshot()
        .hcpTerraform.agentPools.flatMap((pool) =>
          pool.tokens.map(({ id, description }) => [id, description]),
        );
    const write = (generation: number) => project.write(programWith(emulator, program(generation)));
    for (const [generation, others] of [
      [1, [3, 4]],
      [2, [1, 4]],
      [3, [1, 2, 5]],
    ] as const) {
      write(generation);
      expectSuccess(await stack.up());
      expectSuccess(await stack.refresh());
      expect(await stack.preview({ expectNoChanges: true })).toMatchObject({ result: "succeeded" });
      const before = tokens();
      for (const other of others) {
        write(other);
        // Where two tokens exist, each refuses by itself: none is replaced before the check of the other one.
        const answer = await (generation === 1 ? stack.preview() : stack.up());
        expect(errorsOf(answer), `from ${generation} to ${other}`).toMatch(
          /generation.*of the RotatingPoolToken may only rise by one at a time/s,
        );
      }
      expect(tokens()).toEqual(before);
    }
  });

  it.skipIf(!engine)(
    "may go back where the second token could not be made",
    { timeout: 120_000 },
    async () => {
      if (!engine) return;
      deployment = await deploy(engine, program(1), {
        prepare: (project) => usePlugin(project, plugin.path),
      });
      const { emulator, project, stack } = deployment;
      expectSuccess(await stack.up());
      const fault = {
        plane: "hcp-terraform",
        method: "POST",
        path: "authentication-tokens$",
        kind: "status",
        status: 422,
      } as const;
      emulator.admin.addFault(fault);
      project.write(programWith(emulator, program(2)));
      expect((await stack.up()).result).toBe("failed");
      emulator.admin.clearFaults();
      project.write(programWith(emulator, program(1)));
      expectSuccess(await stack.up());
      project.write(programWith(emulator, program(2)));
      expectSuccess(await stack.up());
    },
  );
});

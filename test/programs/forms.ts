import { afterAll } from "vitest";
import type { Emulator } from "../../emulator/index.ts";
import type { Engine } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { layOutPlugin } from "../plugin/plugin-folder.ts";
import { usePlugin } from "../plugin/plugin-project.ts";
import { type Deployment, type DeployOptions, deploy, programWith } from "./deployment.ts";

/** How a program has the resources: as dynamic ones of the package, or as those of the plugin. */
export interface Form {
  readonly name: "dynamic" | "plugin";
  /** URN of a resource of the program. */
  urn(type: string, resource: string): string;
  /** Text of a program in which `pools` has the resources in this form, with the emulator's addresses. */
  program(emulator: Emulator, body: string): string;
  /** Starts an emulator and makes a stack of the program. */
  deploy(engine: Engine, body: string, options?: DeployOptions): Promise<Deployment>;
}

/** What a generated SDK does: it registers the plugin's resources, and passes a pool by its id and nothing else of it. */
const pluginResources = `
new Proxy({}, { get: (_, type) => class extends pulumi.CustomResource {
  constructor(name, { pool, ...args }, options) {
    const isPool = pool instanceof pulumi.Resource;
    const outputs = { poolId: undefined, value: undefined, initialToken: undefined, assigned: undefined };
    const surfaced = type === "PoolToken" && isPool && pool.kind === "pulumi-cloud";
    super("runner-pools:index:" + type, name,
      { ...outputs, ...args, ...(pool && { pool: isPool ? pool.id : pool }), ...(surfaced && { initialToken: pool.initialToken }) },
      options);
    this.kind = args.controlPlane?.kind;
  }
} })`;

const dynamicForm: Form = {
  name: "dynamic",
  urn: (type, resource) => `urn:pulumi:dev::pools::pulumi-nodejs:dynamic/runner-pools:${type}::${resource}`,
  program: programWith,
  deploy,
};

let plugin: ReturnType<typeof layOutPlugin> | undefined;

const pluginForm: Form = {
  name: "plugin",
  urn: (type, resource) => `urn:pulumi:dev::pools::runner-pools:index:${type}::${resource}`,
  program: (emulator, body) => programWith(emulator, `((pools) => {\n${body}\n})(${pluginResources});`),
  async deploy(engine, body, options = {}) {
    plugin ??= layOutPlugin();
    const { path } = plugin;
    return deploy(engine, body, {
      ...options,
      program: (emulator, text) => pluginForm.program(emulator, text),
      prepare: (project) => usePlugin(project, path),
    });
  },
};

/** Both forms on all engines. Engines that are not there are named in their title, and have none. */
export const formsOnEngines = [dynamicForm, pluginForm].flatMap((form) =>
  ENGINES.map(({ name, engine }) => ({ title: `${form.name} on ${name}`, form, engine })),
);

/** Removes what the forms made, after the tests of a file. */
export function removeFormsAfterwards(): void {
  afterAll(() => {
    plugin?.remove();
    plugin = undefined;
  });
}

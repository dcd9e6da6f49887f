import { afterAll, describe, it, onTestFinished } from "vitest";
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

const formsOnEngines = [dynamicForm, pluginForm].flatMap((form) =>
  ENGINES.map(({ name, engine }) => ({ title: `${form.name} on ${name}`, form, engine })),
);

/** What the scenarios of a form on an engine are made of. */
export interface Scenarios {
  readonly form: Form;
  /** A test, which is skipped where the engine is not there. */
  scenario(name: string, run: (engine: Engine) => Promise<void>): void;
  /** Deploys a program; what it takes goes after the test. */
  start(body: string, options?: DeployOptions): Promise<Deployment>;
}

/** How long a scenario may take on a busy machine. Milliseconds. */
const timeout = 400_000;

/** Tests of both forms on all engines, which their titles name. */
export function describeForms(title: string, define: (scenarios: Scenarios) => void): void {
  describe.each(formsOnEngines)(`${title}, $title,`, ({ form, engine }) => {
    const present = () => {
      if (!engine) throw new Error("this engine is not there");
      return engine;
    };
    define({
      form,
      scenario: (name, run) => it.skipIf(!engine)(name, { timeout }, () => run(present())),
      async start(body, options) {
        const deployment = await form.deploy(present(), body, options);
        onTestFinished(() => deployment.dispose());
        return deployment;
      },
    });
  });
  afterAll(() => {
    plugin?.remove();
    plugin = undefined;
  });
}

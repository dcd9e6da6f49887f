import type { ResourceState } from "../deployment.ts";
import type { ImportedResource } from "../engine.ts";
import { makeUrn, packageOf, STACK_TYPE } from "../urn.ts";
import { defaultProvider } from "./default-provider.ts";
import { type Goal, plainGoal } from "./goal.ts";
import { Abort, type Operation } from "./operation.ts";
import type { StackConfig } from "./stack-config.ts";
import type { Step } from "./step.ts";
import { StepExecutor } from "./step-executor.ts";
import { StepGenerator } from "./step-generator.ts";

/** Takes resources under management that exist already: reads each one and writes what it is into the state. */
export async function importResources(
  operation: Operation,
  imports: readonly ImportedResource[],
  config: StackConfig,
): Promise<boolean> {
  const executor = new StepExecutor(operation, imports.length);
  const importer = new Importer(operation, executor, config);
  try {
    await importer.keepExisting();
    const steps: Step[] = [];
    for (const imported of imports) {
      steps.push(await importer.stepFor(imported));
    }
    await executor.executeAll(steps);
  } catch (error) {
    if (!(error instanceof Abort)) {
      operation.setup.reporter.error((error as Error).message);
    }
    return false;
  }
  return !executor.hasFailed;
}

class Importer {
  private readonly operation: Operation;
  private readonly executor: StepExecutor;
  private readonly generator: StepGenerator;
  private readonly config: StackConfig;

  constructor(operation: Operation, executor: StepExecutor, config: StackConfig) {
    this.operation = operation;
    this.executor = executor;
    this.generator = new StepGenerator(operation, executor);
    this.config = config;
  }

  /** What is there stays, and stays before what comes. */
  async keepExisting(): Promise<void> {
    const existing = this.operation.setup.previous.filter((old) => !old.delete);
    await this.executor.execute(
      existing.map((old) => ({ op: "same", urn: old.urn, old, next: { ...old }, untargeted: true })),
    );
  }

  async stepFor(imported: ImportedResource): Promise<Step> {
    const { stack, project } = this.operation.setup;
    const parent = imported.parent ?? (await this.stackUrn());
    const urn = makeUrn(stack, project, parent, imported.type, imported.name);
    if (this.operation.olds.has(urn)) {
      throw new Error(`resource '${urn}' already exists`);
    }
    const next: ResourceState = {
      urn,
      custom: true,
      type: imported.type,
      parent,
      protect: imported.protect,
      provider: await this.providerReference(imported),
      importID: imported.id,
    };
    return { op: "import", urn, next };
  }

  private async stackUrn(): Promise<string> {
    const { stack, project } = this.operation.setup;
    return (await this.findOrCreate(plainGoal(STACK_TYPE, `${project}-${stack}`, false, {}))).urn;
  }

  private async providerReference({ provider, type, version = "" }: ImportedResource): Promise<string> {
    const { providers, previous } = this.operation.setup;
    if (provider !== undefined) {
      await providers.ensure(provider, previous);
      return provider;
    }
    const state = await this.findOrCreate(defaultProvider(packageOf(type), version, this.config));
    const reference = `${state.urn}::${state.id}`;
    await providers.ensure(reference, previous);
    return reference;
  }

  private async findOrCreate(goal: Goal): Promise<ResourceState> {
    const { stack, project } = this.operation.setup;
    const urn = makeUrn(stack, project, undefined, goal.type, goal.name);
    const known = this.operation.news.get(urn);
    if (known !== undefined) {
      return known;
    }
    await this.executor.execute(await this.generator.generate(goal));
    const created = this.operation.news.get(urn);
    if (created === undefined) {
      throw new Error(`creating ${urn} for the import left no state`);
    }
    return created;
  }
}

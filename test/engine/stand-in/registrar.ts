import type { PropertyMap, ResourceState } from "../deployment.ts";
import { isProviderType, packageOf, parseProviderReference, providerType, STACK_TYPE } from "../urn.ts";
import { defaultProvider } from "./default-provider.ts";
import type { Goal } from "./goal.ts";
import { Abort, type Operation } from "./operation.ts";
import type { PackageRequest } from "./package-references.ts";
import type { StackConfig } from "./stack-config.ts";
import type { StepExecutor } from "./step-executor.ts";
import type { StepGenerator } from "./step-generator.ts";

/** What a registration gives back to the program. */
export interface Registered {
  state: ResourceState;
  /** Not there at all, since it is no target: everything about it is unknown. */
  isUnknown: boolean;
}

/** Which provider is asked for. */
export interface ProviderRequest {
  /** Reference of the one that was named. */
  provider?: string;
  parent?: string;
  package: PackageRequest;
  /** References by package that came with the request. */
  providers?: ReadonlyMap<string, string>;
}

/** Registers resources: works out their steps one after the other, and executes those at the same time. */
export class Registrar {
  private readonly operation: Operation;
  private readonly generator: StepGenerator;
  private readonly executor: StepExecutor;
  private readonly config: StackConfig;
  private readonly defaultProviders = new Map<string, Promise<string>>();
  /** Providers that components hand to their children, by URN of the component and package. */
  private readonly componentProviders = new Map<string, ReadonlyMap<string, string>>();
  private readonly registered = new Map<string, ResourceState>();
  private turn: Promise<unknown> = Promise.resolve();
  private stackOutputs: { urn: string; outputs: PropertyMap } | undefined;

  constructor(operation: Operation, generator: StepGenerator, executor: StepExecutor, config: StackConfig) {
    this.operation = operation;
    this.generator = generator;
    this.executor = executor;
    this.config = config;
  }

  /**
   * Brings a resource to what it shall be.
   * @param providers of a component: references by package, for its children
   */
  async register(
    goal: Goal,
    providers: ReadonlyMap<string, string>,
    plugin: PackageRequest,
  ): Promise<Registered> {
    this.inheritFromParent(goal, goal.custom);
    if (goal.custom && !isProviderType(goal.type)) {
      goal.provider = await this.providerOf({ ...goal, package: plugin, providers });
    }
    const steps = await this.inTurn(() => this.generator.generate(goal));
    await this.executor.execute(steps);
    const state = this.resultOf(steps);
    this.registered.set(state.urn, state);
    if (!goal.custom) {
      const inherited = goal.parent === undefined ? undefined : this.componentProviders.get(goal.parent);
      this.componentProviders.set(state.urn, new Map([...(inherited ?? []), ...providers]));
    }
    return { state, isUnknown: steps.some((step) => step.skippedCreate && step.urn === state.urn) };
  }

  /** Reads a resource that is managed elsewhere. */
  async read(goal: Goal, id: string, plugin: PackageRequest): Promise<ResourceState> {
    goal.provider = await this.providerOf({ ...goal, package: plugin });
    const steps = await this.inTurn(async () => this.generator.generateRead(goal, id));
    await this.executor.execute(steps);
    return this.resultOf(steps);
  }

  /** Sets the outputs of a component; those of the stack are kept back until it is known how the operation ended. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const state = this.registered.get(urn);
    if (state === undefined) {
      throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
    }
    if (state.type === STACK_TYPE) {
      this.stackOutputs = { urn, outputs };
    } else if (!this.generator.targets.skippedCreates.has(urn)) {
      this.operation.setup.snapshot.setOutputs(state, outputs);
    }
  }

  /** Writes the outputs of the stack. After a failure those of before stay where the program gave no others. */
  finishStackOutputs(hasFailed: boolean): void {
    if (this.stackOutputs === undefined) {
      return;
    }
    const { urn, outputs } = this.stackOutputs;
    const old = this.operation.olds.get(urn)?.outputs ?? {};
    const state = this.registered.get(urn);
    if (state !== undefined) {
      this.operation.setup.snapshot.setOutputs(state, hasFailed ? { ...old, ...outputs } : outputs);
    }
  }

  /**
   * Options that a parent hands down.
   * @param hasProvider whether it is served by a provider, which then may be the parent's
   */
  inheritFromParent(goal: Goal, hasProvider: boolean): void {
    const parent = goal.parent === undefined ? undefined : this.operation.goals.get(goal.parent);
    if (parent === undefined) {
      return;
    }
    goal.deletedWith ??= parent.deletedWith;
    goal.protect ??= parent.protect;
    goal.retainOnDelete ??= parent.retainOnDelete;
    if (hasProvider && parent.provider !== undefined) {
      const { urn } = parseProviderReference(parent.provider);
      if (urn.includes(`::${providerType(packageOf(goal.type))}::`)) {
        goal.provider ??= parent.provider;
      }
    }
  }

  /** The provider that serves a resource or function: its own, one from a component above it, or the default one. */
  async providerOf({ provider, parent, package: plugin, providers }: ProviderRequest): Promise<string> {
    const inherited = parent === undefined ? undefined : this.componentProviders.get(parent);
    const explicit = provider ?? providers?.get(plugin.name) ?? inherited?.get(plugin.name);
    return explicit ?? (await this.defaultProvider(plugin));
  }

  /** The provider that serves resources without one: made once per package and version, from the stack's configuration. */
  private defaultProvider(plugin: PackageRequest): Promise<string> {
    const key = `${plugin.name}@${plugin.version}`;
    const known = this.defaultProviders.get(key);
    if (known !== undefined) {
      return known;
    }
    const goal = defaultProvider(plugin.name, plugin.version, this.config);
    const registering = this.register(goal, new Map(), plugin).then(
      ({ state }) => `${state.urn}::${state.id}`,
    );
    this.defaultProviders.set(key, registering);
    return registering;
  }

  /** One registration after the other: what is decided for one depends on what was decided for those before it. */
  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.turn.then(() => {
      if (this.executor.isStopped) {
        throw new Abort("the operation has failed or was cancelled");
      }
      return work();
    });
    this.turn = mine.catch(() => {});
    return await mine;
  }

  private resultOf(steps: readonly { next?: ResourceState }[]): ResourceState {
    const state = steps.findLast(({ next }) => next !== undefined)?.next;
    if (state === undefined) {
      throw new Error("a registration without a step");
    }
    return state;
  }
}

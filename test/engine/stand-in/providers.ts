import { randomUUID } from "node:crypto";
import type { PropertyMap, ResourceState } from "../deployment.ts";
import { packageOf, parseProviderReference, urnType } from "../urn.ts";
import { keepInternal, withoutInternal } from "./default-provider.ts";
import { type DiffResult, NO_DIFF } from "./diff.ts";
import { type InProcessProvider, startInProcessProvider } from "./in-process-provider.ts";
import { findPlugin } from "./plugin-command.ts";
import type { Project } from "./project.ts";
import { equalValues, UNKNOWN } from "./property-values.ts";
import { Provider } from "./provider.ts";
import type { CheckResult } from "./provider-check.ts";
import { type ProviderProcess, startProviderProcess } from "./provider-process.ts";

/** What providers are started with. */
export interface ProvidersOptions {
  project: Project;
  environment: NodeJS.ProcessEnv;
  engineAddress: string;
  onOutput: (packageName: string, line: string) => void;
  /** Providers that run in this process, by package. */
  inProcess?: Readonly<Record<string, InProcessProvider>>;
}

/**
 * The providers of one operation, by reference. Providers are resources too; their lifecycle is here: a provider is
 * started by the check of its configuration, and configured once it is known what becomes of it.
 */
export class Providers {
  private readonly options: ProvidersOptions;
  private readonly started = new Set<Provider>();
  private readonly unconfigured = new Map<string, Provider>();
  private readonly configured = new Map<string, Promise<Provider>>();
  private closed = false;

  constructor(options: ProvidersOptions) {
    this.options = options;
  }

  /** The provider that a resource refers to. */
  async get(reference: string): Promise<Provider> {
    const provider = this.configured.get(reference);
    if (provider === undefined) {
      throw new Error(`unknown provider '${reference}': its resource was not registered in this operation`);
    }
    return await provider;
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const provider = await this.start(packageOf(urnType(urn)));
    const result = await provider.configuration.check(urn, withoutInternal(olds), withoutInternal(news));
    await this.unconfigured.get(urn)?.connection.process.kill();
    this.unconfigured.set(urn, provider);
    return { ...result, inputs: keepInternal(result.inputs, news) };
  }

  async diff(old: ResourceState, news: PropertyMap): Promise<DiffResult> {
    const provider = this.unconfigured.get(old.urn) ?? (await this.get(`${old.urn}::${old.id}`));
    const diff = await provider.configuration.diff(old.urn, old, news);
    if (diff.changes !== "unknown") {
      return diff;
    }
    return equalValues(old.outputs ?? {}, withoutInternal(news)) ? NO_DIFF : { ...diff, changes: "some" };
  }

  /** Gives a new provider its configuration; answers its id, which in a preview is not known. */
  async create(urn: string, inputs: PropertyMap, preview: boolean): Promise<string> {
    const id = preview ? UNKNOWN : randomUUID();
    await this.configure(urn, id, inputs);
    return id;
  }

  /** Gives a provider another configuration. */
  async update(old: ResourceState, news: PropertyMap): Promise<void> {
    await this.configure(old.urn, old.id ?? "", news);
  }

  /** Makes sure that a provider as it is in state is running. */
  async same(state: ResourceState): Promise<void> {
    if (!this.configured.has(`${state.urn}::${state.id}`)) {
      await this.configure(state.urn, state.id ?? "", state.inputs ?? {});
    }
  }

  /** Makes sure that the provider that a resource in state refers to is running. */
  async ensure(reference: string | undefined, resources: readonly ResourceState[]): Promise<void> {
    if (reference === undefined || this.configured.has(reference)) {
      return;
    }
    const { urn, id } = parseProviderReference(reference);
    const state = resources.find((resource) => resource.urn === urn && resource.id === id);
    if (state === undefined) {
      throw new Error(
        `could not find the provider '${reference}' in the state; repair it with 'pulumi state'`,
      );
    }
    await this.same(state);
  }

  /** Asks all providers to give up what they are doing. */
  async cancel(): Promise<void> {
    await Promise.all([...this.started].map((provider) => provider.connection.cancel()));
  }

  /** Ends all provider processes. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.started].map((provider) => provider.connection.process.kill()));
  }

  private configure(urn: string, id: string, inputs: PropertyMap): Promise<Provider> {
    const reference = `${urn}::${id}`;
    const checked = this.unconfigured.get(urn);
    this.unconfigured.delete(urn);
    const configuring = (async () => {
      const provider = checked ?? (await this.start(packageOf(urnType(urn))));
      await provider.configuration.give(urn, id, withoutInternal(inputs));
      return provider;
    })();
    this.configured.set(reference, configuring);
    return configuring;
  }

  private async start(packageName: string): Promise<Provider> {
    const { project, environment, engineAddress, onOutput } = this.options;
    const inProcess = this.options.inProcess?.[packageName];
    let folder: string | undefined;
    let process: ProviderProcess;
    if (inProcess !== undefined) {
      process = await startInProcessProvider(inProcess, engineAddress);
    } else {
      const plugin = findPlugin(packageName, project, environment);
      folder = plugin.folder;
      process = await startProviderProcess({
        packageName,
        plugin,
        cwd: project.programFolder,
        environment,
        engineAddress,
        onOutput: (line) => onOutput(packageName, line),
      });
    }
    const provider = new Provider(process);
    this.started.add(provider);
    if (this.closed) {
      await process.kill();
      throw new Error(`starting the provider '${packageName}': the operation has ended`);
    }
    await provider.connection.handshake(engineAddress, folder);
    return provider;
  }
}

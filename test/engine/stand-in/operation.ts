import type { PropertyMap, ResourceState } from "../deployment.ts";
import type { OperationOptions } from "../engine.ts";
import { DependencyGraph } from "./dependency-graph.ts";
import type { Goal } from "./goal.ts";
import { asSecret, isSecret } from "./property-values.ts";
import type { Provider } from "./provider.ts";
import type { Providers } from "./providers.ts";
import type { Reporter } from "./reporter.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is fixed for one operation on one stack. */
export interface OperationSetup {
  stack: string;
  project: string;
  /** A preview: the world and the state stay as they are. */
  dryRun: boolean;
  options: OperationOptions;
  providers: Providers;
  reporter: Reporter;
  snapshot: Snapshot;
  /** The resources in state, in order. */
  previous: ResourceState[];
}

/** One operation: what was before, what is now, and what everything in it works with. */
export class Operation {
  readonly setup: OperationSetup;
  readonly graph: DependencyGraph;
  /** What was before, without what is only waiting to be deleted. */
  readonly olds: ReadonlyMap<string, ResourceState>;
  readonly news = new Map<string, ResourceState>();
  readonly goals = new Map<string, Goal>();

  constructor(setup: OperationSetup) {
    this.setup = setup;
    this.graph = new DependencyGraph(setup.previous);
    this.olds = new Map(
      setup.previous.filter((resource) => !resource.delete).map((resource) => [resource.urn, resource]),
    );
  }

  /** The provider that manages a resource. */
  async providerOf(resource: ResourceState): Promise<Provider> {
    if (resource.provider === undefined) {
      throw new Error(`the resource ${resource.urn} has no provider`);
    }
    return await this.setup.providers.get(resource.provider);
  }

  /** Lets others see what became of a resource; what of it shall be secret is made so before. */
  record(resource: ResourceState): void {
    resource.outputs = outputsWithSecrets(resource);
    this.news.set(resource.urn, resource);
  }

  /** Whether only some resources are to be touched. */
  get isTargeted(): boolean {
    return (this.setup.options.targets ?? []).length > 0;
  }

  /** Whether the user wants a resource replaced, whatever its provider says. */
  isToBeReplaced(urn: string): boolean {
    return (this.setup.options.replace ?? []).includes(urn);
  }
}

/** Ends an operation that cannot go on; what is wrong has been reported already. */
export class Abort extends Error {
  override readonly name = "Abort";
}

/** The outputs, with what the program wants secret, and what was a secret input, as secrets. */
function outputsWithSecrets({ inputs, outputs, additionalSecretOutputs }: ResourceState): PropertyMap {
  const marked: PropertyMap = { ...outputs };
  for (const key of additionalSecretOutputs ?? []) {
    const value = marked[key];
    if (value !== undefined && key !== "id") {
      marked[key] = asSecret(value);
    }
  }
  for (const [key, value] of Object.entries(marked)) {
    if (isSecret(inputs?.[key])) {
      marked[key] = asSecret(value);
    }
  }
  return marked;
}

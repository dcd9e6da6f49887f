import type { PropertyMap, PropertyValue, ResourceState } from "../deployment.ts";
import { packageOf, STACK_TYPE } from "../urn.ts";
import { type Alias, type Goal, plainGoal } from "./goal.ts";
import type { Operation } from "./operation.ts";
import { isObject, mapValues, UNKNOWN } from "./property-values.ts";
import type { Registrar } from "./registrar.ts";

/** In inputs: an output of another resource of the program, by the other's name in it; `id` is its id. */
export interface OutputReference {
  ref: string;
  output: string;
}

/** A value in the inputs of a described resource. */
export type DescribedValue =
  | null
  | boolean
  | number
  | string
  | OutputReference
  | DescribedValue[]
  | { [key: string]: DescribedValue };

/** One resource of a program that is data. Names are unique in the program, whatever the type. */
export interface DescribedResource {
  /** As in `runner-pools:index:RunnerPool`. */
  type: string;
  name: string;
  inputs: Record<string, DescribedValue>;
  /** Name of the resource that is its parent. @default the stack */
  parent?: string;
  /** Names of resources that it waits for. */
  dependsOn?: readonly string[];
  /** Names that it had before, under the same type and parent. */
  aliases?: readonly string[];
  deleteBeforeReplace?: boolean;
}

/**
 * Registers described resources as a program in Node does: all at the same time, each as soon as what it refers to is
 * there, in the order in which they are declared. Settles when everything is registered or was refused.
 * @param onFailure told at once of each failure, as a program's engine is
 * @returns whether everything was registered
 */
export async function registerDescribed(
  resources: readonly DescribedResource[],
  registrar: Registrar,
  operation: Operation,
  onFailure: (error: Error) => void,
): Promise<boolean> {
  const { project, stack, dryRun } = operation.setup;
  const register = async (goal: Goal) => {
    const { state } = await registrar.register(goal, new Map(), {
      name: packageOf(goal.type),
      version: "",
    });
    return state;
  };
  const root = await register(plainGoal(STACK_TYPE, `${project}-${stack}`, false, {}));
  const done = new Map<string, Promise<ResourceState>>();
  const settle = new Map<string, (state: Promise<ResourceState>) => void>();
  for (const { name } of resources) {
    if (done.has(name)) throw new Error(`the described program has two resources named '${name}'`);
    const state = new Promise<ResourceState>((resolve) => settle.set(name, resolve));
    // Seen in the end, with all others: what waits for it may be told first.
    state.catch(() => {});
    done.set(name, state);
  }
  const other = (name: string, user: string): Promise<ResourceState> => {
    const found = done.get(name);
    if (found === undefined)
      throw new Error(`the described resource '${user}' refers to '${name}', which is not there`);
    return found;
  };

  async function start(resource: DescribedResource): Promise<ResourceState> {
    const { type, name, inputs, parent, dependsOn = [], aliases = [], deleteBeforeReplace } = resource;
    const states = new Map<string, ResourceState>();
    for (const needed of [...referencesIn(inputs), ...dependsOn, ...(parent === undefined ? [] : [parent])]) {
      states.set(needed, await other(needed, name));
    }
    const urnsOf = (names: readonly string[]) =>
      [...new Set(names)].map((each) => states.get(each)?.urn ?? "");
    const properties = Object.entries(inputs).map(([key, value]) => [key, referencesIn(value)] as const);
    return await register({
      ...plainGoal(
        type,
        name,
        true,
        mapValues(inputs as PropertyMap, (value) => resolve(value, states, dryRun)),
      ),
      parent: parent === undefined ? root.urn : states.get(parent)?.urn,
      dependencies: urnsOf([...referencesIn(inputs), ...dependsOn]),
      propertyDependencies: Object.fromEntries(properties.map(([key, names]) => [key, urnsOf(names)])),
      aliases: aliases.map((alias): Alias => ({ name: alias, noParent: false })),
      ...(deleteBeforeReplace !== undefined && { deleteBeforeReplace }),
    });
  }

  let isComplete = true;
  for (const resource of resources) {
    const state = start(resource);
    settle.get(resource.name)?.(state);
    state.catch((error: Error) => {
      isComplete = false;
      onFailure(error);
    });
  }
  await Promise.allSettled(done.values());
  if (isComplete) registrar.registerOutputs(root.urn, {});
  return isComplete;
}

/** Names of the resources that a value refers to. */
function referencesIn(value: DescribedValue | Record<string, DescribedValue>): string[] {
  if (isReference(value)) return [value.ref];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}

/** Whether a value stands for an output of another resource. */
export function isReference(value: unknown): value is OutputReference {
  return isObject(value as PropertyValue) && "ref" in (value as object) && "output" in (value as object);
}

/** What is not there in a preview is not known yet, as programs have it. */
function resolve(
  value: PropertyValue,
  states: ReadonlyMap<string, ResourceState>,
  dryRun: boolean,
): PropertyValue {
  if (isReference(value)) {
    const { ref, output } = value;
    const state = states.get(ref);
    const found = output === "id" ? state?.id || undefined : state?.outputs?.[output];
    if (found === undefined && !dryRun) throw new Error(`the described resource '${ref}' has no '${output}'`);
    return found ?? UNKNOWN;
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, states, dryRun));
  return isObject(value) ? mapValues(value, (item) => resolve(item, states, dryRun)) : value;
}

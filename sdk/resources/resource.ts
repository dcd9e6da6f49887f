import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../../provider/type-token";
import { refuseImport } from "./import-option";
import { controlPlaneInput, noteControlPlane, poolInput } from "./pool-input";

/** What a resource's definition says about its registration. Generated, one for every resource. */
export interface Registration {
  /** Name of the resource in type tokens, for example `RunnerPool`. */
  readonly type: string;
  /** Names of the properties that a program passes. */
  readonly inputs: readonly string[];
  /** Names of the properties that the provider fills in. */
  readonly outputs: readonly string[];
  /** Names of the inputs and outputs that are secret. */
  readonly secrets: readonly string[];
  /** Names of the inputs that take a `RunnerPool` in place of its id; `pool` brings `controlPlane`, too. */
  readonly poolReferences: readonly string[];
}

/** What all resources of this package have in common: how they are registered. */
export abstract class RunnerPoolsResource extends pulumi.CustomResource {
  /**
   * Registers the resource: in a program as a dynamic one, by reference, so that state holds no code, only a line that
   * requires this package and names the resource; in the plugin as one of the plugin's own. With `options.id` it reads
   * one that exists.
   * @throws pulumi.RunError where a program has the option `import`, which no dynamic resource can have.
   */
  constructor(
    registration: Registration,
    name: string,
    args: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
  ) {
    const { type, secrets } = registration;
    if (options.import !== undefined && !servedByPlugin) refuseImport(type, name, options.import);
    super(
      registeredType(type),
      name,
      {
        ...propertiesOf(registration, args ?? {}),
        // The engine tells a plugin the name, and a dynamic provider nothing. A check takes it out of
        // the inputs again. Pulumi's own classes have a field `__name`, so the property must be called otherwise.
        ...(!servedByPlugin && {
          __provider: providerReference(type),
          __resourceName: name,
          __resourcePath: pathOf(options.parent, name),
        }),
      },
      pulumi.mergeOptions(options, { additionalSecretOutputs: [...secrets] }),
    );
    noteControlPlane(this, args?.["controlPlane"]);
  }
}

/** Names and types of the components above a resource, and its own name: a dynamic provider gets to see no URN. */
function pathOf(parent: pulumi.Resource | undefined, name: string): string {
  const { __name, __pulumiType, __parentResource } = (parent ?? {}) as {
    __name?: string;
    __pulumiType?: string;
    __parentResource?: pulumi.Resource;
  };
  if (parent === undefined || __name === undefined) return name;
  return `${pathOf(__parentResource, `${__pulumiType}::${__name}`)}$${name}`;
}

/** The properties to register: those that are not passed too, since only what is named here becomes an output at once. */
function propertiesOf({ inputs, outputs, poolReferences }: Registration, args: pulumi.Inputs): pulumi.Inputs {
  return {
    ...Object.fromEntries([...inputs, ...outputs].map((key) => [key, undefined])),
    ...args,
    ...Object.fromEntries(poolReferences.map((key) => [key, poolInput(args[key])])),
    ...(poolReferences.length > 0 && { controlPlane: controlPlaneInput(args) }),
  };
}

let servedByPlugin = false;

/** From now on resources of this process belong to the plugin: its process calls this before it makes any. */
export function registerAsPluginResources(): void {
  servedByPlugin = true;
}

/** Whether this process is the plugin's, and not a program. */
export function isPluginProcess(): boolean {
  return servedByPlugin;
}

/** Type token under which resources of this process are registered. */
function registeredType(name: string): string {
  return servedByPlugin ? typeToken(name) : dynamicType(name);
}

/** Type token of a dynamic resource of this package. */
export function dynamicType(name: string): string {
  return `pulumi-nodejs:dynamic/runner-pools:${name}`;
}

/** What the dynamic host evaluates to get the resource's provider. It stands in state: keep it short, and keep it. */
export function providerReference(name: string): string {
  return `exports.handler=()=>require("pulumi-runner-pools/dynamic").${name}()`;
}

import * as pulumi from "@pulumi/pulumi";

/** What all resources of this package have in common: how they are registered. */
export abstract class RunnerPoolsResource extends pulumi.CustomResource {
  /**
   * Registers the resource: in a program as a dynamic one, by reference, so that state holds no code, only a line that
   * requires this package and names the resource; in the plugin as one of the plugin's own.
   * @param outputs names of the properties that the provider fills in.
   * @param secrets names of those that are secret.
   */
  constructor(
    name: string,
    resourceName: string,
    properties: pulumi.Inputs,
    outputs: readonly string[],
    secrets: readonly string[],
    options: pulumi.CustomResourceOptions,
  ) {
    super(
      registeredType(name),
      resourceName,
      {
        ...Object.fromEntries(outputs.map((output) => [output, undefined])),
        ...properties,
        ...(!servedByPlugin && { __provider: providerReference(name) }),
      },
      pulumi.mergeOptions(options, { additionalSecretOutputs: [...secrets] }),
    );
  }
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
  return servedByPlugin ? `runner-pools:index:${name}` : dynamicType(name);
}

/** Type token of a dynamic resource of this package. */
export function dynamicType(name: string): string {
  return `pulumi-nodejs:dynamic/runner-pools:${name}`;
}

/** What the dynamic host evaluates to get the resource's provider. It stands in state: keep it short, and keep it. */
export function providerReference(name: string): string {
  return `exports.handler=()=>require("pulumi-runner-pools/dynamic").${name}()`;
}

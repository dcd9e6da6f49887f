import type { ComponentResource, ComponentResourceOptions, Inputs, provider } from "@pulumi/pulumi";
import { packageVersion } from "../schema/package-schema-version";
import { components } from "./components";

/** The components as Pulumi's own server takes them. */
export class ComponentProvider implements provider.Provider {
  readonly version = packageVersion();

  async construct(
    name: string,
    type: string,
    inputs: Inputs,
    options: ComponentResourceOptions,
  ): Promise<provider.ConstructResult> {
    const construct = components[type];
    if (!construct) {
      throw new Error(
        `there is no component type ${type}: the runner-pools plugin has ${Object.keys(components).join(", ")}.`,
      );
    }
    const component: ComponentResource = construct(name, inputs, options);
    return { urn: component.urn, state: outputsOf(component) };
  }

  async call(token: string): Promise<provider.InvokeResult> {
    throw new Error(`there is no method ${token}: components of runner-pools have none.`);
  }
}

/** What a component shows: its own fields, but for those that the SDK keeps on every resource. */
function outputsOf(component: ComponentResource): Inputs {
  const fields = Object.entries(component).filter(([key]) => !key.startsWith("__") && key !== "urn");
  return Object.fromEntries(fields);
}

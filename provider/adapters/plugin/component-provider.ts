import {
  type ComponentResourceOptions,
  InputPropertiesError,
  type Inputs,
  type provider,
} from "@pulumi/pulumi";
import { registerAsPluginResources } from "../../../sdk/resources/resource";
import { packageVersion } from "../../package-root";
import { components } from "./components";

/** The components as Pulumi's own server takes them. */
export class ComponentProvider implements provider.Provider {
  readonly version = packageVersion();

  constructor() {
    registerAsPluginResources();
  }

  async construct(
    name: string,
    type: string,
    inputs: Inputs,
    options: ComponentResourceOptions,
  ): Promise<provider.ConstructResult> {
    const component = components.get(type);
    if (!component) {
      throw new Error(
        `there is no component type ${type}: the runner-pools plugin has ${[...components.keys()].join(", ")}.`,
      );
    }
    const { definition, construct } = component;
    const unknownInputs = Object.keys(inputs).filter((key) => !(key in definition.inputs.shape));
    if (unknownInputs.length > 0) {
      throw new InputPropertiesError({
        message: `${definition.name} "${name}"`,
        errors: unknownInputs.map((propertyPath) => ({
          propertyPath,
          reason: "there is no such property; check its spelling",
        })),
      });
    }
    const made = withoutRepetition(() => construct(name, inputs, options));
    const outputs = Object.keys(definition.outputs.shape);
    return { urn: made.urn, state: Object.fromEntries(outputs.map((key) => [key, Reflect.get(made, key)])) };
  }

  async call(token: string): Promise<provider.InvokeResult> {
    throw new Error(`there is no method ${token}: components of runner-pools have none.`);
  }
}

/**
 * A component that refuses its arguments says in its message which ones, for programs that make it themselves. The engine
 * lists them too: to it goes the first line only.
 */
function withoutRepetition<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!InputPropertiesError.isInstance(error)) throw error;
    const [message = ""] = error.message.split("\n");
    throw new InputPropertiesError({ message, errors: error.errors ?? [] });
  }
}

import { type ComponentDefinition, componentDefinitions } from "../provider/components/index";
import { providerConfiguration } from "../provider/control-planes/credentials/settings";
import { type FunctionDefinition, functionDefinitions } from "../provider/functions/definitions";
import { resourceDefinitions } from "../provider/resources";
import type { ResourceDefinition } from "../provider/resources/framework/definition";
import { typeToken } from "../provider/type-token";
import { packageLanguages } from "./package-schema-languages";
import { type PropertySpec, SchemaTypes } from "./package-schema-types";

/** Pulumi's description of the package, from which SDKs of all languages and the registry's pages are made. */
export function packageSchema(version: string): Readonly<Record<string, unknown>> {
  const types = new SchemaTypes();
  const resources = byToken(resourceDefinitions, (definition) => resourceSpec(definition, types));
  const components = byToken(componentDefinitions, (definition) => componentSpec(definition, types));
  const functions = byToken(functionDefinitions, (definition) => functionSpec(definition, types));
  const configuration = types.inputs(providerConfiguration).properties;
  return {
    name: "runner-pools",
    displayName: "Runner Pools",
    version,
    description:
      "Self-hosted runner pools as code: pools, tokens and assignments on Pulumi Cloud, env zero and HCP Terraform.",
    keywords: ["pulumi", "runner-pools", "kind/native", "category/infrastructure"],
    license: "Apache-2.0",
    language: packageLanguages,
    config: { variables: configuration },
    provider: {
      description:
        "How the control planes are reached. What is not given comes from the environment, under the names that the vendors' own tools use.",
      type: "object",
      inputProperties: configuration,
      properties: configuration,
    },
    types: types.all(),
    resources: { ...resources, ...components },
    functions,
  };
}

/** The text of schema.json. */
export function packageSchemaText(version: string): string {
  return `${JSON.stringify(packageSchema(version), undefined, 2)}\n`;
}

function resourceSpec(
  { name, description, inputs, outputs, replaceOn }: ResourceDefinition,
  types: SchemaTypes,
): unknown {
  const given = types.inputs(inputs);
  const [kept, made] = [types.outputs(inputs), types.outputs(outputs)];
  const marked = (properties: Readonly<Record<string, PropertySpec>>) =>
    Object.fromEntries(
      Object.entries(properties).map(([key, property]) => [
        key,
        replaceOn.includes(key) ? { ...property, replaceOnChanges: true } : property,
      ]),
    );
  return {
    description,
    inputProperties: marked(given.properties),
    requiredInputs: given.required,
    properties: { ...marked(withoutDefaults(kept.properties)), ...made.properties },
    required: [...kept.required, ...made.required],
    // State of a program that used the dynamic form of the resource is taken over, not replaced.
    aliases: [{ type: `pulumi-nodejs:dynamic/runner-pools:${name}` }],
  };
}

function componentSpec({ description, inputs, outputs }: ComponentDefinition, types: SchemaTypes): unknown {
  const given = types.inputs(inputs);
  return {
    description,
    isComponent: true,
    inputProperties: given.properties,
    requiredInputs: given.required,
    ...types.outputs(outputs),
  };
}

function functionSpec({ description, inputs, outputs }: FunctionDefinition, types: SchemaTypes): unknown {
  return {
    description,
    inputs: { type: "object", ...types.inputs(inputs) },
    outputs: { type: "object", ...types.outputs(outputs) },
  };
}

/** Only what is passed has a default. */
function withoutDefaults(properties: Readonly<Record<string, PropertySpec>>): Record<string, PropertySpec> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, { default: _, ...property }]) => [key, property]),
  );
}

function byToken<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  describe: (definition: Definition) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    definitions.map((definition) => [typeToken(definition.name), describe(definition)]),
  );
}

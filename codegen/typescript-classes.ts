import type { z } from "zod";
import {
  metaOf,
  type ResourceDefinition,
  secretProperties,
} from "../provider/resources/framework/definition";
import { argsInterface, jsDoc, type Nested, plainType } from "./typescript";

const header = `// Generated from the definitions by \`npm run generate\`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { PoolInput } from "../pool-input";
import { type Registration, RunnerPoolsResource } from "../resource";`;

/** TypeScript of all resources: their arguments, and the classes that programs make them with. */
export function resourcesTypescript(definitions: readonly ResourceDefinition[]): string {
  const nested: Nested = new Map();
  const resources = definitions.flatMap((definition) => [
    argsInterface(`${definition.name}Args`, definition.description, definition.inputs, nested),
    registration(definition),
    resourceClass(definition, nested),
  ]);
  const types = [...nested.values()].flatMap(({ args, plain }) => [args, plain]);
  return `${[header, ...types, ...resources].join("\n\n")}\n`;
}

/** What the class of a resource must know of its definition when it registers the resource. */
function registration({ name, inputs, outputs }: ResourceDefinition): string {
  const lists = {
    inputs: Object.keys(inputs.shape),
    outputs: Object.keys(outputs.shape),
    secrets: [...new Set([...secretProperties(inputs.shape), ...secretProperties(outputs.shape)])],
    poolReferences: inputsWhere(inputs, (meta) => meta["reference"] === "RunnerPool"),
  };
  const fields = Object.entries(lists).map(([key, list]) => `  ${key}: ${JSON.stringify(list)},`);
  return `const ${registrationName(name)}: Registration = {\n  type: ${JSON.stringify(name)},\n${fields.join("\n")}\n};`;
}

function resourceClass(definition: ResourceDefinition, nested: Nested): string {
  const { name, description, example } = definition;
  const documentation = jsDoc([description, `@example\n\`\`\`ts\n${example}\n\`\`\``], "");
  const members = [...properties(definition, nested), constructorOf(definition), ...getOf(definition)];
  return `${documentation}export class ${name} extends RunnerPoolsResource {\n${members.join("\n\n")}\n}`;
}

function properties(definition: ResourceDefinition, nested: Nested): string[] {
  const shape = { ...definition.inputs.shape, ...definition.outputs.shape };
  const fields = Object.entries(shape).map(([key, value]) => {
    const property = value as z.ZodType;
    // A property with a default, unlike one that may be absent, always has a value in the end.
    const absent = property.def.type === "optional" ? " | undefined" : "";
    const type = `pulumi.Output<${plainType(property, nested)}${absent}>`;
    return `${jsDoc([metaOf(property)["description"]], "  ")}  declare readonly ${key}: ${type};`;
  });
  return [fields.join("\n")];
}

function constructorOf({ name }: ResourceDefinition): string {
  return `  constructor(name: string, args: ${name}Args, options: pulumi.CustomResourceOptions = {}) {
    super(${registrationName(name)}, name, args, options);
  }`;
}

function getOf({ name, importId }: ResourceDefinition): string[] {
  if (importId === undefined) return [];
  const documentation = jsDoc(
    [
      `An existing \`${name}\`, which this program reads and does not manage.`,
      `@param id for example ${importId}.`,
    ],
    "  ",
  );
  return [
    `${documentation}  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): ${name} {
    return new this(name, {} as ${name}Args, { ...options, id });
  }`,
  ];
}

function inputsWhere({ shape }: z.ZodObject, holds: (meta: Record<string, unknown>) => boolean): string[] {
  return Object.keys(shape).filter((key) => holds(metaOf(shape[key] as z.ZodType)));
}

function registrationName(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Registration`;
}

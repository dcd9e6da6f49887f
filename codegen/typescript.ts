import type { z } from "zod";
import { metaOf, type ResourceDefinition, unwrap } from "../provider/resources/definition";

/** TypeScript of a resource: its arguments, and a base class that has its properties. */
export function typescriptOf(definitions: readonly ResourceDefinition[]): string {
  const nested: Nested = new Map();
  const resources = definitions.flatMap((definition) => [
    argsInterface(`${definition.name}Args`, definition.description, definition.inputs, nested),
    propertiesClass(definition, nested),
  ]);
  const types = [...nested.values()].flatMap(({ args, plain }) => [args, plain]);
  return `${[header, ...types, ...resources].join("\n\n")}\n`;
}

const header = `// Generated from the definitions by \`npm run generate\`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { RunnerPoolsResource } from "../resource";
import type { RunnerPool } from "../runner-pool";`;

/** Interfaces of the objects that properties refer to, by name: what a program may pass, and what it gets. */
export type Nested = Map<string, { readonly args: string; readonly plain: string }>;

/** Interface of what a program may pass. */
export function argsInterface(
  name: string,
  description: string,
  schema: z.ZodObject,
  nested: Nested,
): string {
  const fields = Object.entries(schema.shape).map(([key, value]) => {
    const property = value as z.ZodType;
    const optional = isOptional(property) ? "?" : "";
    return `${doc(metaOf(property)["description"], "  ")}  ${key}${optional}: ${inputType(property, nested)};`;
  });
  return `${doc(description, "")}export interface ${name} {\n${fields.join("\n")}\n}`;
}

function propertiesClass(definition: ResourceDefinition, nested: Nested): string {
  const shape = { ...definition.inputs.shape, ...definition.outputs.shape };
  const fields = Object.entries(shape).map(([key, value]) => {
    const property = value as z.ZodType;
    // A property with a default, unlike one that may be absent, always has a value in the end.
    const absent = property.def.type === "optional" ? " | undefined" : "";
    const type = `pulumi.Output<${plainType(property, nested)}${absent}>`;
    return `${doc(metaOf(property)["description"], "  ")}  declare readonly ${key}: ${type};`;
  });
  return `/** Properties of \`${definition.name}\`. */\nexport abstract class ${definition.name}Properties extends RunnerPoolsResource {\n${fields.join("\n")}\n}`;
}

/** What a program may pass: inputs at every level, and a pool itself for its id. */
function inputType(schema: z.ZodType, nested: Nested): string {
  const inner = unwrap(schema);
  if (metaOf(schema)["plain"] === true) return plainType(schema, nested);
  if (metaOf(schema)["plain"] === "shape") return shapeType(schema, nested);
  if (metaOf(schema)["reference"] === "RunnerPool") return "pulumi.Input<string> | RunnerPool";
  const { type } = inner.def;
  if (type === "object") return `pulumi.Input<${objectType(schema, nested)}Args>`;
  if (type === "array")
    return `pulumi.Input<${inputType((inner as z.ZodArray).element as z.ZodType, nested)}[]>`;
  if (type === "record") {
    return `pulumi.Input<Record<string, ${inputType((inner as z.ZodRecord).valueType as z.ZodType, nested)}>>`;
  }
  const absent = metaOf(schema)["absent"] === true ? " | undefined" : "";
  return `pulumi.Input<${plainType(inner, nested)}${absent}>`;
}

/** What must be known when the program runs, down to the properties that may be inputs again. */
function shapeType(schema: z.ZodType, nested: Nested): string {
  const inner = unwrap(schema);
  return inner.def.type === "array"
    ? `${shapeType((inner as z.ZodArray).element as z.ZodType, nested)}[]`
    : `${objectType(schema, nested)}Args`;
}

/** What a program gets. */
function plainType(schema: z.ZodType, nested: Nested): string {
  const inner = unwrap(schema);
  switch (inner.def.type) {
    case "string":
      return "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "enum":
      return (inner as z.ZodEnum).options.map((option) => JSON.stringify(option)).join(" | ");
    case "array":
      return `${plainType((inner as z.ZodArray).element as z.ZodType, nested)}[]`;
    case "record":
      return `Record<string, ${plainType((inner as z.ZodRecord).valueType as z.ZodType, nested)}>`;
    case "object":
      return objectType(schema, nested);
    default:
      throw new TypeError(`the generator knows no ${inner.def.type}`);
  }
}

function objectType(schema: z.ZodType, nested: Nested): string {
  const meta = metaOf(schema);
  const inner = unwrap(schema) as z.ZodObject;
  const name = meta["typeName"];
  if (typeof name !== "string") throw new TypeError("an object in a resource needs meta({ typeName })");
  if (!nested.has(name)) {
    nested.set(name, { args: "", plain: "" });
    const description = String(meta["description"] ?? "");
    nested.set(name, {
      plain: plainInterface(name, description, inner, nested),
      args: argsInterface(`${name}Args`, description, inner, nested),
    });
  }
  return name;
}

/** Interface of plain values. */
export function plainInterface(
  name: string,
  description: string,
  schema: z.ZodObject,
  nested: Nested,
): string {
  const fields = Object.entries(schema.shape).map(([key, value]) => {
    const property = value as z.ZodType;
    const optional = isOptional(property) ? "?" : "";
    return `${doc(metaOf(property)["description"], "  ")}  readonly ${key}${optional}: ${plainType(property, nested)};`;
  });
  return `${doc(description, "")}export interface ${name} {\n${fields.join("\n")}\n}`;
}

function isOptional(schema: z.ZodType): boolean {
  return schema.isOptional() || metaOf(schema)["defaultsToResourceName"] === true;
}

function doc(description: unknown, indent: string): string {
  if (typeof description !== "string" || description === "") return "";
  return `${indent}/** ${description.replaceAll("*/", "*\\/")} */\n`;
}

import type { z } from "zod";
import { isOptionalInput, metaOf, unwrap } from "../provider/resources/framework/definition";

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
    const optional = isOptionalInput(property) ? "?" : "";
    return `${propertyDoc(property)}  ${key}${optional}: ${inputType(property, nested)};`;
  });
  return `${jsDoc([description], "")}export interface ${name} {\n${fields.join("\n")}\n}`;
}

/** As {@link argsInterface}, of an object with exactly one of its properties: editors and compilers see no other form. */
function argsChoice(name: string, description: string, schema: z.ZodObject, nested: Nested): string {
  const properties = Object.entries(schema.shape) as [string, z.ZodType][];
  const forms = properties.map(([key, property]) => {
    const others = properties
      .filter(([other]) => other !== key)
      .map(([other]) => `      ${other}?: undefined;\n`);
    const own = `${propertyDoc(property, "      ")}      ${key}: ${inputType(property, nested)};\n`;
    return `  | {\n${own}${others.join("")}    }`;
  });
  return `${jsDoc([description], "")}export type ${name} =\n${forms.join("\n")};`;
}

/** What a program may pass: inputs at every level, and a pool itself for its id. */
function inputType(schema: z.ZodType, nested: Nested): string {
  const inner = unwrap(schema);
  if (metaOf(schema)["plain"] === true) return plainType(schema, nested);
  if (metaOf(schema)["plain"] === "shape") return shapeType(schema, nested);
  if (metaOf(schema)["reference"] === "RunnerPool") return "PoolInput";
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
export function plainType(schema: z.ZodType, nested: Nested): string {
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
      args: (meta["exactlyOne"] === true ? argsChoice : argsInterface)(
        `${name}Args`,
        description,
        inner,
        nested,
      ),
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
    const optional = isOptionalInput(property) ? "?" : "";
    return `${propertyDoc(property)}  readonly ${key}${optional}: ${plainType(property, nested)};`;
  });
  return `${jsDoc([description], "")}export interface ${name} {\n${fields.join("\n")}\n}`;
}

/** What a property is for, and what it is where a program leaves it out. */
function propertyDoc(schema: z.ZodType, indent = "  "): string {
  const { defaultValue } = schema.def as { defaultValue?: unknown };
  const standard = defaultValue === undefined ? undefined : `@default ${JSON.stringify(defaultValue)}`;
  return jsDoc([metaOf(schema)["description"], standard], indent);
}

/** A JSDoc comment of the paragraphs that are texts: on one line where there is one of one line, nothing for none. */
export function jsDoc(paragraphs: readonly unknown[], indent: string): string {
  const texts = paragraphs.filter((text): text is string => typeof text === "string" && text !== "");
  const lines = texts.join("\n\n").replaceAll("*/", "*\\/").split("\n");
  if (texts.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} *${line && ` ${line}`}\n`).join("");
  return `${indent}/**\n${body}${indent} */\n`;
}

import type { z } from "zod";
import { isOptionalInput, metaOf, unwrap } from "../provider/resources/framework/definition";
import { typeToken } from "../provider/type-token";

/** A property, or a type, as the package schema describes it. */
export type PropertySpec = Readonly<Record<string, unknown>>;

/** An object or an enumeration with a name of its own. */
export type TypeSpec = Readonly<Record<string, unknown>>;

/** Properties of an object with the names of those that must be there. */
export interface ObjectSpec {
  readonly properties: Readonly<Record<string, PropertySpec>>;
  readonly required: readonly string[];
}

/** Gathers the named types that properties refer to while it describes them. */
export class SchemaTypes {
  private readonly found = new Map<string, TypeSpec>();

  /** Every named type so far, by its token, sorted. */
  all(): Record<string, TypeSpec> {
    return Object.fromEntries([...this.found].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** What a program passes: what has a default may be left out. */
  inputs({ shape }: z.ZodObject): ObjectSpec {
    return this.object(shape, (schema) => !isOptionalInput(schema));
  }

  /** What a program gets: what has a default always has a value in the end. */
  outputs({ shape }: z.ZodObject): ObjectSpec {
    return this.object(shape, (schema) => schema.def.type !== "optional");
  }

  private object(shape: z.ZodObject["shape"], isRequired: (schema: z.ZodType) => boolean): ObjectSpec {
    const properties = Object.entries(shape as Record<string, z.ZodType>);
    return {
      properties: Object.fromEntries(properties.map(([key, schema]) => [key, this.property(schema)])),
      required: properties.filter(([, schema]) => isRequired(schema)).map(([key]) => key),
    };
  }

  private property(schema: z.ZodType): PropertySpec {
    const { description, secret, plain } = metaOf(schema);
    const { defaultValue } = schema.def as { defaultValue?: unknown };
    return {
      ...this.type(schema),
      ...(plain !== undefined && { plain: true }),
      description,
      ...(defaultValue !== undefined && { default: defaultValue }),
      ...(secret === true && { secret: true }),
    };
  }

  private type(schema: z.ZodType): PropertySpec {
    const inner = unwrap(schema);
    switch (inner.def.type) {
      case "string":
      case "boolean":
        return { type: inner.def.type };
      case "number":
        return { type: (inner.def as { check?: string }).check === "number_format" ? "integer" : "number" };
      case "enum":
        return this.reference(schema, (name) => enumSpec(name, inner as z.ZodEnum, metaOf(schema)));
      case "array":
        return { type: "array", items: this.type((inner as z.ZodArray).element as z.ZodType) };
      case "record":
        return {
          type: "object",
          additionalProperties: this.type((inner as z.ZodRecord).valueType as z.ZodType),
        };
      case "object":
        return this.reference(schema, () => ({
          description: metaOf(schema)["description"],
          type: "object",
          ...this.outputs(inner as z.ZodObject),
        }));
      default:
        throw new TypeError(`the package schema knows no ${inner.def.type}`);
    }
  }

  private reference(schema: z.ZodType, describe: (name: string) => TypeSpec): PropertySpec {
    const name = metaOf(schema)["typeName"];
    if (typeof name !== "string") {
      throw new TypeError(
        `an object or enum in the package schema needs meta({ typeName }): ${metaOf(schema)["description"]}`,
      );
    }
    const token = typeToken(name);
    if (!this.found.has(token)) this.found.set(token, describe(name));
    return { $ref: `#/types/${token}` };
  }
}

function enumSpec(name: string, schema: z.ZodEnum, { description }: Record<string, unknown>): TypeSpec {
  const values = schema.options.map(String).map((value) => ({ name: pascalCase(value), value }));
  return { description: `${name}: ${description}`, type: "string", enum: values };
}

/** `pulumi-cloud` as the name of a constant, `PulumiCloud`. */
function pascalCase(value: string): string {
  return value
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

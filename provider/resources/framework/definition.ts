import type { z } from "zod";

/**
 * One custom resource, described once: validation, TypeScript arguments, package schema and documentation are all made
 * from it, and so are the classes of the SDK. Property descriptions sit on the zod schemas; `.meta({ secret: true })`
 * marks a secret, `.meta({ stable: true })` an output that no update changes, and
 * `.meta({ defaultsToResourceName: true })` and `.meta({ defaultsToPool: true })` an input that a program may leave out,
 * `.meta({ exactlyOne: true })` an object that has exactly one of its properties.
 */
export interface ResourceDefinition {
  /** Name of the class and last part of the type token, for example `RunnerPool`. */
  readonly name: string;
  /** What the resource is, in Markdown. */
  readonly description: string;
  readonly inputs: z.ZodObject;
  /** What the resource knows besides its inputs. */
  readonly outputs: z.ZodObject;
  /** Inputs whose change makes a new resource. */
  readonly replaceOn: readonly string[];
  /** TypeScript that makes one, for the documentation of its class. */
  readonly example: string;
  /** Form of the ids by which existing ones are imported or read, in Markdown. Absent: there is nothing to import. */
  readonly importId?: string;
}

/** Keeps the exact types of a definition. */
export function defineResource<Definition extends ResourceDefinition>(definition: Definition): Definition {
  return definition;
}

/** The inputs of a definition once they are checked: defaults are filled in. */
export type InputsOf<Definition extends ResourceDefinition> = z.output<Definition["inputs"]>;

/** Everything that state holds of a resource: its inputs and its outputs. */
export type StateOf<Definition extends ResourceDefinition> = z.output<Definition["inputs"]> &
  z.output<Definition["outputs"]>;

/** Names of the properties of a shape that are marked as secret. */
export function secretProperties(shape: z.ZodObject["shape"]): string[] {
  return Object.keys(shape).filter((key) => metaOf(shape[key] as z.ZodType)["secret"] === true);
}

/** Metadata of a schema, also where it was given before `.optional()` or `.default()`. */
export function metaOf(schema: z.ZodType): Record<string, unknown> {
  const own = schema.meta() ?? {};
  const inner = innerOf(schema);
  return inner ? { ...metaOf(inner), ...own } : own;
}

/** Whether a program may leave the input out, also where a check then fills it in. */
export function isOptionalInput(schema: z.ZodType): boolean {
  const { defaultsToResourceName, defaultsToPool } = metaOf(schema);
  return schema.isOptional() || defaultsToResourceName === true || defaultsToPool === true;
}

/** The schema itself, below `.optional()` and `.default()`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const inner = innerOf(schema);
  return inner ? unwrap(inner) : schema;
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  return (schema.def as { innerType?: z.ZodType }).innerType;
}

/** Inputs as they are known, with defaults where nothing is known: what a read gives for a state of an older version. */
export function inputsWithDefaults<Definition extends ResourceDefinition>(
  { inputs }: Definition,
  known: Readonly<Record<string, unknown>>,
): InputsOf<Definition> {
  const values = Object.entries(inputs.shape).flatMap(([key, schema]) => {
    const value = known[key] ?? (schema.def as { defaultValue?: unknown }).defaultValue;
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(values) as InputsOf<Definition>;
}

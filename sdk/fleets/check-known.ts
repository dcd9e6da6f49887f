import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { isOptionalInput, metaOf } from "../../provider/resources/framework/definition";
import { isPool, type PoolInput } from "../resources/pool-input";
import { isPluginProcess } from "../resources/resource";

/** Something wrong with an argument. */
export interface ArgumentProblem {
  /** For example `hosts[0].name`. */
  readonly propertyPath: string;
  /** What was expected, and what to do. */
  readonly reason: string;
}

/** Holds the arguments of a component against their schema, as far as they are known when the program runs. */
export function problemsOf(schema: z.ZodType, value: unknown, propertyPath = ""): ArgumentProblem[] {
  if (isLater(value) || (metaOf(schema)["reference"] === "RunnerPool" && isPool(value as PoolInput)))
    return [];
  const inner = unwrap(schema);
  const place = (key: string) => (propertyPath === "" ? key : `${propertyPath}.${key}`);
  if (value === undefined || value === null) {
    return isOptionalInput(schema) ? [] : [{ propertyPath, reason: "is missing" }];
  }
  if (inner.def.type === "object" && typeof value === "object") {
    const shape = (inner as z.ZodObject).shape as Record<string, z.ZodType>;
    const unknown = Object.keys(value).filter((key) => !(key in shape));
    return [
      ...unknown.map((key) => ({ propertyPath: place(key), reason: "there is no such property" })),
      ...Object.entries(shape).flatMap(([key, property]) =>
        problemsOf(property, Reflect.get(value, key), place(key)),
      ),
    ];
  }
  if (inner.def.type === "array" && Array.isArray(value)) {
    const element = (inner as z.ZodArray).element as z.ZodType;
    const inside = value.flatMap((item, index) => problemsOf(element, item, `${propertyPath}[${index}]`));
    const outside = value.length > 0 ? [] : leafProblems(schema, value, propertyPath);
    return [...outside, ...inside];
  }
  if (inner.def.type === "record" && typeof value === "object") {
    const element = (inner as z.ZodRecord).valueType as z.ZodType;
    return Object.entries(value).flatMap(([key, item]) => problemsOf(element, item, place(key)));
  }
  return leafProblems(schema, value, propertyPath);
}

function leafProblems(schema: z.ZodType, value: unknown, propertyPath: string): ArgumentProblem[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ message }) => ({ propertyPath, reason: message }));
}

/** What becomes known later, and resources, which stand for their ids. */
function isLater(value: unknown): boolean {
  return (
    pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.CustomResource.isInstance(value)
  );
}

function unwrap(schema: z.ZodType): z.ZodType {
  const inner = (schema.def as { innerType?: z.ZodType }).innerType;
  return inner ? unwrap(inner) : schema;
}

/** Ends the construction of a component, naming every argument that is wrong. */
export function refuse(component: string, name: string, problems: readonly ArgumentProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ propertyPath, reason }) => `\n  ${propertyPath}: ${reason}`);
  const message = `${component} "${name}" cannot be made:${lines.join("")}`;
  // A program shows all but a `RunError` with its stack trace; the plugin hands the single errors on to the engine.
  if (!isPluginProcess()) throw new pulumi.RunError(message);
  throw new pulumi.InputPropertiesError({
    message,
    errors: problems.map(({ propertyPath, reason }) => ({ propertyPath, reason })),
  });
}

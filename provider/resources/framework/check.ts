import type { z } from "zod";
import { SettingsError } from "../../control-planes/credentials/sources";
import { isLeftToPool, missingControlPlane, placeOf, withControlPlaneOfPool } from "../control-plane-of-pool";
import { metaOf, secretProperties } from "./definition";
import type { Lifecycle, LifecycleContext, Properties, RotationPart } from "./lifecycle";
import { containsUnknown, unknownValue } from "./unknown";
import type { Violation } from "./violation";

/** What a check gives. */
export interface Checked {
  /** The inputs with defaults filled in and in canonical form. */
  readonly inputs: Properties;
  readonly violations: readonly Violation[];
}

/**
 * Validates the inputs of a resource. Never throws on bad input. Values that are not known yet (previews) are taken as
 * right.
 * @param options.previous inputs of the last deployment; absent for a resource that is new.
 * @param options.resourceName default of the properties that default to it, where the caller knows it.
 * @param options.rotation part of a token in a rotation; `formerRotation`: that of the last deployment.
 * @param options.skipCredentials they cannot be looked up yet.
 */
export function checkInputs(
  lifecycle: Lifecycle,
  given: Readonly<Record<string, unknown>>,
  context: LifecycleContext,
  {
    previous,
    resourceName,
    rotation,
    formerRotation,
    skipCredentials = false,
  }: {
    previous?: Properties | undefined;
    resourceName?: string | undefined;
    rotation?: RotationPart | undefined;
    formerRotation?: RotationPart | undefined;
    skipCredentials?: boolean;
  } = {},
): Checked {
  const { shape } = lifecycle.definition.inputs;
  const inputs = withControlPlaneOfPool(shape, withDefaults(shape, given, resourceName, previous), previous);
  const { parsed, violations } = parse(lifecycle.definition.inputs, inputs);
  if (violations.length > 0) return { inputs, violations };
  const known = withoutUnknowns(inputs);
  const isUnknown = (property: string) => containsUnknown(inputs[property]);
  const broken = [
    ...lifecycle.rules(known, { isUnknown, previous, rotation, formerRotation }),
    ...(skipCredentials ? [] : checkCredentials(known, context)),
  ];
  if (broken.length > 0) return { inputs, violations: broken };
  const place = placeOf(shape, inputs, context, {
    previous,
    isLeftOut: given["controlPlane"] === undefined || given["controlPlane"] === null,
    isReachable: !skipCredentials,
  });
  if (place.violations.length > 0 || containsUnknown(place.inputs)) return place;
  const complete =
    parsed && place.inputs === inputs ? parsed : lifecycle.definition.inputs.parse(place.inputs);
  return { inputs: lifecycle.normalize?.(complete, previous) ?? complete, violations: [] };
}

/** `given` without what has no value, and with the defaults of what is missing. */
export function withDefaults(
  shape: z.ZodObject["shape"],
  given: Readonly<Record<string, unknown>>,
  resourceName?: string,
  previous?: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined && value !== null) inputs[key] = value;
  }
  for (const [key, schema] of Object.entries(shape)) {
    if (inputs[key] !== undefined) continue;
    const { defaultValue } = schema.def as { defaultValue?: unknown };
    if (defaultValue !== undefined) inputs[key] = defaultValue;
    else if (
      resourceName &&
      defaultsToResourceName(schema as z.ZodType, inputs) &&
      !isLeftOpen(previous, key)
    )
      inputs[key] = resourceName;
  }
  return inputs;
}

/** What the resource was made or taken over without stays undeclared. */
function isLeftOpen(previous: Readonly<Record<string, unknown>> | undefined, key: string): boolean {
  return previous !== undefined && previous[key] === undefined;
}

function defaultsToResourceName(schema: z.ZodType, inputs: Record<string, unknown>): boolean {
  const { defaultsToResourceName: defaults, unlessGiven } = metaOf(schema);
  return defaults === true && !(typeof unlessGiven === "string" && inputs[unlessGiven] !== undefined);
}

/** What is wrong with `inputs`, each with the path of its property. Values that are not known yet are taken as right. */
export function validate(schema: z.ZodObject, inputs: Record<string, unknown>): Violation[] {
  return parse(schema, inputs).violations;
}

/** As {@link validate}, and what the schema makes of inputs that are all known and right. */
function parse(
  schema: z.ZodObject,
  inputs: Record<string, unknown>,
): { parsed?: Record<string, unknown>; violations: Violation[] } {
  const result = schema.safeParse(inputs);
  if (result.success) return { parsed: result.data, violations: [] };
  const violations = result.error.issues
    .filter((issue) => !containsUnknown(valueAt(inputs, issue.path)))
    .map((issue) => describe(issue, inputs, schema.shape));
  return { violations };
}

function describe(
  issue: z.core.$ZodIssue,
  inputs: Record<string, unknown>,
  shape: z.ZodObject["shape"],
): Violation {
  const path = pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    return {
      property: path ? `${path}.${key}` : key,
      reason: "there is no such property; check its spelling",
    };
  }
  if (path === "controlPlane" && inputs["controlPlane"] === undefined && isLeftToPool(shape)) {
    return { property: path, reason: missingControlPlane(inputs) };
  }
  if (issue.code === "invalid_type" && valueAt(inputs, issue.path) === undefined) {
    return { property: path, reason: `is required (${issue.expected})` };
  }
  if (issue.code === "invalid_type") {
    return { property: path, reason: `must be of type ${issue.expected}${notValue(issue, inputs, shape)}` };
  }
  const isOneOf = issue.code === "invalid_value";
  return { property: path, reason: `${issue.message}${isOneOf ? notValue(issue, inputs, shape) : ""}` };
}

/** What was given instead, where that fits into a sentence and is no secret. */
function notValue(
  { path }: z.core.$ZodIssue,
  inputs: Record<string, unknown>,
  shape: z.ZodObject["shape"],
): string {
  const value = valueAt(inputs, path);
  if (secretProperties(shape).includes(String(path[0]))) return "";
  return ["string", "number", "boolean"].includes(typeof value) ? `, not ${JSON.stringify(value)}` : "";
}

function checkCredentials(inputs: Record<string, unknown>, context: LifecycleContext): Violation[] {
  const address = inputs["controlPlane"] as Parameters<typeof context.connections.connect>[0] | undefined;
  if (!address?.kind || !address.organization) return [];
  try {
    context.connections.connect(address);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return [{ property: "controlPlane", reason: error.message }];
    throw error;
  }
}

/** A copy without the values that are not known yet. Lists with an unknown item are left out whole. */
function withoutUnknowns(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== unknownValue && !(Array.isArray(item) && containsUnknown(item)))
      .map(([key, item]) => [key, isRecord(item) ? withoutUnknowns(item) : item]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((here, key) => (here as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key),
    "",
  );
}

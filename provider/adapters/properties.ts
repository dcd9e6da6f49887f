import { type ResourceDefinition, secretProperties } from "../resources/framework/definition";
import type { Properties, RotationPart } from "../resources/framework/lifecycle";

/** Key that marks an object on the wire as a value of a special kind. (Pulumi's `specialSigKey`.) */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** The kinds of special values, by their signatures. (Pulumi's `special…Sig`.) */
export const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
} as const;

/** Property by which a class of the SDK tells a dynamic provider the resource's name. It is no input: a check takes it out. */
export const resourceNameKey = "__resourceName";

/** Property by which a class of the SDK tells a dynamic provider where in the program the resource is. It is no input either. */
export const resourcePathKey = "__resourcePath";

/**
 * Property by which a `RotatingPoolToken` tells which of its two tokens one is. No lifecycle gets to see it; a check
 * leaves it with the inputs that the engine keeps, so that the next check knows what the token was.
 */
const rotationKey = "__rotation";

/** Inputs and outputs that hosts and engines keep for themselves. */
const reservedKeys = new Set(["__provider", "__defaults", resourceNameKey, resourcePathKey, rotationKey]);

/** The properties that are the resource's own. What has no value is left out, in nested objects too: it may come from an output. */
export function ownProperties(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key, value]) => !reservedKeys.has(key) && !isMissing(value))
      .map(([key, value]) => [key, without(isMissing, value)]),
  );
}

/** A copy without `undefined`, at any depth: the wire has no form for it. */
export function withoutUndefined<Value>(value: Value): Value {
  return without((item) => item === undefined, value) as Value;
}

/** A copy whose objects, at any depth, lack the properties that are absent. */
function without(isAbsent: (value: unknown) => boolean, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => without(isAbsent, item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => !isAbsent(item));
  return Object.fromEntries(entries.map(([key, item]) => [key, without(isAbsent, item)]));
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A value in the form that marks it as secret. */
export function asSecret(value: unknown): Properties {
  return { [signatureKey]: signatures.secret, value };
}

const secretKeys = new WeakMap<ResourceDefinition, ReadonlySet<string>>();

/** Names of the properties of a resource that are secret by their definition. */
export function secretKeysOf(definition: ResourceDefinition): ReadonlySet<string> {
  const known = secretKeys.get(definition);
  if (known) return known;
  const { inputs, outputs } = definition;
  const keys = new Set([...secretProperties(inputs.shape), ...secretProperties(outputs.shape)]);
  secretKeys.set(definition, keys);
  return keys;
}

/** Which part of a `RotatingPoolToken` a token is, by the inputs of a program or of its last deployment. */
export function rotationIn(properties: Properties): RotationPart | undefined {
  const part = properties[rotationKey];
  return part === "current" || part === "previous" ? part : undefined;
}

/** Inputs as the engine is to keep them: with the part in a rotation that `others` tell. */
export function withRotation(inputs: Properties, others: Properties): Properties {
  const part = rotationIn(others);
  return part === undefined ? inputs : { ...inputs, [rotationKey]: part };
}

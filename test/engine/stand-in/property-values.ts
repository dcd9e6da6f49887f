import { isDeepStrictEqual } from "node:util";
import type { PropertyMap, PropertyValue } from "../deployment.ts";

/** Key that marks an object as something else than an object (`resource.SigKey` in Pulumi's Go SDK). */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
/** The signature of a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_REFERENCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stands for a value that is known only after an update, whatever its type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is an object without a signature, or any signed one. */
export function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSigned(value: PropertyValue | undefined, signature: string): value is PropertyMap {
  return isObject(value) && value[SIGNATURE_KEY] === signature;
}

/** Whether a value itself (not something inside it) is a secret. */
export function isSecret(value: PropertyValue | undefined): value is PropertyMap {
  return isSigned(value, SECRET_SIGNATURE);
}

/** A value as a secret; one that is a secret already stays as it is. */
export function asSecret(value: PropertyValue): PropertyMap {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Whether there is a secret anywhere in a value. */
export function containsSecrets(value: PropertyValue | undefined): boolean {
  return isSecret(value) || children(value).some(containsSecrets);
}

/** Whether there is an unknown anywhere in a value. */
export function containsUnknowns(value: PropertyValue | undefined): boolean {
  return value === UNKNOWN || children(value).some(containsUnknowns);
}

function children(value: PropertyValue | undefined): PropertyValue[] {
  if (Array.isArray(value)) {
    return value;
  }
  return isObject(value) ? Object.values(value) : [];
}

/** Equal in content, whatever the order of keys. */
export function equalValues(one: PropertyValue | undefined, other: PropertyValue | undefined): boolean {
  return isDeepStrictEqual(one, other);
}

/** A value without the marks of its secrets. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
  return mapSigned(value, (signed) =>
    isSecret(signed) ? withoutSecrets(signed["value"] ?? null) : undefined,
  );
}

/** All properties without the marks of their secrets. */
export function mapWithoutSecrets(properties: PropertyMap): PropertyMap {
  return mapValues(properties, withoutSecrets);
}

/** Resource references as what a provider gets that does not know them: the id, or the URN of a component. */
export function withoutReferences(value: PropertyValue): PropertyValue {
  return mapSigned(value, (signed) =>
    isSigned(signed, RESOURCE_REFERENCE_SIGNATURE) ? (signed["id"] ?? signed["urn"] ?? null) : undefined,
  );
}

/** Output values as what the engine keeps: an unknown, a secret or the plain value. */
export function withoutOutputValues(value: PropertyValue): PropertyValue {
  return mapSigned(value, (signed) => {
    if (!isSigned(signed, OUTPUT_VALUE_SIGNATURE)) {
      return undefined;
    }
    const known = "value" in signed;
    const inner = known ? withoutOutputValues(signed["value"] ?? null) : UNKNOWN;
    return signed["secret"] === true ? asSecret(inner) : inner;
  });
}

/** The URNs that the output values in a value depend on. */
export function outputDependencies(value: PropertyValue): string[] {
  if (isSigned(value, OUTPUT_VALUE_SIGNATURE)) {
    const own = Array.isArray(value["dependencies"]) ? value["dependencies"] : [];
    return [...own.map(String), ...outputDependencies(value["value"] ?? null)];
  }
  return children(value).flatMap(outputDependencies);
}

/**
 * Marks as secret what a provider gave back in plain under the key of a secret input: a provider that does not
 * accept secrets gets plain values, so nothing but the key tells that they still are secrets.
 */
export function annotateSecrets(outputs: PropertyMap, inputs: PropertyMap): void {
  for (const [key, input] of Object.entries(inputs)) {
    const output = outputs[key];
    if (output === undefined) {
      continue;
    }
    if (isPlainObject(output) && isPlainObject(input)) {
      annotateSecrets(output, input);
    } else if (!isSecret(output) && containsSecrets(input)) {
      outputs[key] = asSecret(output);
    }
  }
}

function isPlainObject(value: PropertyValue): value is PropertyMap {
  return isObject(value) && !(SIGNATURE_KEY in value);
}

/** Every value of a map, changed. */
export function mapValues(
  properties: PropertyMap,
  change: (value: PropertyValue) => PropertyValue,
): PropertyMap {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value)]));
}

/** Rebuilds a value; `replace` is asked for each signed object and leaves it alone by answering undefined. */
function mapSigned(
  value: PropertyValue,
  replace: (signed: PropertyMap) => PropertyValue | undefined,
): PropertyValue {
  if (Array.isArray(value)) {
    return value.map((item) => mapSigned(item, replace));
  }
  if (!isObject(value)) {
    return value;
  }
  if (SIGNATURE_KEY in value) {
    const replaced = replace(value);
    if (replaced !== undefined) {
      return replaced;
    }
  }
  return mapValues(value, (item) => mapSigned(item, replace));
}

import { redact } from "../../control-planes/http/redact";
import type { Properties } from "../../resources/framework/lifecycle";
import { unknownValue } from "../../resources/framework/unknown";
import type { Violation } from "../../resources/framework/violation";
import { asSecret, ownProperties, signatureKey, signatures, withoutUndefined } from "../properties";

/** Where a secret is: keys from the top. A secret in a list makes the whole list one, since items have no fixed place. */
export type SecretPath = readonly string[];

/** Properties from the wire as plain values. What is not known yet is {@link unknownValue}. */
export interface Received {
  readonly values: Properties;
  readonly secrets: readonly SecretPath[];
}

/** Properties of a request. An absent message is an empty one. */
export function received(wire: Properties | undefined): Received {
  return receive(wire ?? {});
}

/** Takes secrets, outputs and references to resources out of their wire forms, and remembers what was secret. */
export function receive(wire: Properties): Received {
  const secrets: string[][] = [];
  return { values: ownProperties(unwrapObject(wire, [], secrets)), secrets };
}

/** The wire form of properties, with those secret that are named. */
export function send(values: Properties, secrets: Iterable<SecretPath>): Properties {
  let wire = withoutUndefined(values);
  for (const path of secrets) wire = markSecret(wire, path);
  return wire;
}

/** A list of secret paths that also holds top-level properties by name. */
export function withSecretKeys(paths: readonly SecretPath[], keys: Iterable<string>): SecretPath[] {
  return [...paths, ...[...keys].map((key) => [key])];
}

/** What is wrong with the arguments of a function, or what an error carries, without secrets. */
export function propertyFailures(failures: readonly Violation[]): { property: string; reason: string }[] {
  return failures.map(({ property, reason }) => ({ property, reason: redact(reason) }));
}

function unwrap(value: unknown, path: readonly string[], secrets: string[][]): unknown {
  if (Array.isArray(value)) {
    const inner: string[][] = [];
    const items = value.map((item) => unwrap(item, [], inner));
    if (inner.length > 0) secrets.push([...path]);
    return items;
  }
  if (!isObject(value)) return value;
  switch (value[signatureKey]) {
    case undefined:
      return unwrapObject(value, path, secrets);
    case signatures.secret:
      secrets.push([...path]);
      return unwrap(value["value"], path, secrets);
    case signatures.output:
      if (value["secret"] === true) secrets.push([...path]);
      return "value" in value ? unwrap(value["value"], path, secrets) : unknownValue;
    case signatures.resource:
      // A resource stands for its id; a component, which has none, for its URN. An id that is empty is to come.
      return "id" in value ? unwrap(value["id"], path, secrets) || unknownValue : value["urn"];
    default:
      // Files and archives: no property of ours takes one, which the check then says.
      return value;
  }
}

function unwrapObject(value: Properties, path: readonly string[], secrets: string[][]): Properties {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, unwrap(item, [...path, key], secrets)]),
  );
}

function markSecret(value: Properties, [key, ...rest]: SecretPath): Properties {
  if (key === undefined) return value;
  const item = value[key];
  if (item === undefined || isSecret(item)) return value;
  if (rest.length === 0) return { ...value, [key]: asSecret(item) };
  return isObject(item) ? { ...value, [key]: markSecret(item, rest) } : value;
}

function isSecret(value: unknown): boolean {
  return isObject(value) && value[signatureKey] === signatures.secret;
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The type of the resource that every stack has. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

/** The parts of a URN: `urn:pulumi:<stack>::<project>::<parent types$type>::<name>`. */
export interface UrnParts {
  stack: string;
  project: string;
  /** Types of all parents and the own one, joined by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

/** Takes a URN apart. */
export function parseUrn(urn: string): UrnParts {
  const [prefix, project, qualifiedType, ...name] = urn.split("::");
  if (!prefix?.startsWith("urn:pulumi:") || project === undefined || !qualifiedType || name.length === 0) {
    throw new Error(`'${urn}' is not a URN (urn:pulumi:<stack>::<project>::<type>::<name>)`);
  }
  const type = qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
  return { stack: prefix.slice("urn:pulumi:".length), project, qualifiedType, type, name: name.join("::") };
}

/** The URN of a resource; a stack as its parent leaves no trace in it. */
export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const parentType = parent === undefined ? "" : parseUrn(parent).qualifiedType;
  const qualifiedType = parentType !== "" && parentType !== STACK_TYPE ? `${parentType}$${type}` : type;
  return `urn:pulumi:${stack}::${project}::${qualifiedType}::${name}`;
}

/** The name in a URN. */
export function urnName(urn: string): string {
  return parseUrn(urn).name;
}

/** The type in a URN. */
export function urnType(urn: string): string {
  return parseUrn(urn).type;
}

/** Whether a type is that of a provider. */
export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_TYPE_PREFIX);
}

/** The type of a package's provider. */
export function providerType(packageName: string): string {
  return `${PROVIDER_TYPE_PREFIX}${packageName}`;
}

/** The package that a provider type or any other type belongs to. */
export function packageOf(type: string): string {
  const name = isProviderType(type) ? type.slice(PROVIDER_TYPE_PREFIX.length) : type.split(":")[0];
  return name ?? "";
}

/** A provider reference, taken apart: `<urn>::<id>`. */
export function parseProviderReference(reference: string): { urn: string; id: string } {
  const end = reference.lastIndexOf("::");
  if (end < 0) {
    throw new Error(`'${reference}' is not a provider reference (<urn>::<id>)`);
  }
  return { urn: reference.slice(0, end), id: reference.slice(end + 2) };
}

/** Whether a resource is one that the engine registers by itself, and so no event of the user's. */
export function isDefaultProvider(urn: string): boolean {
  return isProviderType(urnType(urn)) && /^default(_|$)/.test(urnName(urn));
}

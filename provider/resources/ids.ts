import type { ControlPlaneAddress } from "../control-planes/connect";
import { type ControlPlaneKind, controlPlaneKinds } from "../control-planes/planes";

/** A resource id taken apart: `pulumi-cloud/acme/…`. */
export interface ParsedId {
  readonly kind: ControlPlaneKind;
  readonly organization: string;
  /** What follows the organization, split at slashes. */
  readonly rest: readonly string[];
}

/** The id of a resource, importable by itself: `pulumi-cloud/acme/<poolId>`. */
export function makeId(
  { kind, organization }: Pick<ControlPlaneAddress, "kind" | "organization">,
  ...rest: string[]
): string {
  return [kind, organization, ...rest].join("/");
}

/** Takes an id apart; undefined where it is none of ours. */
export function parseId(id: string): ParsedId | undefined {
  const [kind, organization, ...rest] = id.split("/");
  if (!isKind(kind) || !organization || rest.length === 0 || rest.includes("")) return undefined;
  return { kind, organization, rest };
}

/**
 * Takes an id apart that must have that form.
 * @throws Error that shows the expected form.
 */
export function requireId(id: string, form: string, parts?: number): ParsedId {
  const parsed = parseId(id);
  if (parsed && (parts === undefined || (parsed.rest.length === parts && hasForm(parsed, form))))
    return parsed;
  throw new Error(
    `"${id}" is not an id of this resource: expected <control plane>/<organization>/${form}, for example ${makeId({ kind: "pulumi-cloud", organization: "acme" }, form)}; control planes are ${controlPlaneKinds.join(", ")}.`,
  );
}

/** Parts of the form that are no placeholders stand in the id as they are. */
function hasForm({ rest }: ParsedId, form: string): boolean {
  return form.split("/").every((part, index) => part.startsWith("<") || part === rest[index]);
}

function isKind(text: string | undefined): text is ControlPlaneKind {
  return (controlPlaneKinds as readonly (string | undefined)[]).includes(text);
}

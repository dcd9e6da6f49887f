import type { ControlPlaneAddress } from "../../control-planes/connect";
import type { TargetReference } from "../../control-planes/control-plane";
import type { TargetDescription } from "../../control-planes/descriptor";
import { type ControlPlaneKind, describePlane, planes } from "../../control-planes/planes";
import { describeTarget, kindInWords } from "../../control-planes/target-words";
import { listInWords } from "../../list-in-words";
import type { Violation } from "../framework/violation";

/** Every kind of target of any control plane, with the planes that have it. */
export const targetKinds: ReadonlyMap<string, readonly { plane: string; target: TargetDescription }[]> =
  kindsOf(planes as never);

function kindsOf(
  all: readonly { displayName: string; targets: Readonly<Record<string, TargetDescription>> }[],
): Map<string, { plane: string; target: TargetDescription }[]> {
  const kinds = new Map<string, { plane: string; target: TargetDescription }[]>();
  for (const { displayName, targets } of all) {
    for (const [kind, target] of Object.entries(targets)) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), { plane: displayName, target }]);
    }
  }
  return kinds;
}

/** The plural property of a kind in a set, for example `workspaces`. */
export function pluralOf(kind: string): string {
  return targetKinds.get(kind)?.[0]?.target.plural ?? `${kind}s`;
}

/** Description of a kind in the words of each plane that has it. */
export function describeKind(kind: string): string {
  return (targetKinds.get(kind) ?? [])
    .map(({ plane, target }) => `${plane}: ${target.description}`)
    .join(" ");
}

/** Part of a resource id that names a target: `stack/network/prod`, `insights-account/aws`. */
export function targetPath({ kind, name }: TargetReference): string[] {
  return [kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), ...name.split("/")];
}

/** The target that a resource id names; undefined where it names none. */
export function targetFromPath([head, ...name]: readonly string[]): TargetReference | undefined {
  const kind = [...targetKinds.keys()].find(
    (candidate) => targetPath({ kind: candidate, name: "" })[0] === head,
  );
  return kind && name.length > 0 ? { kind, name: name.join("/") } : undefined;
}

/** `kind:name`, as the outputs of StackPoolAssignments have it. */
export function targetText({ kind, name }: TargetReference): string {
  return `${kind}:${name}`;
}

/** Back from {@link targetText}. */
export function targetFromText(text: string): TargetReference {
  const colon = text.indexOf(":");
  return { kind: text.slice(0, colon), name: text.slice(colon + 1) };
}

/** Names of targets for a message: the first twenty, and how many there are besides. */
export function listOfTargets(targets: readonly TargetReference[], most = 20): string {
  return listInWords(targets.map(describeTarget), most);
}

/** A target's name, less the organization where it was given with that: `acme/network/prod` is `network/prod`. */
export function nameWithoutOrganization(plane: ControlPlaneKind, { kind, name }: TargetReference): string {
  return statedOrganization(plane, { kind, name }) === undefined ? name : name.slice(name.indexOf("/") + 1);
}

function statedOrganization(plane: ControlPlaneKind, { kind, name }: TargetReference): string | undefined {
  const [organization, ...parts] = name.split("/");
  const count = describePlane(plane).targets[kind]?.partsBehindOrganization;
  return parts.length === count ? organization : undefined;
}

/** Kinds that the control plane does not have are refused, with those that it has. */
export function kindRules(
  plane: ControlPlaneKind | undefined,
  kinds: readonly string[],
  propertyOf: (kind: string) => string,
): Violation[] {
  if (!plane) return [];
  const { displayName, targets } = describePlane(plane);
  return kinds
    .filter((kind) => !(kind in targets))
    .map((kind) => ({
      property: propertyOf(kind),
      reason: `${displayName} cannot assign a pool to a ${kindInWords(kind)}: use ${Object.keys(targets).join(", ")}`,
    }));
}

/** A name that no such target can have is refused before anything is asked. @param hasPatterns `*` is allowed. */
export function nameRules(
  address: Partial<ControlPlaneAddress> | undefined,
  { kind, name }: TargetReference,
  property: string,
  { hasPatterns = false } = {},
): Violation[] {
  // In a preview the kind of the control plane may be unknown.
  const target = address?.kind && describePlane(address.kind).targets[kind];
  if (!target) return [];
  const literal = hasPatterns ? name.replaceAll("*", "x") : name;
  if (!target.name.pattern.test(literal) || literal.split("/").some(isPathStep)) {
    return [{ property, reason: `"${name}" is not a valid ${kindInWords(kind)}: use ${target.name.words}` }];
  }
  const { organization } = address;
  const stated = statedOrganization(address.kind, { kind, name });
  if (stated === undefined || organization === undefined || stated === organization) return [];
  const reason = `is a ${kindInWords(kind)} of organization ${stated}, but controlPlane names organization ${organization}`;
  return [{ property, reason }];
}

/** `.` and `..` would lead to another path of the API; ids of resources are paths too, and none has an empty part. */
function isPathStep(part: string): boolean {
  return part === "" || part === "." || part === "..";
}

/** `hosted` can be chosen on destroy only where the control plane can express it. */
export function fallbackRules(
  plane: ControlPlaneKind | undefined,
  onDestroy: string | undefined,
): Violation[] {
  if (!plane || onDestroy !== "hosted") return [];
  const { capabilities, displayName } = describePlane(plane);
  if (capabilities.explicitHosted) return [];
  return [
    {
      property: "onDestroy",
      reason: `${displayName} cannot send a target to hosted runners explicitly: use "inherit"`,
    },
  ];
}

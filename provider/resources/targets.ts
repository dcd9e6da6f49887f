import type { TargetReference } from "../control-planes/control-plane";
import type { TargetDescription } from "../control-planes/descriptor";
import { type ControlPlaneKind, describePlane, planes } from "../control-planes/planes";
import type { Violation } from "./violation";

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
  const names = targets.slice(0, most).map(({ kind, name }) => `${kind} ${name}`);
  const more = targets.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A stack may be given with its organization, which must be the control plane's. */
export function stackWithoutOrganization(name: string): string {
  const parts = name.split("/");
  return parts.length === 3 ? parts.slice(1).join("/") : name;
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
      reason: `${displayName} has no ${kind} to assign a pool to: it has ${Object.keys(targets).join(", ")}`,
    }));
}

/** A name that no such target can have is refused before anything is asked. @param hasPatterns `*` is allowed. */
export function nameRules(
  plane: ControlPlaneKind | undefined,
  { kind, name }: TargetReference,
  property: string,
  { hasPatterns = false } = {},
): Violation[] {
  const target = plane && describePlane(plane).targets[kind];
  if (!target) return [];
  const literal = hasPatterns ? name.replaceAll("*", "x") : name;
  if (target.name.pattern.test(literal) && !literal.split("/").some(isPathStep)) return [];
  return [{ property, reason: `"${name}" is not a valid ${kind}: use ${target.name.words}` }];
}

/** `.` and `..` would lead to another path of the API. */
function isPathStep(part: string): boolean {
  return part === "." || part === "..";
}

/** A stack of another organization cannot use this organization's pool. */
export function stackRules(organization: string | undefined, name: string, property: string): Violation[] {
  const [own, ...rest] = name.split("/");
  if (!organization || rest.length < 2 || own === organization) return [];
  return [
    {
      property,
      reason: `is a stack of organization ${own}, but controlPlane names organization ${organization}`,
    },
  ];
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

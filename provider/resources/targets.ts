import { capabilities, type TargetKind, targetKinds } from "../control-planes/capabilities";
import type { Target } from "../control-planes/control-plane";
import type { ControlPlaneKind } from "../control-planes/kinds";
import type { Failure } from "./check";

/** The plural property of each kind in `targets`. */
export const pluralOf: Readonly<Record<TargetKind, string>> = {
  stack: "stacks",
  insightsAccount: "insightsAccounts",
  policyGroup: "policyGroups",
  project: "projects",
  workspace: "workspaces",
};

/** Part of a resource id that names a target: `stack/network/prod`, `insights-account/aws`. */
export function targetPath({ kind, name }: Target): string[] {
  return [kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), ...name.split("/")];
}

/** The target that a resource id names; undefined where it names none. */
export function targetFromPath([head, ...name]: readonly string[]): Target | undefined {
  const kind = targetKinds.find((candidate) => targetPath({ kind: candidate, name: "" })[0] === head);
  return kind && name.length > 0 ? { kind, name: name.join("/") } : undefined;
}

/** `kind:name`, as the outputs of StackPoolAssignments have it. */
export function targetText({ kind, name }: Target): string {
  return `${kind}:${name}`;
}

/** Back from {@link targetText}. */
export function targetFromText(text: string): Target {
  const colon = text.indexOf(":");
  return { kind: text.slice(0, colon) as TargetKind, name: text.slice(colon + 1) };
}

/** A stack may be given with its organization, which must be the control plane's. */
export function stackWithoutOrganization(name: string): string {
  const parts = name.split("/");
  return parts.length === 3 ? parts.slice(1).join("/") : name;
}

/** Kinds that the control plane does not have are refused, with those that it has. */
export function kindRules(
  plane: ControlPlaneKind | undefined,
  kinds: readonly TargetKind[],
  propertyOf: (kind: TargetKind) => string,
): Failure[] {
  if (!plane) return [];
  const { displayName, targets } = capabilities[plane];
  return kinds
    .filter((kind) => !targets.includes(kind))
    .map((kind) => ({
      property: propertyOf(kind),
      reason: `${displayName} has no ${kind} to assign a pool to: it has ${targets.join(", ")}`,
    }));
}

/** A stack of another organization cannot use this organization's pool. */
export function stackRules(organization: string | undefined, name: string, property: string): Failure[] {
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
export function fallbackRules(plane: ControlPlaneKind | undefined, onDestroy: string | undefined): Failure[] {
  if (!plane || onDestroy !== "hosted" || capabilities[plane].explicitHosted) return [];
  return [
    {
      property: "onDestroy",
      reason: `${capabilities[plane].displayName} cannot send a target to hosted runners explicitly: use "inherit"`,
    },
  ];
}

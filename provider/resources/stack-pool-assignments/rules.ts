import { type ControlPlaneKind, describePlane } from "../../control-planes/planes";
import { kindInWords } from "../../control-planes/target-words";
import type { InputsOf } from "../framework/definition";
import type { CheckContext } from "../framework/lifecycle";
import type { Violation } from "../framework/violation";
import { poolRules } from "../pool-reference";
import { fallbackRules, kindRules, nameRules } from "../targets/targets";
import type { stackPoolAssignments } from "./definition";
import { type Selector, selectorsOf } from "./selection";

type Inputs = InputsOf<typeof stackPoolAssignments>;

/** What a set can say on which control plane. */
export function assignmentsRules(inputs: Partial<Inputs>, { isUnknown }: CheckContext): Violation[] {
  const { controlPlane, targets = {}, exclude = {} } = inputs;
  const violations = [
    ...poolRules(controlPlane, inputs.pool),
    ...fallbackRules(controlPlane?.kind, inputs.onDestroy),
    ...listRules(inputs, targets, "targets"),
    ...listRules(inputs, exclude, "exclude"),
  ];
  const names = Object.values(targets).flatMap((list) => list ?? []);
  if (inputs.targets && names.length === 0 && !isUnknown("targets")) {
    violations.push({
      property: "targets",
      reason: "names no target: give at least one name, pattern, tag or project",
    });
  }
  return violations;
}

function listRules(
  { controlPlane }: Partial<Inputs>,
  lists: Inputs["targets"],
  property: string,
): Violation[] {
  const selectors = selectorsOf(lists);
  const kinds = [...new Set(selectors.map(({ kind }) => kind))];
  const listOf = (kind: string) => selectors.find((selector) => selector.kind === kind)?.property;
  const ofKinds = kindRules(controlPlane?.kind, kinds, (kind) => `${property}.${listOf(kind)}`);
  if (ofKinds.length > 0) return ofKinds;
  return selectors.flatMap(({ kind, by, text, property: list, index }) => {
    const path = `${property}.${list}[${index}]`;
    return by === "name"
      ? nameRules(controlPlane, { kind, name: text }, path, { hasPatterns: true })
      : filterRules(controlPlane?.kind, { kind, by, text }, path);
  });
}

/** A blank filter is no filter to a control plane, and would select everything. */
function filterRules(
  plane: ControlPlaneKind | undefined,
  { kind, by, text }: Pick<Selector, "kind" | "by" | "text">,
  property: string,
): Violation[] {
  if (text.trim() === "") return [{ property, reason: `"${text}" is blank: give the ${by} to select by` }];
  const tag = by === "tag" && plane ? describePlane(plane).targets[kind]?.tag : undefined;
  if (!tag || tag.pattern.test(text)) return [];
  return [{ property, reason: `"${text}" is not a valid tag of a ${kindInWords(kind)}: use ${tag.words}` }];
}

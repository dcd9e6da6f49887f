import type { InputsOf } from "../framework/definition";
import type { CheckContext } from "../framework/lifecycle";
import type { Violation } from "../framework/violation";
import { poolRules } from "../pool-reference";
import { fallbackRules, kindRules, nameRules, targetKinds } from "../targets/targets";
import type { stackPoolAssignment } from "./definition";

type Inputs = InputsOf<typeof stackPoolAssignment>;

/** What an assignment can say on which control plane. */
export function assignmentRules(inputs: Partial<Inputs>, context: CheckContext): Violation[] {
  return [
    ...poolRules(inputs.controlPlane, inputs.pool),
    ...fallbackRules(inputs.controlPlane?.kind, inputs.onDestroy),
    ...targetRules(inputs, context),
  ];
}

/** Kinds of targets that are named. */
export function namedKinds(target: Inputs["target"]): string[] {
  return [...targetKinds.keys()].filter((kind) => target[kind] !== undefined);
}

function targetRules({ target, controlPlane }: Partial<Inputs>, { isUnknown }: CheckContext): Violation[] {
  if (!target) return [];
  const kinds = namedKinds(target);
  if (kinds.length > 1) {
    return [
      { property: "target", reason: `names ${kinds.join(" and ")}: an assignment has exactly one target` },
    ];
  }
  const [kind] = kinds;
  if (kind === undefined) {
    const known = [...targetKinds.keys()].join(", ");
    return isUnknown("target")
      ? []
      : [{ property: "target", reason: `names no target: give one of ${known}` }];
  }
  const property = `target.${kind}`;
  const name = target[kind] ?? "";
  return [
    ...kindRules(controlPlane?.kind, kinds, () => property),
    ...nameRules(controlPlane, { kind, name }, property),
  ];
}

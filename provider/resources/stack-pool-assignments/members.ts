import type { Target } from "../../control-planes/control-plane";
import type { StateOf } from "../framework/definition";
import { targetFromText, targetText } from "../targets/targets";
import type { stackPoolAssignments } from "./definition";
import { identityOf } from "./selection";

type State = StateOf<typeof stackPoolAssignments>;

/** A target of a set. */
export interface Member extends Target {
  /** The set put it into the list of those that may use the pool. */
  readonly accessGranted: boolean;
}

/** The targets that a state holds, by identity. */
export function membersOf(
  state: Pick<State, "assigned" | "targetIds" | "accessGranted">,
): Map<string, Member> {
  const granted = new Set(state.accessGranted);
  return new Map(
    state.assigned.map((text) => {
      const { kind, name } = targetFromText(text);
      const member = { kind, name, id: state.targetIds?.[text] ?? name, accessGranted: granted.has(text) };
      return [identityOf(member), member];
    }),
  );
}

/** How a state holds targets. Ids that equal the names are left out: states of thousands of stacks stay small. */
export function stateOf(
  members: Iterable<Member>,
): Pick<State, "assigned" | "accessGranted"> & { targetIds?: Record<string, string> } {
  const sorted = [...members]
    .map((member) => ({ text: targetText(member), ...member }))
    .sort((one, other) => (one.text < other.text ? -1 : 1));
  const ids = sorted.filter(({ id, name }) => id !== name).map(({ text, id }) => [text, id]);
  return {
    assigned: sorted.map(({ text }) => text),
    accessGranted: sorted.filter(({ accessGranted }) => accessGranted).map(({ text }) => text),
    ...(ids.length > 0 && { targetIds: Object.fromEntries(ids) as Record<string, string> }),
  };
}

/** The targets that a state holds, by the text that names them. */
export function byText(members: Iterable<Member>): Map<string, Target> {
  return new Map([...members].map((member) => [targetText(member), member]));
}

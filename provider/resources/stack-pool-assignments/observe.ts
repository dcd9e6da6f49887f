import type { AssignedTarget, ControlPlane, Target } from "../../control-planes/control-plane";
import { hasStatus, messageOf } from "../../control-planes/http/error";
import { describePlane } from "../../control-planes/planes";
import type { InputsOf, StateOf } from "../framework/definition";
import type { LifecycleContext } from "../framework/lifecycle";
import { poolsOf } from "../ownership/leaving";
import { eachInParallel } from "../targets/in-parallel";
import { listOfTargets, pluralOf } from "../targets/targets";
import type { stackPoolAssignments } from "./definition";
import { type Member, membersOf } from "./members";

type Inputs = InputsOf<typeof stackPoolAssignments>;
type State = StateOf<typeof stackPoolAssignments>;

/** The targets that a state knows, also those that an earlier refresh found at another pool. */
export function knownMembers({ assigned, accessGranted = [], targetIds, elsewhere = {} }: Partial<State>) {
  if (!assigned) return undefined;
  const all = [...new Set([...assigned, ...Object.keys(elsewhere)])];
  return [...membersOf({ assigned: all, accessGranted, ...(targetIds && { targetIds }) }).values()];
}

/** The members that the pool has, and the pools of the others. One that may not be read is kept: nobody knows that it has left. */
export async function whereAre(
  plane: ControlPlane,
  poolId: string,
  candidates: readonly Member[],
  { warn, subject }: LifecycleContext,
): Promise<{ held: Member[]; drifted: AssignedTarget[] }> {
  const { done, failed } = await eachInParallel(
    candidates,
    async (member): Promise<AssignedTarget | undefined> => {
      const reference = { kind: member.kind, name: member.id };
      const found = await plane.assignments.find(reference);
      if (!found) await plane.assignments.confirmGone(reference);
      return found;
    },
  );
  const fatal = failed.find(({ error }) => !hasStatus(error, 403));
  if (fatal) throw fatal.error;
  const unreadable = failed.map(({ item }) => item);
  const [first] = failed;
  if (first) {
    warn(
      `${subject}: the credential may not read ${listOfTargets(unreadable)}; state keeps what it knew of ${unreadable.length === 1 ? "it" : "them"}. ${messageOf(first.error)}`,
    );
  }
  const held = done.flatMap(({ item, result }) => {
    if (result?.poolId !== poolId || result.access === "none") return [];
    const { kind, id, name, access } = result;
    return [{ kind, id, name, accessGranted: access === "list" && item.accessGranted }];
  });
  // A target at this pool that may not use it is to be assigned again, and still to be released.
  const drifted = done.flatMap(({ result }) => {
    const isHeld = result?.poolId === poolId && result.access !== "none";
    return result?.poolId === undefined || isHeld ? [] : [result];
  });
  return { held: [...held, ...unreadable], drifted };
}

/** How a state holds targets that are at another pool now: in the list of this one they may still be. */
export function driftOf(
  drifted: readonly AssignedTarget[],
  { targetIds, accessGranted }: Pick<State, "targetIds" | "accessGranted">,
  granted: readonly string[],
) {
  const { pools, ids } = poolsOf(drifted);
  return {
    elsewhere: pools,
    targetIds: { ...targetIds, ...ids },
    accessGranted: [...accessGranted, ...Object.keys(pools).filter((text) => granted.includes(text))],
  };
}

/** Every target there is; whatever of them has the pool is taken over as it is. */
export async function everyTarget(plane: ControlPlane): Promise<Member[]> {
  const kinds = Object.keys(describePlane(plane.kind).targets);
  const lists = await Promise.all(kinds.map((kind) => plane.assignments.list(kind)));
  return lists.flat().map((target) => ({ ...target, accessGranted: true }));
}

/** Targets by name; those whose name another one has, too, by id. */
export function listByKind(targets: readonly Target[]): Inputs["targets"] {
  const isAmbiguous = ({ kind, id, name }: Target) =>
    targets.some((other) => other.kind === kind && other.name === name && other.id !== id);
  const lists: Record<string, string[]> = {};
  for (const target of targets) {
    const plural = pluralOf(target.kind);
    lists[plural] = [...(lists[plural] ?? []), isAmbiguous(target) ? target.id : target.name].sort();
  }
  return lists;
}

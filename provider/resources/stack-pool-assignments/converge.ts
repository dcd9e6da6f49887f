import type { ControlPlane, Freshness, Target } from "../../control-planes/control-plane";
import type { InputsOf, StateOf } from "../framework/definition";
import { type LifecycleContext, PartialFailure } from "../framework/lifecycle";
import { leavingOf, targetsAt, withIds } from "../ownership/leaving";
import { assignTarget } from "../targets/assigning";
import { describeFailures } from "../targets/failures";
import { eachInParallel } from "../targets/in-parallel";
import { targetText } from "../targets/targets";
import type { stackPoolAssignments } from "./definition";
import { byText, membersOf, stateOf } from "./members";
import { driftOf } from "./observe";
import { identityOf, type Selected, select, warnOfEmpty } from "./selection";

type Inputs = InputsOf<typeof stackPoolAssignments>;
type State = StateOf<typeof stackPoolAssignments>;

/** What an update of a set has to do. */
export interface SelectionDifference {
  readonly toAssign: readonly Target[];
  /** Some of what the set holds is no longer selected. */
  readonly isLosing: boolean;
  readonly selected: Selected;
}

/** Compares what is selected now with what the set holds. */
export async function differenceTo(
  plane: ControlPlane,
  state: Pick<State, "assigned" | "targetIds" | "accessGranted">,
  inputs: Pick<Inputs, "targets" | "exclude">,
  freshness?: Freshness,
): Promise<SelectionDifference> {
  const members = membersOf(state);
  const selected = await select(plane, inputs, byText(members.values()), freshness);
  return {
    selected,
    toAssign: [...selected.targets]
      .filter(([identity]) => !members.has(identity))
      .map(([, target]) => target),
    isLosing: [...members.keys()].some((identity) => !selected.targets.has(identity)),
  };
}

/**
 * Assigns what is selected and missing. Keeps count of what succeeded. Nothing is given back here: whether another
 * resource declares a target is known at the end of the deployment only, when what was replaced is deleted.
 * @throws PartialFailure that says what did not succeed; Error where nothing did.
 */
export async function converge(
  id: string,
  plane: ControlPlane,
  state: State,
  inputs: Inputs,
  context: LifecycleContext,
): Promise<State> {
  // The same deployment may have made a stack a moment ago.
  const { toAssign, selected } = await differenceTo(plane, state, inputs, { fresh: true });
  warnOfEmpty(selected, context);
  const members = membersOf(state);
  const assigning = await eachInParallel(
    toAssign,
    (target) =>
      assignTarget(plane, { ...target, name: target.id }, { ...inputs, poolId: state.poolId }, context),
    context.cancelled,
  );
  for (const { item, result } of assigning.done) {
    const member = { kind: item.kind, ...result };
    members.set(identityOf(member), member);
  }
  // A target that was renamed keeps its assignment under its new name.
  for (const [identity, { name }] of selected.targets) {
    const member = members.get(identity);
    if (member) members.set(identity, { ...member, name });
  }
  const reached = {
    ...inputs,
    poolId: state.poolId,
    serviceUrl: plane.url,
    declaredAs: context.urn ?? context.subject,
    ...withIds(stateOf(members.values()), leavingOf(targetsAt(state.leaving, state.targetIds))),
  };
  const failures = describeFailures(assigning.failed);
  if (failures.length === 0) return reached;
  // With nothing done there is nothing to keep: the failure of a create is then a plain one.
  if (members.size === 0) throw new Error(failures.join("\n"));
  throw new PartialFailure(id, { ...reached, ...stillElsewhere(assigning.failed, state, reached) }, failures);
}

/** What could not be assigned and is known to be at another pool: the next update may take it from there. */
function stillElsewhere(
  failed: readonly { readonly item: Target }[],
  { elsewhere = {} }: Pick<State, "elsewhere">,
  reached: Pick<State, "targetIds" | "accessGranted">,
): Partial<State> {
  const left = failed.flatMap(({ item }) => {
    const poolId = elsewhere[targetText(item)];
    return poolId === undefined ? [] : [{ ...item, poolId }];
  });
  return left.length === 0 ? {} : driftOf(left, reached, []);
}

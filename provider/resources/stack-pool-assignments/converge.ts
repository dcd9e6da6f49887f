import type { ControlPlane, Target } from "../../control-planes/control-plane";
import { assignTarget, isDeclaredElsewhere, releaseTarget } from "../assigning";
import type { InputsOf, StateOf } from "../definition";
import { announceHostedRunners } from "../hosted-runners";
import { eachInParallel, inParallel } from "../in-parallel";
import { type LifecycleContext, PartialFailure } from "../lifecycle";
import { listOfTargets, targetText } from "../targets";
import type { stackPoolAssignments } from "./definition";
import { byText, type Member, membersOf, stateOf } from "./members";
import { describeSelector, identityOf, type Selected, select } from "./selection";

type Inputs = InputsOf<typeof stackPoolAssignments>;
type State = StateOf<typeof stackPoolAssignments>;

/** What an update of a set has to do. */
export interface Difference {
  readonly toAssign: readonly Target[];
  readonly toRelease: readonly Member[];
  readonly selected: Selected;
}

/** Compares what is selected now with what the set holds. */
export async function differenceTo(
  plane: ControlPlane,
  state: Pick<State, "assigned" | "targetIds" | "accessGranted">,
  inputs: Pick<Inputs, "targets" | "exclude">,
): Promise<Difference> {
  const members = membersOf(state);
  const selected = await select(plane, inputs, byText(members.values()));
  return {
    selected,
    toAssign: [...selected.targets]
      .filter(([identity]) => !members.has(identity))
      .map(([, target]) => target),
    toRelease: [...members]
      .filter(([identity]) => !selected.targets.has(identity))
      .map(([, member]) => member),
  };
}

/**
 * Assigns what is selected and missing, and gives back what is no longer selected. Keeps count of what succeeded.
 * @throws PartialFailure that says what did not succeed; Error where nothing did, or more would be given back than allowed.
 */
export async function converge(
  id: string,
  plane: ControlPlane,
  state: State,
  inputs: Inputs,
  context: LifecycleContext,
): Promise<State> {
  const { toAssign, toRelease, selected } = await differenceTo(plane, state, inputs);
  for (const selector of selected.empty) {
    context.warn(`${context.subject}: ${describeSelector(selector)} selects nothing at present.`);
  }
  await requireFewReleases(plane, toRelease, state, inputs, context);
  const members = membersOf(state);
  const assigning = await eachInParallel(toAssign, (target) =>
    assignTarget(
      plane,
      { ...target, name: target.id },
      { ...inputs, poolId: state.poolId, seenPoolId: state.elsewhere?.[targetText(target)] },
      context,
    ),
  );
  for (const { item, result } of assigning.done) {
    const member = { kind: item.kind, ...result };
    members.set(identityOf(member), member);
  }
  const releasing = await releaseMembers(
    plane,
    toRelease,
    { ...inputs, poolId: state.poolId, ignoreOwnClaims: true },
    context,
  );
  for (const { item } of releasing.done) members.delete(identityOf(item));
  // A target that was renamed keeps its assignment under its new name.
  for (const [identity, { name }] of selected.targets) {
    const member = members.get(identity);
    if (member) members.set(identity, { ...member, name });
  }
  const reached = { ...inputs, poolId: state.poolId, serviceUrl: plane.url, ...stateOf(members.values()) };
  const failures = [...assigning.failed, ...releasing.failed].map(({ error }) => messageOf(error));
  if (failures.length === 0) return reached;
  // With nothing done there is nothing to keep: the failure of a create is then a plain one.
  if (members.size === 0 && state.assigned.length === 0) throw new Error(failures.join("\n"));
  // What could not be taken back is still where the refresh has seen it.
  const { elsewhere } = state;
  throw new PartialFailure(id, { ...reached, ...(elsewhere && { elsewhere }) }, failures);
}

/** Gives targets back, and announces those whose work moves to hosted runners. */
export async function releaseMembers(
  plane: ControlPlane,
  members: readonly Member[],
  {
    onDestroy: fallback,
    ...rest
  }: Pick<State, "poolId" | "onDestroy" | "activeWorkTimeoutSeconds"> & { ignoreOwnClaims?: boolean },
  context: LifecycleContext,
) {
  const outcomes = await eachInParallel(members, ({ kind, id, accessGranted }) =>
    releaseTarget(plane, { kind, name: id }, { ...rest, fallback, accessGranted }, context),
  );
  const hosted = outcomes.done.filter(({ result }) => result === "to-hosted-runners").map(({ item }) => item);
  announceHostedRunners(plane, hosted, context);
  return outcomes;
}

/** A typing error in a pattern, or a credential that sees less than before, must not send an organization's work elsewhere. */
async function requireFewReleases(
  plane: ControlPlane,
  toRelease: readonly Member[],
  state: State,
  { maxReleases }: Inputs,
  context: LifecycleContext,
): Promise<void> {
  if (toRelease.length === 0) return;
  // What moves to another resource of this program is no release; that one may be registered a moment later.
  await context.claims.quiet(context.cancelled);
  const moves = await inParallel(toRelease, (member) => isDeclaredElsewhere(plane, member, context));
  const releases = toRelease.filter((_, index) => !moves[index]);
  const most = maxReleases ?? Math.max(10, Math.ceil(state.assigned.length / 10));
  if (releases.length <= most) return;
  throw new Error(
    `${plane.displayName}: this update would take the pool from ${releases.length} of ${state.assigned.length} targets, and at most ${most} are allowed: ${listOfTargets(releases)}. Nothing was changed. Check the patterns, and that the credential still sees these targets; if they shall be released, set maxReleases to ${releases.length}.`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

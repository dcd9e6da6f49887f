import type { ControlPlane } from "../../control-planes/control-plane";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../framework/definition";
import type { LifecycleContext } from "../framework/lifecycle";
import { accessKey, poolKey, targetKey } from "../ownership/claim-keys";
import { announceHostedRunners } from "../ownership/hosted-runners";
import { releaseTarget } from "../targets/assigning";
import { describeFailures } from "../targets/failures";
import { eachInParallel } from "../targets/in-parallel";
import { listOfTargets } from "../targets/targets";
import { stackPoolAssignments } from "./definition";
import { type Member, membersOf } from "./members";

type Inputs = InputsOf<typeof stackPoolAssignments>;
type State = StateOf<typeof stackPoolAssignments>;

/**
 * Gives back what a set held, at the end of a deployment: less what this deployment declares, by another resource or by
 * the set that takes the place of this one.
 * @throws Error where a set that goes on would give back more than it may, before anything is given back; or that says
 * what could not be given back.
 */
export async function releaseSet(
  plane: ControlPlane,
  state: State,
  context: LifecycleContext,
): Promise<void> {
  const members = [...membersOf(state).values()];
  const { leaving, moved } = await sortMembers(plane, state.poolId, members, context);
  const successor = context.claims.ofOwner({ owner: context.subject, urn: context.urn ?? state.declaredAs });
  const most = successor && mostReleases(successor, members.length);
  if (most !== undefined && leaving.length > most) {
    throw new Error(
      `${plane.displayName}: ${context.subject} would take the pool from ${leaving.length} of ${members.length} targets, and at most ${most} are allowed: ${listOfTargets(leaving)}. Nothing was released. Check the patterns, and that the credential still sees these targets; to release them, set maxReleases to ${leaving.length}.`,
    );
  }
  const known = inputsWithDefaults(stackPoolAssignments, state);
  const fallback = known.onDestroy;
  // State says what held when the set was made: an error that says to raise it means what the program says now.
  const { activeWorkTimeoutSeconds = known.activeWorkTimeoutSeconds } = successor ?? known;
  // What a refresh has found at another pool keeps its setting, and leaves the list of this one.
  const drifted = [...membersOf({ ...state, assigned: Object.keys(state.elsewhere ?? {}) }).values()];
  const { done, failed } = await eachInParallel(
    [...leaving, ...moved, ...drifted],
    ({ kind, id, accessGranted }) =>
      releaseTarget(
        plane,
        { kind, name: id },
        { poolId: state.poolId, fallback, accessGranted, activeWorkTimeoutSeconds },
        context,
      ),
    context.cancelled,
  );
  const hosted = done.filter(({ result }) => result === "to-hosted-runners").map(({ item }) => item);
  announceHostedRunners(plane, hosted, context);
  if (failed.length > 0) throw new Error(describeFailures(failed).join("\n"));
}

/** How many targets a set of that size may give back at a time. */
export function mostReleases({ maxReleases }: Pick<Inputs, "maxReleases">, size: number): number {
  return maxReleases ?? Math.max(10, Math.ceil(size / 10));
}

/** Members that nobody declares any more, and those that are declared for another pool. The rest stays, unread. */
async function sortMembers(
  plane: ControlPlane,
  poolId: string,
  members: readonly Member[],
  { claims }: LifecycleContext,
): Promise<{ leaving: Member[]; moved: Member[] }> {
  const organization = await plane.organizationId();
  const pool = poolKey(plane, poolId);
  const leaving: Member[] = [];
  const moved: Member[] = [];
  for (const member of members) {
    const isDeclared = (await claims.on(targetKey(plane, organization, member))).length > 0;
    const staysHere = isDeclared && (await claims.on(accessKey(pool, member.id))).length > 0;
    if (!isDeclared) leaving.push(member);
    else if (!staysHere) moved.push(member);
  }
  return { leaving, moved };
}

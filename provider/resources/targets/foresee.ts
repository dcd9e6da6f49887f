import type { ControlPlane, Target, TargetReference } from "../../control-planes/control-plane";
import { describePlane } from "../../control-planes/planes";
import { describeTarget } from "../../control-planes/target-words";
import type { LifecycleContext } from "../framework/lifecycle";
import { poolKey } from "../ownership/claim-keys";
import { describePool, missingPool } from "../pool-reference";
import { listOfTargets } from "./targets";

/** Where a plane can only ask for one target at a time: so many of a kind are asked for, then their list answers. */
const singleLooks = 3;

const looks = new WeakMap<ControlPlane, Map<string, number>>();

/** A target as a preview sees it. A list does not always say its pool. */
export type Seen = Target & { readonly poolId?: string | undefined };

/** Looks for a target before it is assigned, with few requests however many there are. Undefined: there is none. */
export async function lookFor(plane: ControlPlane, reference: TargetReference): Promise<Seen | undefined> {
  const { kind, name } = reference;
  // Other kinds are found by a list that is read once.
  if (!describePlane(plane.kind).targets[kind]?.nameIsId) return plane.assignments.find(reference);
  const counts = looks.get(plane) ?? new Map<string, number>();
  looks.set(plane, counts);
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  if (count <= singleLooks) return plane.assignments.find(reference);
  return (await plane.assignments.list(kind)).find((target) => target.id === name);
}

/** What is known of an assignment that is yet to be made. */
export interface Foreseen {
  /** Absent: not known yet, since the pool is made in the same deployment. */
  readonly poolId?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

/** What an assignment to be made does to its target, one sentence each. What may make it fail is said apart, with what to do; a target that is not there is a warning. */
export async function foreseeAssignment(
  plane: ControlPlane,
  reference: TargetReference,
  { poolId, overwrite = false }: Foreseen,
  context: LifecycleContext,
): Promise<string[]> {
  const what = describeTarget(reference);
  const seen = await lookFor(plane, reference);
  if (!seen) {
    context.warn(`${context.subject}: ${missingNow(plane, reference)}`);
    return [];
  }
  const noPool = poolId === undefined ? undefined : await missingPool(plane, poolId);
  if (noPool) {
    context.warn(`${context.subject}: ${noPool} The deployment fails.`);
    return [];
  }
  const pool = poolId === undefined ? undefined : await describePool(plane, poolId);
  if (pool !== undefined && seen.poolId === poolId) return [`takes over ${what}, which ${pool} has already`];
  const from = seen.poolId === undefined ? undefined : await describePool(plane, seen.poolId);
  if (seen.poolId === undefined || from === undefined) {
    return pool === undefined ? [] : [`assigns ${what} to ${pool}`];
  }
  const isFree = overwrite || context.claims.mayTakeFrom(poolKey(plane, seen.poolId), seen);
  const to = pool === undefined ? "" : ` to ${pool}`;
  if (isFree) return [`moves ${what} from ${from}${to}`];
  context.inform(`${context.subject}: ${takenNow([reference], from)}`);
  return [];
}

/**
 * That a pool has targets which may not be ours to take, in words for a preview: a resource that tells that the pool is
 * this program's may be registered later.
 */
export function takenNow(targets: readonly TargetReference[], pool: string): string {
  const [are, them] = targets.length === 1 ? ["is", "it"] : ["are", "them"];
  return `${listOfTargets(targets)} ${are} assigned to ${pool} at present. Unless this program manages that pool, the deployment fails; to take ${them} from there, set overwrite: true.`;
}

/** That a target is not there, in words for a preview: the program itself may make it first. */
export function missingNow(plane: ControlPlane, reference: TargetReference): string {
  return `there is no ${describeTarget(reference)} in organization ${plane.organization} at present, or the credential may not see it. Unless this program makes it first, the deployment fails: check its name.`;
}

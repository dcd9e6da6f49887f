import type { ControlPlane, Target } from "../../control-planes/control-plane";
import type { LifecycleContext } from "../framework/lifecycle";
import { eachInParallel } from "../targets/in-parallel";
import { targetFromText, targetText } from "../targets/targets";
import { poolKey } from "./claim-keys";

/** How a state holds the pools of targets that are not the resource's now, and their ids where those are not their names. */
export function poolsOf(targets: readonly (Target & { readonly poolId?: string | undefined })[]): {
  pools: Record<string, string>;
  ids: Record<string, string>;
} {
  const named = targets.map((target) => ({ ...target, text: targetText(target) }));
  return {
    pools: Object.fromEntries(named.map(({ text, poolId = "" }) => [text, poolId])),
    ids: Object.fromEntries(named.filter(({ id, name }) => id !== name).map(({ text, id }) => [text, id])),
  };
}

/**
 * How a state holds targets that the resource gave up when it took the place of another one: they are released at the end
 * of the deployment, and where that is cut off, another resource may take them from their pools all the same.
 */
export interface Leaving {
  readonly leaving?: Record<string, string> | undefined;
  readonly targetIds?: Record<string, string> | undefined;
}

export function leavingOf(targets: readonly (Target & { readonly poolId: string })[]): Leaving {
  const { pools, ids } = poolsOf(targets);
  if (targets.length === 0) return {};
  return { leaving: pools, ...(Object.keys(ids).length > 0 && { targetIds: ids }) };
}

/** What a state holds, and what the resource gave up, with the ids of both. */
export function withIds<Members extends Pick<Leaving, "targetIds">>(
  members: Members,
  left: Leaving,
): Members & Leaving {
  const targetIds = { ...left.targetIds, ...members.targetIds };
  return { ...members, ...left, ...(Object.keys(targetIds).length > 0 && { targetIds }) };
}

/** Back from {@link poolsOf}. */
export function targetsAt(
  pools: Readonly<Record<string, string>> = {},
  ids: Readonly<Record<string, string>> = {},
): (Target & { readonly poolId: string })[] {
  return Object.entries(pools).map(([text, poolId]) => {
    const { kind, name } = targetFromText(text);
    return { kind, name, id: ids[text] ?? name, poolId };
  });
}

/** Those of the targets that were given up which still have the pool that they had then. */
export async function stillLeaving(plane: ControlPlane, { leaving, targetIds }: Leaving): Promise<Leaving> {
  const { done, failed } = await eachInParallel(
    targetsAt(leaving, targetIds),
    async ({ kind, id, poolId }) => {
      const found = await plane.assignments.find({ kind, name: id });
      return found?.poolId === poolId;
    },
  );
  return leavingOf([...done.filter(({ result }) => result), ...failed].map(({ item }) => item));
}

/** What the resource whose place this one takes has on this control plane, and the pools of it. */
export function heldBefore(
  plane: ControlPlane,
  { claims, subject, urn }: LifecycleContext,
): (Target & { readonly poolId: string; readonly accessGranted: boolean })[] {
  return claims
    .heldBy({ owner: subject, urn })
    .filter(({ pool, target }) => pool === poolKey(plane, target.poolId))
    .map(({ target: { accessGranted = false, ...target } }) => ({
      name: target.id,
      ...target,
      accessGranted,
    }));
}

/** What of the targets that a replaced resource had is to be remembered: those of a pool that the program manages are its to move anyway. */
export async function givenUp(
  plane: ControlPlane,
  left: readonly (Target & { readonly poolId: string })[],
  { claims }: LifecycleContext,
): Promise<Leaving> {
  return stillLeaving(
    plane,
    leavingOf(left.filter(({ poolId }) => !claims.isOwnPool(poolKey(plane, poolId)))),
  );
}

import type { ControlPlaneAddress } from "../control-planes/connect";
import { displayName } from "../control-planes/connect";
import type { ControlPlane } from "../control-planes/control-plane";
import type { Failure } from "./check";
import { makeId, parseId } from "./ids";

/** The vendor's id in a reference that is the id of a RunnerPool or the vendor's id itself. */
export function poolIdOf(reference: string): string {
  return parseId(reference)?.rest.join("/") ?? reference;
}

/** The reference in its one canonical form, the id of a RunnerPool. */
export function canonicalPool(address: ControlPlaneAddress, reference: string): string {
  return parseId(reference) ? reference : makeId(address, reference);
}

/** A pool of another control plane or organization can't be meant. */
export function poolRules(
  address: ControlPlaneAddress | undefined,
  reference: string | undefined,
): Failure[] {
  const pool = reference === undefined ? undefined : parseId(reference);
  if (pool && pool.rest.length !== 1) {
    return [{ property: "pool", reason: `"${reference}" is not the id of a pool: it has a part too many` }];
  }
  if (!pool || !address) return [];
  if (address.kind && pool.kind !== address.kind) {
    return [
      {
        property: "pool",
        reason: `is a pool of ${displayName(pool.kind)}, but controlPlane is ${displayName(address.kind)}: both must be the same`,
      },
    ];
  }
  // An env zero organization may be given by name in one place and by id in the other.
  if (address.kind !== "env-zero" && address.organization && pool.organization !== address.organization) {
    return [
      {
        property: "pool",
        reason: `is a pool of organization ${pool.organization}, but controlPlane names organization ${address.organization}`,
      },
    ];
  }
  return [];
}

/** @throws Error that names the pools there are, where there is no such pool. */
export async function requirePool(plane: ControlPlane, poolId: string): Promise<void> {
  if (await plane.findPool(poolId)) return;
  const pools = await plane.listPools({ fresh: true });
  if (pools.some((pool) => pool.id === poolId)) return;
  const known = pools.map((pool) => `${pool.name} (${pool.id})`).join(", ");
  throw new Error(
    `${plane.capabilities.displayName}: there is no ${plane.capabilities.poolNoun} ${poolId} in organization ${plane.organization}; ${known ? `there are: ${known}` : "it has no pools"}. Pass the id of a RunnerPool, or one of these ids.`,
  );
}

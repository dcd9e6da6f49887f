import type { ControlPlaneAddress } from "../control-planes/connect";
import type { ControlPlane, Pool } from "../control-planes/control-plane";
import { describePlane } from "../control-planes/planes";
import { listInWords } from "../list-in-words";
import type { Violation } from "./framework/violation";
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
): Violation[] {
  const pool = reference === undefined ? undefined : parseId(reference);
  if (pool && pool.rest.length !== 1) {
    return [
      {
        property: "pool",
        reason: `"${reference}" is not the id of a pool: expected <control plane>/<organization>/<pool id>`,
      },
    ];
  }
  if (!pool || !address) return [];
  if (address.kind && pool.kind !== address.kind) {
    const [own, other] = [address.kind, pool.kind].map((kind) => describePlane(kind).displayName);
    return [disagreement(`is ${own}, but the pool is one of ${other}`)];
  }
  // Where an organization has an id besides its name, one place may name it and the other give the id.
  const isComparable = address.kind && !describePlane(address.kind).capabilities.organizationHasId;
  const isSame = pool.organization.toLowerCase() === address.organization?.toLowerCase();
  if (!isComparable || !address.organization || isSame) return [];
  return [
    disagreement(
      `names organization ${address.organization}, but the pool is one of organization ${pool.organization}`,
    ),
  ];
}

function disagreement(what: string): Violation {
  return {
    property: "controlPlane",
    reason: `${what}: both must be the same. controlPlane may be left out, since the id of the pool names it`,
  };
}

/** @throws Error that names the pools there are, where there is no such pool. */
export async function requirePool(plane: ControlPlane, poolId: string): Promise<void> {
  const missing = await missingPool(plane, poolId);
  if (missing) throw new Error(`${plane.displayName}: ${missing}`);
}

/** That there is no such pool, and what to pass instead; undefined: it is there. */
export async function missingPool(plane: ControlPlane, poolId: string): Promise<string | undefined> {
  if (await plane.pools.find(poolId)) return undefined;
  const pools = await plane.pools.list({ fresh: true });
  if (pools.some((pool) => pool.id === poolId)) return undefined;
  return `${noSuchPool(plane, poolId, pools)}. Pass the id of a RunnerPool, or one of these ids.`;
}

/** What is wrong with an id that no pool has: mostly it is the name of one. */
export function noSuchPool(plane: ControlPlane, poolId: string, pools: readonly Pool[]): string {
  const { poolNoun } = describePlane(plane.kind).capabilities;
  const known = listInWords(pools.map(({ name, id }) => `${name} (${id})`));
  return `there is no ${poolNoun} ${poolId} in organization ${plane.organization}; ${known ? `there are: ${known}` : "it has no pools"}`;
}

/** A pool in words: its name where it is known, and its id. */
export async function describePool(plane: ControlPlane, poolId: string): Promise<string> {
  const pool = await plane.pools.find(poolId).catch(() => undefined);
  return pool ? `pool "${pool.name}" (${poolId})` : `pool ${poolId}`;
}

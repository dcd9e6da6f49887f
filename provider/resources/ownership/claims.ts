import { type Clock, systemClock } from "../../clock";
import { isKeyOfService, isPoolKey } from "./claim-keys";
import { Registration } from "./registration";
import { Releases } from "./releases";
import { ThingLocks } from "./thing-locks";

/** Which resource it is: by its URN where that is known, else by its words. */
export interface Owner {
  readonly owner: string;
  readonly urn?: string | undefined;
}

/** A target that state gives to a pool. */
export interface HeldTarget {
  readonly poolId: string;
  readonly kind: string;
  readonly id: string;
  readonly name?: string;
  /** The resource put the target into the pool's list. */
  readonly accessGranted?: boolean;
}

/** What happens to a token that is to be revoked while an agent uses it. */
export type WhenInUse = "refuse" | "wait" | "revoke";

/** What one resource of the program declares. */
export interface Claim {
  /** Who declares it, for messages: `StackPoolAssignment "network-prod"`. */
  readonly owner: string;
  /** URN of the resource, where it is known: a later claim of the same resource takes the place of an earlier one. */
  readonly urn?: string | undefined;
  /** The service of the claimed things, as `serviceKey` gives it. Absent: not known. */
  readonly service?: string | undefined;
  /** The pool that the claimed things belong to, as {@link poolKey}; absent: not known, or of no concern. */
  readonly pool?: string | undefined;
  /** The resource manages the pool itself; with `access`, the pool's list of targets too. */
  readonly manages?: "pool" | "access" | undefined;
  /** How many targets a set may release. Absent: the default. */
  readonly maxReleases?: number | undefined;
  /** Of a set: how long to wait for work that a move or release would break. Seconds. */
  readonly activeWorkTimeoutSeconds?: number | undefined;
  /** Of what manages a pool: the pool is deleted also while it is in use. */
  readonly forceDestroy?: boolean | undefined;
  /** Of what manages a pool: its name without a generation, in words. */
  readonly poolName?: string | undefined;
  /** What shall happen to a token whose place this resource's takes, if it is in use when it is to be revoked. */
  readonly whenInUse?: WhenInUse | undefined;
  /** No other resource may declare the same, whatever the pool. */
  readonly exclusive?: boolean | undefined;
  /** What is claimed, as the program words it. Equal texts mean one thing; one thing can have several texts. */
  readonly declared: readonly string[];
  /** Keys of the claimed things, which are the same however the program words them. It may ask the control plane. */
  resolve(): Promise<readonly string[]>;
}

interface Entry {
  readonly claim: Claim;
  keys: Promise<readonly string[]> | undefined;
}

/**
 * What one deployment declares. The engine checks everything that a program declares before it deletes what is gone, in
 * one provider process, so a delete can tell "no longer wanted" from "declared by another resource now".
 */
export class Claims {
  /** Access to single things, one resource at a time. */
  readonly things = new ThingLocks();
  /** Tells when the program has registered what it declares. */
  readonly registration: Registration;
  /** What is being taken from pools. */
  readonly releases: Releases;
  private readonly entries = new Map<string, Entry>();
  private readonly ownPools = new Map<string, Owner>();
  private readonly held = new Map<string, { owner: Owner; pool: string; target: HeldTarget }>();

  constructor(clock: Clock = systemClock) {
    this.registration = new Registration(clock);
    this.releases = new Releases(clock);
  }

  /** Adds a claim, or renews one whose things are known better now. */
  declare(claim: Claim): void {
    this.entries.set(identityOf(claim), { claim, keys: undefined });
  }

  /**
   * Renews a claim of this deployment. A claim that was not made is ignored: a refresh compares resources, too, with what
   * the last deployment declared.
   */
  renew(claim: Claim): void {
    if (this.entries.has(identityOf(claim))) this.declare(claim);
  }

  /** Another resource's claim that contradicts this one, and the thing that both name in the same words. */
  conflictWith({ pool, declared, exclusive, ...own }: Claim): { claim: Claim; thing: string } | undefined {
    for (const { claim } of this.entries.values()) {
      const wantOtherPools = claim.pool !== undefined && pool !== undefined && claim.pool !== pool;
      if (isSameOwner(claim, own) || !(exclusive || wantOtherPools)) continue;
      const thing = declared.find((text) => claim.declared.includes(text));
      if (thing !== undefined) return { claim, thing };
    }
    return undefined;
  }

  /**
   * As {@link conflictWith}, where the two declare one thing by different words: by its name and by its id, or in a
   * pattern. It may ask the control plane; a claim that cannot be resolved now is passed over.
   */
  async hiddenConflictWith(claim: Claim): Promise<Claim | undefined> {
    if (claim.manages !== undefined || claim.pool === undefined) return undefined;
    const rivals = [...this.entries.values()].filter(
      (entry) =>
        !isSameOwner(entry.claim, claim) &&
        // What manages a pool declares no target. A set of patterns declares targets without a word for any of them.
        entry.claim.manages === undefined &&
        entry.claim.pool !== undefined &&
        entry.claim.pool !== claim.pool,
    );
    if (rivals.length === 0) return undefined;
    const own = new Set(await claim.resolve().catch(() => undefined));
    if (own.size === 0) return undefined;
    for (const entry of rivals) {
      const keys = await keysOf(entry).catch(() => undefined);
      if (keys?.some((key) => own.has(key))) return entry.claim;
    }
    return undefined;
  }

  /** Resolves the claims on a service, so that {@link on} answers at once. @throws what resolving throws. */
  async resolved(service: string): Promise<void> {
    const entries = [...this.entries.values()];
    await Promise.all(entries.filter(({ claim }) => (claim.service ?? service) === service).map(keysOf));
  }

  /**
   * Claims of other resources on a thing.
   * @throws what resolving them throws: as long as it is not known whose a thing is, it must not be taken away.
   */
  async on(key: string, own?: Owner): Promise<Claim[]> {
    const others = [...this.entries.values()].filter(
      ({ claim }) => !(own && isSameOwner(claim, own)) && isOfService(key, claim),
    );
    const claimed = await Promise.all(others.map(async (entry) => (await keysOf(entry)).includes(key)));
    return others.filter((_, index) => claimed[index]).map(({ claim }) => claim);
  }

  /** Notes a pool that state says this deployment manages. */
  notePool(pool: string, owner: Owner): void {
    this.ownPools.set(pool, owner);
  }

  /** Whether the resource managed the pool before: one that is made in its place gives it up. */
  managedBefore(pool: string, owner: Owner): boolean {
    const before = this.ownPools.get(pool);
    return before !== undefined && isSameOwner(before, owner);
  }

  /** Whether this deployment manages the pool, or did before. */
  isOwnPool(pool: string): boolean {
    return (
      this.ownPools.has(pool) || this.some((claim) => claim.pool === pool && claim.manages !== undefined)
    );
  }

  /** The resources that manage, or did before, a pool of that id on a control plane, and the keys of their pools: of any service. */
  managersOf(kind: string, poolId: string): { owner: string; key: string }[] {
    const declared = [...this.entries.values()].flatMap(({ claim: { manages, pool, owner } }) =>
      manages !== undefined && pool !== undefined ? [{ owner, key: pool }] : [],
    );
    const known = [...this.ownPools].map(([key, { owner }]) => ({ owner, key }));
    return [...declared, ...known].filter(({ key }) => isPoolKey(key, kind, poolId));
  }

  /** The claim of the resource that manages the pool now. */
  managerOf(pool: string): Claim | undefined {
    return [...this.entries.values()].find(({ claim }) => claim.pool === pool && claim.manages !== undefined)
      ?.claim;
  }

  /** Whether this deployment declares anything of the pool. */
  declaresPool(pool: string): boolean {
    return this.some((claim) => claim.pool === pool);
  }

  /** Whether the pool's list of targets is this deployment's own. */
  managesAccess(pool: string): boolean {
    return this.some((claim) => claim.pool === pool && claim.manages === "access");
  }

  /** Notes that, by state, a resource assigned the target to the pool, so this deployment may assign it to another one. */
  noteHeld(pool: string, target: HeldTarget, owner: Owner): void {
    this.held.set(heldKey(pool, target), { owner, pool, target });
  }

  /** The targets that the resource assigned, by its state, and the keys of their pools: what a replacement takes over. */
  heldBy(owner: Owner): { pool: string; target: HeldTarget }[] {
    return [...this.held.values()].filter((held) => isSameOwner(held.owner, owner));
  }

  /** The claim that this deployment makes for the same resource: it goes on, or a replacement of it does. */
  ofOwner(owner: Owner): Claim | undefined {
    const byUrn = owner.urn === undefined ? undefined : this.entries.get(owner.urn);
    if (byUrn) return byUrn.claim;
    for (const { claim } of this.entries.values()) {
      if (isSameOwner(claim, owner)) return claim;
    }
    return undefined;
  }

  /** The claim on a pool of that name, as {@link Claim.poolName} words it: of any generation. */
  ofPoolNamed(poolName: string): Claim | undefined {
    return [...this.entries.values()].find(({ claim }) => claim.poolName === poolName)?.claim;
  }

  /** Whether the target's pool is this deployment's to change: it manages the pool, or gave the target to it. */
  mayTakeFrom(pool: string, { kind, id }: { kind: string; id: string }): boolean {
    return this.isOwnPool(pool) || this.held.has(heldKey(pool, { kind, id }));
  }

  private some(holds: (claim: Claim) => boolean): boolean {
    return [...this.entries.values()].some(({ claim }) => holds(claim));
  }
}

function heldKey(pool: string, { kind, id }: { kind: string; id: string }): string {
  return `${pool} ${kind} ${id}`;
}

function identityOf({ urn, owner, declared }: Claim): string {
  return urn ?? JSON.stringify([owner, declared]);
}

/** Without a URN the name of the owner has to do: two resources of one kind and name under different parents are rare. */
function isSameOwner(one: Owner, other: Owner): boolean {
  return one.urn !== undefined && other.urn !== undefined ? one.urn === other.urn : one.owner === other.owner;
}

/** Claims on another service need not be resolved: it may be down. */
function isOfService(key: string, { service }: Claim): boolean {
  return service === undefined || isKeyOfService(key, service);
}

/** A failed look is not kept: the next one may succeed. */
async function keysOf(entry: Entry): Promise<readonly string[]> {
  entry.keys ??= entry.claim.resolve();
  try {
    return await entry.keys;
  } catch (error) {
    entry.keys = undefined;
    throw error;
  }
}

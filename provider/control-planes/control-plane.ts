import type { ControlPlaneKind } from "./planes";

/**
 * One organization on one control plane, in parts. It knows nothing of Pulumi. A part that is absent is something that
 * the control plane cannot do. Methods throw ControlPlaneError. `find` gives undefined for what the plane answers with
 * 404; because 404 can also mean "not permitted", only `confirmGone` says that a thing does not exist.
 */
export interface ControlPlane {
  readonly kind: ControlPlaneKind;
  readonly displayName: string;
  /** As the user gave it: a name, or on env zero also an id. */
  readonly organization: string;
  /** Base URL of the service, without a slash at its end. */
  readonly url: string;
  /** The organization's identity: the same under all names that the user may give it. */
  organizationId(): Promise<string>;
  readonly pools: Pools;
  /** Absent where the one token of a pool is issued with the pool. */
  readonly tokens?: Tokens | undefined;
  readonly assignments: Assignments;
  readonly defaultPool: DefaultPool;
  readonly agents?: Agents | undefined;
  readonly demand?: DemandReader | undefined;
}

/** How recent an answer must be. */
export interface Freshness {
  /** Ask the control plane now. Otherwise a list that was read a short while ago may answer. Default: false. */
  readonly fresh?: boolean;
}

/** A runner pool as a control plane shows it. */
export interface Pool extends PoolSettings {
  /** The vendor's id of the pool. */
  readonly id: string;
  /** ISO 8601, where the plane says it. */
  readonly createdAt?: string | undefined;
}

/** What can be said of a pool. A field that the plane lacks is absent. */
export interface PoolSettings {
  readonly name: string;
  /** Empty where there is none. */
  readonly description?: string | undefined;
  readonly scope?: PoolScope | undefined;
  readonly logHosting?: LogHosting | undefined;
}

/** A change of a pool. What is absent stays as it is; `null` takes the log hosting away. */
export interface PoolChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly scope?: Partial<PoolScope> | undefined;
  readonly logHosting?: LogHosting | null | undefined;
}

/** HCP Terraform: which workspaces and projects may use a pool. Lists hold ids. */
export interface PoolScope {
  /** Every workspace of the organization may use the pool, except the excluded ones. */
  readonly organizationScoped: boolean;
  readonly allowedWorkspaces?: readonly string[] | undefined;
  readonly allowedProjects?: readonly string[] | undefined;
  readonly excludedWorkspaces?: readonly string[] | undefined;
}

/** env zero: the DynamoDB in the customer's account that holds deployment logs. */
export interface LogHosting {
  readonly accountId: string;
  readonly region: string;
  /** Default: the organization's id. */
  readonly externalId?: string | undefined;
}

/** A pool and, on planes that issue a token with the pool, that token. It is shown here and never again. */
export interface CreatedPool {
  readonly pool: Pool;
  readonly initialToken?: string | undefined;
}

/** The runner pools of the organization. */
export interface Pools {
  list(freshness?: Freshness): Promise<readonly Pool[]>;
  find(poolId: string, freshness?: Freshness): Promise<Pool | undefined>;
  /** @throws ControlPlaneError unless the credential may see pools and there is no pool with that id now. */
  confirmGone(poolId: string): Promise<void>;
  /** Not repeatable: after an ambiguous failure look for the pool before trying again. */
  create(settings: PoolSettings): Promise<CreatedPool>;
  update(poolId: string, change: PoolChange): Promise<Pool>;
  /** False: the plane answered 404. */
  delete(poolId: string, options: { force: boolean }): Promise<boolean>;
}

/** A pool token without its value. */
export interface Token {
  readonly id: string;
  readonly description: string;
  /** ISO 8601. */
  readonly createdAt?: string | undefined;
  /** ISO 8601; null: never used; absent: the plane does not say. */
  readonly lastUsedAt?: string | null | undefined;
}

/** A token and its value, which is shown here and never again. */
export interface CreatedToken extends Token {
  readonly value: string;
}

/** The tokens of the organization's pools, where they are made one by one. */
export interface Tokens {
  list(poolId: string, freshness?: Freshness): Promise<readonly Token[]>;
  find(poolId: string, tokenId: string, freshness?: Freshness): Promise<Token | undefined>;
  /** @throws ControlPlaneError unless the credential may see the pool's tokens (or the pool is gone) and there is no such token now. */
  confirmGone(poolId: string, tokenId: string): Promise<void>;
  /** Not repeatable: the value of a token whose answer was lost is lost. */
  create(poolId: string, description: string): Promise<CreatedToken>;
  /** False: the plane answered 404. */
  delete(poolId: string, tokenId: string): Promise<boolean>;
}

/** Something that a pool can be assigned to, as the user names it: by its name or by the vendor's id. */
export interface TargetReference {
  /** One of the kinds in the plane's descriptor, for example `workspace`. */
  readonly kind: string;
  readonly name: string;
}

/** Something that a pool can be assigned to, with the vendor's own id: a name and an id of one thing give one target. */
export interface Target {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** A target, and which pool it uses by a setting of its own; inherited pools do not count. */
export interface AssignedTarget extends Target {
  readonly poolId: string | undefined;
  /**
   * Only on planes where pools have lists. `list`: the pool's list names the target. `everybody`: all targets, or all of
   * its project, may use the pool. `none`: the target may not use it, because someone removed it from the list.
   * Undefined: not known.
   */
  readonly access?: "list" | "everybody" | "none" | undefined;
  /** Id of the run that is the current one, on planes where moving the target breaks it. */
  readonly currentRunId?: string | undefined;
}

/** Which targets of a kind to list. Absent fields do not filter. */
export interface TargetFilter {
  /** Tag that a target must have: a name, or `name=value` where the plane's tags have values. */
  readonly tag?: string | undefined;
  /** Name or id of the project that a target must be in. */
  readonly project?: string | undefined;
}

/** How a target's own setting ends: back to what it inherits, or explicitly to the vendor's hosted runners. */
export type Fallback = "inherit" | "hosted";

/** Which target uses which pool. Callers serialise what they do to one target. */
export interface Assignments {
  /** @param freshness `fresh` asks for this target now, whatever a list said a moment ago. */
  find(reference: TargetReference, freshness?: Freshness): Promise<AssignedTarget | undefined>;
  /** @throws ControlPlaneError unless the credential may see targets of this kind and there is no such target now. */
  confirmGone(reference: TargetReference): Promise<void>;
  /** Targets of one kind that the credential can see, with their pools where the list says them. */
  list(kind: string, filter?: TargetFilter, freshness?: Freshness): Promise<readonly Target[]>;
  /**
   * Points the target at the pool, after giving it access to the pool where pools have lists.
   * @param target as {@link find} gave it just now.
   * @returns whether the target is in the pool's list now because this call put it there.
   */
  assign(target: AssignedTarget, poolId: string): Promise<{ readonly accessGranted: boolean }>;
  /**
   * Ends the target's own setting. The caller has looked whose it is.
   * @param target as {@link find} gave it just now.
   */
  release(target: AssignedTarget, fallback: Fallback): Promise<void>;
  /** The pool that the target uses once it has no setting of its own; undefined: the vendor's hosted runners. */
  inheritedPool(target: Target, freshness?: Freshness): Promise<string | undefined>;
  /** Where pools have lists: takes the target from the pool's list. A pool or target that is gone is a success. */
  revokeAccess?(target: Target, poolId: string): Promise<void>;
  /** Where pools have scopes: what has this pool as its own setting now. */
  listAssigned?(poolId: string): Promise<readonly Target[]>;
  /**
   * Targets of a kind that have this pool as their own setting now and do not keep the plane from deleting it: their work
   * would move in silence. None of a kind whose targets make the plane refuse. Absent: it refuses for every kind.
   */
  listUnprotected?(kind: string, poolId: string): Promise<readonly Target[]>;
  /**
   * Where moving a target breaks its work: what is under way now, in words (`run run-… is planning`); undefined: nothing.
   * @param target as {@link find} gave it just now.
   */
  activeWork?(target: AssignedTarget): Promise<string | undefined>;
}

/** The organization's default pool. */
export interface DefaultPool {
  /** Undefined: the organization uses the vendor's hosted runners by default. */
  find(freshness?: Freshness): Promise<string | undefined>;
  /** Absent where the API cannot set it. Undefined gives the organization back to the vendor's hosted runners. */
  set?(poolId: string | undefined): Promise<void>;
  /** As that of {@link Assignments}: work that inherits the default, and that a change of it would break. */
  activeWork?(): Promise<string | undefined>;
}

/** An agent that is or was connected to a pool. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly online: boolean;
  /** ISO 8601. */
  readonly lastSeenAt?: string | undefined;
  readonly version?: string | undefined;
}

/** The agents of the organization's pools. */
export interface Agents {
  list(poolId: string): Promise<readonly Agent[]>;
}

/** How many agents a pool could use now. Work that waits for a person counts for none. */
export interface Demand {
  /** Agents that work waits for. */
  readonly waiting: number;
  /** Agents that are at work. */
  readonly running: number;
}

/** Tells the demand of pools. One read, which stays good for some seconds, serves all pools of the organization. */
export interface DemandReader {
  of(poolId: string): Promise<Demand>;
}

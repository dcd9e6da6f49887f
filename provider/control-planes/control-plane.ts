import type { Capabilities, TargetKind } from "./capabilities";
import type { ControlPlaneKind } from "./kinds";

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

/** HCP Terraform: which workspaces and projects may use a pool. Lists hold ids or names; answers hold ids. */
export interface PoolScope {
  /** Every workspace of the organization may use the pool, except the excluded ones. */
  readonly organizationScoped: boolean;
  /** Absent in a request: left as it is. */
  readonly allowedWorkspaces?: readonly string[] | undefined;
  readonly allowedProjects?: readonly string[] | undefined;
  readonly excludedWorkspaces?: readonly string[] | undefined;
}

/** env zero: the DynamoDB in the customer's account that holds deployment logs. */
export interface LogHosting {
  readonly accountId: string;
  readonly region: string;
  readonly externalId: string;
}

/** A pool and, on planes where it is born with the pool, its token. The token is shown here and never again. */
export interface CreatedPool {
  readonly pool: Pool;
  readonly initialToken?: string | undefined;
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

/** Something that a pool can be assigned to. */
export interface Target {
  readonly kind: TargetKind;
  /** `project/stack` on Pulumi Cloud, otherwise the vendor's name or id of the thing. */
  readonly name: string;
}

/** Which pool a target uses by a setting of its own; inherited pools do not count. */
export interface Assignment {
  readonly poolId: string | undefined;
  /** Where pools have lists: how the target may use its pool. `none`: it was taken from the list behind our back. */
  readonly access?: "list" | "everybody" | "none" | undefined;
}

/** What {@link ControlPlane.assign} relies on besides the target. */
export interface AssignmentEffect {
  /** The target is in the list of those that may use the pool. */
  readonly accessGranted: boolean;
}

/** How a target's own setting ends: back to what it inherits, or explicitly to the vendor's hosted runners. */
export type Fallback = "inherit" | "hosted";

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

/** How many agents a pool could use now. Work that waits for a person counts for none. */
export interface Demand {
  /** Agents that work waits for. */
  readonly waiting: number;
  /** Agents that are at work. */
  readonly running: number;
}

/**
 * One organization on one control plane. It knows nothing of Pulumi. Methods throw ControlPlaneError; `find…` gives
 * undefined for what the plane answers with 404, which can also mean "not permitted" (see {@link verifyAccess}).
 * Lists are read once and kept for a short while; whatever this object itself changes is changed in them too.
 */
export interface ControlPlane {
  readonly kind: ControlPlaneKind;
  readonly organization: string;
  readonly url: string;
  readonly capabilities: Capabilities;

  /** Succeeds only while the organization is visible to our credential, so that a 404 really means "missing". */
  verifyAccess(): Promise<void>;

  listPools(options?: { fresh?: boolean }): Promise<readonly Pool[]>;
  findPool(poolId: string): Promise<Pool | undefined>;
  /** Not repeatable: after an ambiguous failure look for the pool before trying again. */
  createPool(settings: PoolSettings): Promise<CreatedPool>;
  updatePool(poolId: string, settings: PoolSettings): Promise<Pool>;
  /** A pool that is already gone is a success. */
  deletePool(poolId: string, options: { force: boolean }): Promise<void>;

  listTokens(poolId: string, options?: { fresh?: boolean }): Promise<readonly Token[]>;
  findToken(poolId: string, tokenId: string): Promise<Token | undefined>;
  /** Not repeatable: the value of a token whose answer was lost is lost. */
  createToken(poolId: string, description: string): Promise<CreatedToken>;
  /** A token that is already gone is a success. */
  deleteToken(poolId: string, tokenId: string): Promise<void>;

  /** Undefined where the target does not exist. */
  findAssignment(target: Target): Promise<Assignment | undefined>;
  assign(target: Target, poolId: string): Promise<AssignmentEffect>;
  /**
   * Ends the target's own setting if it is this pool, and says whether it was; with `revokeAccess` also takes the target
   * from the pool's list. A missing target is a success.
   */
  unassign(
    target: Target,
    poolId: string,
    options: { fallback: Fallback; revokeAccess: boolean },
  ): Promise<boolean>;
  listTargets(kind: TargetKind): Promise<readonly Target[]>;
  /** Where pools have scopes: ids of the workspaces and projects whose own setting is this pool. */
  listUsers?(poolId: string): Promise<{ workspaces: string[]; projects: string[] }>;

  /** The organization's default pool, if it has one of its own. */
  findDefaultPool(): Promise<string | undefined>;
  /** Sets the default; undefined gives the organization back to the vendor's hosted runners. */
  setDefaultPool(poolId: string | undefined): Promise<void>;

  listAgents(poolId: string): Promise<readonly Agent[]>;
  /** Read anew each time; the caller decides how often. */
  demand(poolId: string): Promise<Demand>;
}

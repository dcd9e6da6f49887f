// Generated from the definitions by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import { type Registration, RunnerPoolsResource } from "../resource";

/** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
export interface ControlPlaneArgs {
  /** The control plane: `pulumi-cloud`, `env-zero` or `hcp-terraform` (which includes Terraform Enterprise). */
  kind: pulumi.Input<"pulumi-cloud" | "env-zero" | "hcp-terraform">;
  /** Name of the organization; for env zero its name or its id. */
  organization: pulumi.Input<string>;
  /** Base URL of a self-hosted or regional service, without a path. Default: from the environment (`PULUMI_BACKEND_URL`, `TFE_ADDRESS` or `TFE_HOSTNAME`, `ENV0_API_ENDPOINT`), else the vendor's public service. */
  url?: pulumi.Input<string>;
}

/** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
export interface ControlPlane {
  /** The control plane: `pulumi-cloud`, `env-zero` or `hcp-terraform` (which includes Terraform Enterprise). */
  readonly kind: "pulumi-cloud" | "env-zero" | "hcp-terraform";
  /** Name of the organization; for env zero its name or its id. */
  readonly organization: string;
  /** Base URL of a self-hosted or regional service, without a path. Default: from the environment (`PULUMI_BACKEND_URL`, `TFE_ADDRESS` or `TFE_HOSTNAME`, `ENV0_API_ENDPOINT`), else the vendor's public service. */
  readonly url?: string;
}

/** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`, where each assignment adds its own target and takes it away again. */
export interface PoolScopeArgs {
  /** `assigned`: only targets that are assigned to the pool may use it. `organization`: every workspace may, except `excludedWorkspaces`. `listed`: exactly those in `allowedWorkspaces` and `allowedProjects`. */
  mode: pulumi.Input<"organization" | "assigned" | "listed">;
  /** Ids of workspaces, with mode `listed`. */
  allowedWorkspaces?: pulumi.Input<pulumi.Input<string>[]>;
  /** Ids of projects, with mode `listed`. */
  allowedProjects?: pulumi.Input<pulumi.Input<string>[]>;
  /** Ids of workspaces, with mode `organization`. */
  excludedWorkspaces?: pulumi.Input<pulumi.Input<string>[]>;
}

/** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`, where each assignment adds its own target and takes it away again. */
export interface PoolScope {
  /** `assigned`: only targets that are assigned to the pool may use it. `organization`: every workspace may, except `excludedWorkspaces`. `listed`: exactly those in `allowedWorkspaces` and `allowedProjects`. */
  readonly mode: "organization" | "assigned" | "listed";
  /** Ids of workspaces, with mode `listed`. */
  readonly allowedWorkspaces?: string[];
  /** Ids of projects, with mode `listed`. */
  readonly allowedProjects?: string[];
  /** Ids of workspaces, with mode `organization`. */
  readonly excludedWorkspaces?: string[];
}

/** env zero only: keep deployment logs in a DynamoDB table of your own. */
export interface LogHostingArgs {
  /** AWS account of the DynamoDB table. */
  accountId: pulumi.Input<string>;
  /** AWS region of the table. */
  region: pulumi.Input<string>;
  /** External id of the role that env zero assumes. Default: the organization's id. */
  externalId?: pulumi.Input<string>;
}

/** env zero only: keep deployment logs in a DynamoDB table of your own. */
export interface LogHosting {
  /** AWS account of the DynamoDB table. */
  readonly accountId: string;
  /** AWS region of the table. */
  readonly region: string;
  /** External id of the role that env zero assumes. Default: the organization's id. */
  readonly externalId?: string;
}

/** What is assigned: exactly one of these, of a kind that the control plane has. */
export interface AssignmentTargetArgs {
  /** Pulumi Cloud: a stack, as `project/stack`. */
  stack?: pulumi.Input<string>;
  /** Pulumi Cloud: name of an Insights account, for its scans. */
  insightsAccount?: pulumi.Input<string>;
  /** Pulumi Cloud: name of an audit policy group, for its evaluations. */
  policyGroup?: pulumi.Input<string>;
  /** env zero: id of a project. HCP Terraform: name or id of a project, whose workspaces then inherit the pool. */
  project?: pulumi.Input<string>;
  /** HCP Terraform: name or id of a workspace. */
  workspace?: pulumi.Input<string>;
}

/** What is assigned: exactly one of these, of a kind that the control plane has. */
export interface AssignmentTarget {
  /** Pulumi Cloud: a stack, as `project/stack`. */
  readonly stack?: string;
  /** Pulumi Cloud: name of an Insights account, for its scans. */
  readonly insightsAccount?: string;
  /** Pulumi Cloud: name of an audit policy group, for its evaluations. */
  readonly policyGroup?: string;
  /** env zero: id of a project. HCP Terraform: name or id of a project, whose workspaces then inherit the pool. */
  readonly project?: string;
  /** HCP Terraform: name or id of a workspace. */
  readonly workspace?: string;
}

/** What is assigned: at least one name or pattern, of kinds that the control plane has. */
export interface AssignmentTargetsArgs {
  /** Pulumi Cloud: stacks as `project/stack`, for example `network-*\/prod`; `*` stands for any characters but a slash. */
  stacks?: pulumi.Input<pulumi.Input<string>[]>;
  /** Pulumi Cloud: names of Insights accounts; `*` stands for any characters but a slash. */
  insightsAccounts?: pulumi.Input<pulumi.Input<string>[]>;
  /** Pulumi Cloud: names of audit policy groups; `*` stands for any characters but a slash. */
  policyGroups?: pulumi.Input<pulumi.Input<string>[]>;
  /** env zero: ids of projects; HCP Terraform: names or ids of projects; `*` stands for any characters but a slash. */
  projects?: pulumi.Input<pulumi.Input<string>[]>;
  /** HCP Terraform: names or ids of workspaces; `*` stands for any characters but a slash. */
  workspaces?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What is assigned: at least one name or pattern, of kinds that the control plane has. */
export interface AssignmentTargets {
  /** Pulumi Cloud: stacks as `project/stack`, for example `network-*\/prod`; `*` stands for any characters but a slash. */
  readonly stacks?: string[];
  /** Pulumi Cloud: names of Insights accounts; `*` stands for any characters but a slash. */
  readonly insightsAccounts?: string[];
  /** Pulumi Cloud: names of audit policy groups; `*` stands for any characters but a slash. */
  readonly policyGroups?: string[];
  /** env zero: ids of projects; HCP Terraform: names or ids of projects; `*` stands for any characters but a slash. */
  readonly projects?: string[];
  /** HCP Terraform: names or ids of workspaces; `*` stands for any characters but a slash. */
  readonly workspaces?: string[];
}

/** A runner pool (agent pool): the group that work is sent to and that agents belong to. The name and the description are updated in place; a change of `controlPlane` makes a new pool. */
export interface RunnerPoolArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** Name of the pool, unique in the organization. HCP Terraform allows letters, digits, hyphens and underscores. Default: the name of the resource. */
  name?: pulumi.Input<string>;
  /** What the pool is for. Pulumi Cloud and env zero only; HCP Terraform has no such field. */
  description?: pulumi.Input<string>;
  /** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`, where each assignment adds its own target and takes it away again. */
  scope?: pulumi.Input<PoolScopeArgs>;
  /** env zero only: keep deployment logs in a DynamoDB table of your own. */
  logHosting?: pulumi.Input<LogHostingArgs>;
  /**
   * Pulumi Cloud only: delete the pool even while stacks use it. Their work then silently moves to the vendor's hosted runners, outside your network.
   *
   * @default false
   */
  forceDestroy?: pulumi.Input<boolean>;
  /** The control plane's id of an existing pool that this resource takes over instead of making one. The pool's name and settings are changed to those declared here, and destroying the resource deletes the pool. */
  adopt?: pulumi.Input<string>;
}

const runnerPoolRegistration: Registration = {
  type: "RunnerPool",
  inputs: ["controlPlane","name","description","scope","logHosting","forceDestroy","adopt"],
  outputs: ["poolId","initialToken"],
  secrets: ["initialToken"],
  defaultsToResourceName: ["name"],
  poolReferences: [],
};

/**
 * A runner pool (agent pool): the group that work is sent to and that agents belong to. The name and the description are updated in place; a change of `controlPlane` makes a new pool.
 *
 * @example
 * ```ts
 * const pool = new RunnerPool("builders", {
 *   controlPlane: { kind: "pulumi-cloud", organization: "acme" },
 *   description: "Deployments inside the production network",
 * });
 * ```
 */
export class RunnerPool extends RunnerPoolsResource {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** Name of the pool, unique in the organization. HCP Terraform allows letters, digits, hyphens and underscores. Default: the name of the resource. */
  declare readonly name: pulumi.Output<string>;
  /** What the pool is for. Pulumi Cloud and env zero only; HCP Terraform has no such field. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`, where each assignment adds its own target and takes it away again. */
  declare readonly scope: pulumi.Output<PoolScope | undefined>;
  /** env zero only: keep deployment logs in a DynamoDB table of your own. */
  declare readonly logHosting: pulumi.Output<LogHosting | undefined>;
  /** Pulumi Cloud only: delete the pool even while stacks use it. Their work then silently moves to the vendor's hosted runners, outside your network. */
  declare readonly forceDestroy: pulumi.Output<boolean>;
  /** The control plane's id of an existing pool that this resource takes over instead of making one. The pool's name and settings are changed to those declared here, and destroying the resource deletes the pool. */
  declare readonly adopt: pulumi.Output<string | undefined>;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** Pulumi Cloud only: the token that is born with the pool, the only one it ever has. Absent for a pool that was adopted or imported, since the control plane shows it once. */
  declare readonly initialToken: pulumi.Output<string | undefined>;

  constructor(name: string, args: RunnerPoolArgs, options: pulumi.CustomResourceOptions = {}) {
    super(runnerPoolRegistration, name, args, options);
  }

  /**
   * An existing `RunnerPool`, which this program reads and does not manage.
   *
   * @param id for example `hcp-terraform/acme/apool-…`: the control plane, the organization, the control plane's id of the pool.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): RunnerPool {
    return new this(name, {} as RunnerPoolArgs, { ...options, id });
  }
}

/** A static token with which agents join a pool. HCP Terraform has any number of them, env zero two at a time (it calls them secrets), Pulumi Cloud exactly one that is born with the pool: there this resource only surfaces `initialToken`. The value is read once, when the token is made, and kept in state as a secret. */
export interface PoolTokenArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  pool: pulumi.Input<string> | RunnerPool;
  /** What the token is for; it is shown in the control plane's console. Default: the name of the resource. */
  description?: pulumi.Input<string>;
  /** Pulumi Cloud only: the pool's `initialToken`. Filled in where `pool` is a `RunnerPool`. */
  initialToken?: pulumi.Input<string | undefined>;
  /**
   * Raise it to replace the token by a new one: the new one is made first. Not on Pulumi Cloud, whose pools cannot have another token.
   *
   * @default 1
   */
  generation?: pulumi.Input<number>;
}

const poolTokenRegistration: Registration = {
  type: "PoolToken",
  inputs: ["controlPlane","pool","description","initialToken","generation"],
  outputs: ["tokenId","value","createdAt"],
  secrets: ["initialToken","value"],
  defaultsToResourceName: ["description"],
  poolReferences: ["pool"],
};

/**
 * A static token with which agents join a pool. HCP Terraform has any number of them, env zero two at a time (it calls them secrets), Pulumi Cloud exactly one that is born with the pool: there this resource only surfaces `initialToken`. The value is read once, when the token is made, and kept in state as a secret.
 *
 * @example
 * ```ts
 * const token = new PoolToken("builders", { controlPlane, pool });
 * export const value = token.value; // shown as [secret]
 * ```
 */
export class PoolToken extends RunnerPoolsResource {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  declare readonly pool: pulumi.Output<string>;
  /** What the token is for; it is shown in the control plane's console. Default: the name of the resource. */
  declare readonly description: pulumi.Output<string>;
  /** Pulumi Cloud only: the pool's `initialToken`. Filled in where `pool` is a `RunnerPool`. */
  declare readonly initialToken: pulumi.Output<string | undefined>;
  /** Raise it to replace the token by a new one: the new one is made first. Not on Pulumi Cloud, whose pools cannot have another token. */
  declare readonly generation: pulumi.Output<number>;
  /** The control plane's id of the token; `initial` on Pulumi Cloud. */
  declare readonly tokenId: pulumi.Output<string>;
  /** The token. Absent after an import, since control planes show a token once. */
  declare readonly value: pulumi.Output<string | undefined>;
  /** When the token was made (ISO 8601), where the control plane says it. */
  declare readonly createdAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: PoolTokenArgs, options: pulumi.CustomResourceOptions = {}) {
    super(poolTokenRegistration, name, args, options);
  }

  /**
   * An existing `PoolToken`, which this program reads and does not manage.
   *
   * @param id for example `hcp-terraform/acme/apool-…/at-…`; the token's value is then not known.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): PoolToken {
    return new this(name, {} as PoolTokenArgs, { ...options, id });
  }
}

/** Sends the work of one target (a stack, workspace, project, ...) to a runner pool. It owns exactly one key of the target's settings, and gives it back on destroy only while it still holds this pool. */
export interface StackPoolAssignmentArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  pool: pulumi.Input<string> | RunnerPool;
  /** What is assigned: exactly one of these, of a kind that the control plane has. */
  target: pulumi.Input<AssignmentTargetArgs>;
  /**
   * What the target uses once the assignment is destroyed: `inherit` (what its project or organization says; the vendor's hosted runners where they say nothing) or, on HCP Terraform only, `hosted` (explicitly the vendor's runners).
   *
   * @default "inherit"
   */
  onDestroy?: pulumi.Input<"inherit" | "hosted">;
}

const stackPoolAssignmentRegistration: Registration = {
  type: "StackPoolAssignment",
  inputs: ["controlPlane","pool","target","onDestroy"],
  outputs: ["poolId","accessGranted"],
  secrets: [],
  defaultsToResourceName: [],
  poolReferences: ["pool"],
};

/**
 * Sends the work of one target (a stack, workspace, project, ...) to a runner pool. It owns exactly one key of the target's settings, and gives it back on destroy only while it still holds this pool.
 *
 * @example
 * ```ts
 * new StackPoolAssignment("network-prod", { controlPlane, pool, target: { stack: "network/prod" } });
 * ```
 */
export class StackPoolAssignment extends RunnerPoolsResource {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  declare readonly pool: pulumi.Output<string>;
  /** What is assigned: exactly one of these, of a kind that the control plane has. */
  declare readonly target: pulumi.Output<AssignmentTarget>;
  /** What the target uses once the assignment is destroyed: `inherit` (what its project or organization says; the vendor's hosted runners where they say nothing) or, on HCP Terraform only, `hosted` (explicitly the vendor's runners). */
  declare readonly onDestroy: pulumi.Output<"inherit" | "hosted">;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** HCP Terraform: the target is in the list of those that may use the pool, and leaves it on destroy. */
  declare readonly accessGranted: pulumi.Output<boolean>;

  constructor(name: string, args: StackPoolAssignmentArgs, options: pulumi.CustomResourceOptions = {}) {
    super(stackPoolAssignmentRegistration, name, args, options);
  }

  /**
   * An existing `StackPoolAssignment`, which this program reads and does not manage.
   *
   * @param id for example `pulumi-cloud/acme/stack/network/prod`.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): StackPoolAssignment {
    return new this(name, {} as StackPoolAssignmentArgs, { ...options, id });
  }
}

/** Sends the work of many targets to a runner pool: one resource for an organization with thousands of stacks. Names may hold `*`; what matches is found anew at each update and refresh. Targets that leave the set are given back, as with `StackPoolAssignment`. */
export interface StackPoolAssignmentsArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  pool: pulumi.Input<string> | RunnerPool;
  /** What is assigned: at least one name or pattern, of kinds that the control plane has. */
  targets: pulumi.Input<AssignmentTargetsArgs>;
  /**
   * What the target uses once the assignment is destroyed: `inherit` (what its project or organization says; the vendor's hosted runners where they say nothing) or, on HCP Terraform only, `hosted` (explicitly the vendor's runners).
   *
   * @default "inherit"
   */
  onDestroy?: pulumi.Input<"inherit" | "hosted">;
}

const stackPoolAssignmentsRegistration: Registration = {
  type: "StackPoolAssignments",
  inputs: ["controlPlane","pool","targets","onDestroy"],
  outputs: ["poolId","assigned","accessGranted"],
  secrets: [],
  defaultsToResourceName: [],
  poolReferences: ["pool"],
};

/**
 * Sends the work of many targets to a runner pool: one resource for an organization with thousands of stacks. Names may hold `*`; what matches is found anew at each update and refresh. Targets that leave the set are given back, as with `StackPoolAssignment`.
 *
 * @example
 * ```ts
 * new StackPoolAssignments("production", {
 *   controlPlane,
 *   pool,
 *   targets: { stacks: ["network/prod*", "app/prod"] },
 * });
 * ```
 */
export class StackPoolAssignments extends RunnerPoolsResource {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  declare readonly pool: pulumi.Output<string>;
  /** What is assigned: at least one name or pattern, of kinds that the control plane has. */
  declare readonly targets: pulumi.Output<AssignmentTargets>;
  /** What the target uses once the assignment is destroyed: `inherit` (what its project or organization says; the vendor's hosted runners where they say nothing) or, on HCP Terraform only, `hosted` (explicitly the vendor's runners). */
  declare readonly onDestroy: pulumi.Output<"inherit" | "hosted">;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** What is assigned to the pool now, as `kind:name`, sorted. */
  declare readonly assigned: pulumi.Output<string[]>;
  /** HCP Terraform: those of `assigned` that are in the list of those that may use the pool. */
  declare readonly accessGranted: pulumi.Output<string[]>;

  constructor(name: string, args: StackPoolAssignmentsArgs, options: pulumi.CustomResourceOptions = {}) {
    super(stackPoolAssignmentsRegistration, name, args, options);
  }

  /**
   * An existing `StackPoolAssignments`, which this program reads and does not manage.
   *
   * @param id for example `pulumi-cloud/acme/assignments/<poolId>`.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): StackPoolAssignments {
    return new this(name, {} as StackPoolAssignmentsArgs, { ...options, id });
  }
}

/** Makes a runner pool the default of its organization: what has no assignment of its own runs there. Destroying it gives the organization back to the vendor's hosted runners, if the default is still this pool. Not on env zero, whose API cannot set it. */
export interface OrganizationDefaultPoolArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  pool: pulumi.Input<string> | RunnerPool;
}

const organizationDefaultPoolRegistration: Registration = {
  type: "OrganizationDefaultPool",
  inputs: ["controlPlane","pool"],
  outputs: ["poolId"],
  secrets: [],
  defaultsToResourceName: [],
  poolReferences: ["pool"],
};

/**
 * Makes a runner pool the default of its organization: what has no assignment of its own runs there. Destroying it gives the organization back to the vendor's hosted runners, if the default is still this pool. Not on env zero, whose API cannot set it.
 *
 * @example
 * ```ts
 * new OrganizationDefaultPool("default", { controlPlane, pool });
 * ```
 */
export class OrganizationDefaultPool extends RunnerPoolsResource {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  declare readonly pool: pulumi.Output<string>;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;

  constructor(name: string, args: OrganizationDefaultPoolArgs, options: pulumi.CustomResourceOptions = {}) {
    super(organizationDefaultPoolRegistration, name, args, options);
  }

  /**
   * An existing `OrganizationDefaultPool`, which this program reads and does not manage.
   *
   * @param id for example `pulumi-cloud/acme/default-pool`.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): OrganizationDefaultPool {
    return new this(name, {} as OrganizationDefaultPoolArgs, { ...options, id });
  }
}

/** Waits until agents really serve a pool, so that a deployment succeeds only then. It owns nothing. An agent counts once it was seen to report while this waits: what the control plane remembers of agents that are gone does not. Not on env zero, whose API shows no single agents. */
export interface AgentsOnlineArgs {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  pool: pulumi.Input<string> | RunnerPool;
  /**
   * How many agents must be online.
   *
   * @default 1
   */
  count?: pulumi.Input<number>;
  /**
   * How long to wait for them, in seconds, before the deployment fails.
   *
   * @default 600
   */
  timeoutSeconds?: pulumi.Input<number>;
  /** Names of agents that must be among them. */
  names?: pulumi.Input<pulumi.Input<string>[]>;
  /** Texts whose change makes it wait anew, for example the ids of the machines that run the agents. */
  triggers?: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether it waits when it is made, too. With `false` only a change makes it wait: an update of a fleet then goes on only once an agent is back, and nothing slows its first deployment. Default: true. */
  waitOnCreate?: pulumi.Input<boolean>;
}

const agentsOnlineRegistration: Registration = {
  type: "AgentsOnline",
  inputs: ["controlPlane","pool","count","timeoutSeconds","names","triggers","waitOnCreate"],
  outputs: ["agents"],
  secrets: [],
  defaultsToResourceName: [],
  poolReferences: ["pool"],
};

/**
 * Waits until agents really serve a pool, so that a deployment succeeds only then. It owns nothing. An agent counts once it was seen to report while this waits: what the control plane remembers of agents that are gone does not. Not on env zero, whose API shows no single agents.
 *
 * @example
 * ```ts
 * new AgentsOnline("builders", { controlPlane, pool, count: 3, timeoutSeconds: 300 }, { dependsOn: [fleet] });
 * ```
 */
export class AgentsOnline extends RunnerPoolsResource {
  /** The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere. */
  declare readonly pool: pulumi.Output<string>;
  /** How many agents must be online. */
  declare readonly count: pulumi.Output<number>;
  /** How long to wait for them, in seconds, before the deployment fails. */
  declare readonly timeoutSeconds: pulumi.Output<number>;
  /** Names of agents that must be among them. */
  declare readonly names: pulumi.Output<string[] | undefined>;
  /** Texts whose change makes it wait anew, for example the ids of the machines that run the agents. */
  declare readonly triggers: pulumi.Output<string[] | undefined>;
  /** Whether it waits when it is made, too. With `false` only a change makes it wait: an update of a fleet then goes on only once an agent is back, and nothing slows its first deployment. Default: true. */
  declare readonly waitOnCreate: pulumi.Output<boolean | undefined>;
  /** Names of the agents that were online when the wait ended, sorted. */
  declare readonly agents: pulumi.Output<string[]>;

  constructor(name: string, args: AgentsOnlineArgs, options: pulumi.CustomResourceOptions = {}) {
    super(agentsOnlineRegistration, name, args, options);
  }
}

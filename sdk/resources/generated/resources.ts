// Generated from the definitions by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { PoolInput } from "../pool-input";
import { type Registration, RunnerPoolsResource } from "../resource";

/** The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login. */
export interface ControlPlaneArgs {
  /** The control plane: `pulumi-cloud`, `env-zero` or `hcp-terraform` (which includes Terraform Enterprise). */
  kind: pulumi.Input<"pulumi-cloud" | "env-zero" | "hcp-terraform">;
  /** Name of the organization; for env zero its name or its id. */
  organization: pulumi.Input<string>;
  /** Base URL of a self-hosted or regional service, without a path. Default: from stack configuration (`runner-pools:pulumiCloudUrl`, `hcpTerraformUrl`, `envZeroUrl`), else from the environment (`PULUMI_BACKEND_URL` or `PULUMI_API`, `TFE_ADDRESS` or `TFE_HOSTNAME`, `ENV0_API_ENDPOINT`), else the vendor's public service. */
  url?: pulumi.Input<string>;
}

/** The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login. */
export interface ControlPlane {
  /** The control plane: `pulumi-cloud`, `env-zero` or `hcp-terraform` (which includes Terraform Enterprise). */
  readonly kind: "pulumi-cloud" | "env-zero" | "hcp-terraform";
  /** Name of the organization; for env zero its name or its id. */
  readonly organization: string;
  /** Base URL of a self-hosted or regional service, without a path. Default: from stack configuration (`runner-pools:pulumiCloudUrl`, `hcpTerraformUrl`, `envZeroUrl`), else from the environment (`PULUMI_BACKEND_URL` or `PULUMI_API`, `TFE_ADDRESS` or `TFE_HOSTNAME`, `ENV0_API_ENDPOINT`), else the vendor's public service. */
  readonly url?: string;
}

/** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`; with `adopt`, what the pool has. */
export interface PoolScopeArgs {
  /** `assigned`: only what is assigned to the pool; each assignment adds its own target and takes it away again. `organization`: every workspace except `excludedWorkspaces`. `listed`: exactly `allowedWorkspaces` and `allowedProjects`, which must then contain every target that is assigned. */
  mode: pulumi.Input<"organization" | "assigned" | "listed">;
  /** Names or ids (`ws-…`) of workspaces, with mode `listed`. */
  allowedWorkspaces?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names or ids (`prj-…`) of projects, with mode `listed`. */
  allowedProjects?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names or ids (`ws-…`) of workspaces that may not use the pool, with mode `organization`. */
  excludedWorkspaces?: pulumi.Input<pulumi.Input<string>[]>;
}

/** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`; with `adopt`, what the pool has. */
export interface PoolScope {
  /** `assigned`: only what is assigned to the pool; each assignment adds its own target and takes it away again. `organization`: every workspace except `excludedWorkspaces`. `listed`: exactly `allowedWorkspaces` and `allowedProjects`, which must then contain every target that is assigned. */
  readonly mode: "organization" | "assigned" | "listed";
  /** Names or ids (`ws-…`) of workspaces, with mode `listed`. */
  readonly allowedWorkspaces?: string[];
  /** Names or ids (`prj-…`) of projects, with mode `listed`. */
  readonly allowedProjects?: string[];
  /** Names or ids (`ws-…`) of workspaces that may not use the pool, with mode `organization`. */
  readonly excludedWorkspaces?: string[];
}

/** env zero only: keep deployment logs in a DynamoDB table of your own. */
export interface LogHostingArgs {
  /** AWS account of the DynamoDB table. */
  accountId: pulumi.Input<string>;
  /** AWS region of the table. */
  region: pulumi.Input<string>;
  /** External id for the role that env zero assumes. Default: the id of the organization. */
  externalId?: pulumi.Input<string>;
}

/** env zero only: keep deployment logs in a DynamoDB table of your own. */
export interface LogHosting {
  /** AWS account of the DynamoDB table. */
  readonly accountId: string;
  /** AWS region of the table. */
  readonly region: string;
  /** External id for the role that env zero assumes. Default: the id of the organization. */
  readonly externalId?: string;
}

/** What is assigned: exactly one of these, of a kind that the control plane has. */
export type AssignmentTargetArgs =
  | {
      /** Pulumi Cloud: a stack, as `project/stack` or `organization/project/stack`. */
      stack: pulumi.Input<string>;
      insightsAccount?: undefined;
      policyGroup?: undefined;
      project?: undefined;
      workspace?: undefined;
    }
  | {
      /** Pulumi Cloud: an Insights account, by its name, for its scans. */
      insightsAccount: pulumi.Input<string>;
      stack?: undefined;
      policyGroup?: undefined;
      project?: undefined;
      workspace?: undefined;
    }
  | {
      /** Pulumi Cloud: an audit policy group, by its name, for its evaluations. */
      policyGroup: pulumi.Input<string>;
      stack?: undefined;
      insightsAccount?: undefined;
      project?: undefined;
      workspace?: undefined;
    }
  | {
      /** env zero: a project, by its id or its name. HCP Terraform: a project, whose workspaces inherit its pool, by its name or its id (`prj-…`). */
      project: pulumi.Input<string>;
      stack?: undefined;
      insightsAccount?: undefined;
      policyGroup?: undefined;
      workspace?: undefined;
    }
  | {
      /** HCP Terraform: a workspace, by its name or its id (`ws-…`). */
      workspace: pulumi.Input<string>;
      stack?: undefined;
      insightsAccount?: undefined;
      policyGroup?: undefined;
      project?: undefined;
    };

/** What is assigned: exactly one of these, of a kind that the control plane has. */
export interface AssignmentTarget {
  /** Pulumi Cloud: a stack, as `project/stack` or `organization/project/stack`. */
  readonly stack?: string;
  /** Pulumi Cloud: an Insights account, by its name, for its scans. */
  readonly insightsAccount?: string;
  /** Pulumi Cloud: an audit policy group, by its name, for its evaluations. */
  readonly policyGroup?: string;
  /** env zero: a project, by its id or its name. HCP Terraform: a project, whose workspaces inherit its pool, by its name or its id (`prj-…`). */
  readonly project?: string;
  /** HCP Terraform: a workspace, by its name or its id (`ws-…`). */
  readonly workspace?: string;
}

/** What is assigned: at least one name, pattern, tag or project. Only kinds that the control plane has. */
export interface AssignmentTargetsArgs {
  /** Pulumi Cloud: a stack, as `project/stack` or `organization/project/stack`. `*` stands for any characters but a slash. */
  stacks?: pulumi.Input<pulumi.Input<string>[]>;
  /** All stacks that have at least one of these tags, each given as `name` or `name=value`. */
  stackTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** All stacks of these projects, given by name. */
  stackProjects?: pulumi.Input<pulumi.Input<string>[]>;
  /** Pulumi Cloud: an Insights account, by its name, for its scans. `*` stands for any characters but a slash. */
  insightsAccounts?: pulumi.Input<pulumi.Input<string>[]>;
  /** Pulumi Cloud: an audit policy group, by its name, for its evaluations. `*` stands for any characters but a slash. */
  policyGroups?: pulumi.Input<pulumi.Input<string>[]>;
  /** env zero: a project, by its id or its name. HCP Terraform: a project, whose workspaces inherit its pool, by its name or its id (`prj-…`). `*` stands for any characters but a slash. */
  projects?: pulumi.Input<pulumi.Input<string>[]>;
  /** HCP Terraform: a workspace, by its name or its id (`ws-…`). `*` stands for any characters but a slash. */
  workspaces?: pulumi.Input<pulumi.Input<string>[]>;
  /** All workspaces that have at least one of these tags, each given as `name` or `name=value`. */
  workspaceTags?: pulumi.Input<pulumi.Input<string>[]>;
  /** All workspaces of these projects, given by name. */
  workspaceProjects?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What is assigned: at least one name, pattern, tag or project. Only kinds that the control plane has. */
export interface AssignmentTargets {
  /** Pulumi Cloud: a stack, as `project/stack` or `organization/project/stack`. `*` stands for any characters but a slash. */
  readonly stacks?: string[];
  /** All stacks that have at least one of these tags, each given as `name` or `name=value`. */
  readonly stackTags?: string[];
  /** All stacks of these projects, given by name. */
  readonly stackProjects?: string[];
  /** Pulumi Cloud: an Insights account, by its name, for its scans. `*` stands for any characters but a slash. */
  readonly insightsAccounts?: string[];
  /** Pulumi Cloud: an audit policy group, by its name, for its evaluations. `*` stands for any characters but a slash. */
  readonly policyGroups?: string[];
  /** env zero: a project, by its id or its name. HCP Terraform: a project, whose workspaces inherit its pool, by its name or its id (`prj-…`). `*` stands for any characters but a slash. */
  readonly projects?: string[];
  /** HCP Terraform: a workspace, by its name or its id (`ws-…`). `*` stands for any characters but a slash. */
  readonly workspaces?: string[];
  /** All workspaces that have at least one of these tags, each given as `name` or `name=value`. */
  readonly workspaceTags?: string[];
  /** All workspaces of these projects, given by name. */
  readonly workspaceProjects?: string[];
}

/** What is left out of `targets`. */
export interface AssignmentExclusionsArgs {
  /** Names, ids or patterns of stacks that are left out of `targets`. */
  stacks?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names, ids or patterns of insightsAccounts that are left out of `targets`. */
  insightsAccounts?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names, ids or patterns of policyGroups that are left out of `targets`. */
  policyGroups?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names, ids or patterns of projects that are left out of `targets`. */
  projects?: pulumi.Input<pulumi.Input<string>[]>;
  /** Names, ids or patterns of workspaces that are left out of `targets`. */
  workspaces?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What is left out of `targets`. */
export interface AssignmentExclusions {
  /** Names, ids or patterns of stacks that are left out of `targets`. */
  readonly stacks?: string[];
  /** Names, ids or patterns of insightsAccounts that are left out of `targets`. */
  readonly insightsAccounts?: string[];
  /** Names, ids or patterns of policyGroups that are left out of `targets`. */
  readonly policyGroups?: string[];
  /** Names, ids or patterns of projects that are left out of `targets`. */
  readonly projects?: string[];
  /** Names, ids or patterns of workspaces that are left out of `targets`. */
  readonly workspaces?: string[];
}

/** A runner pool (agent pool): the group that work is sent to and that agents belong to. A change of `controlPlane` or `generation` replaces the pool; everything else is updated in place. Settings that the program does not declare are left as they are found. */
export interface RunnerPoolArgs {
  /** The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** Name of the pool, unique in the organization. HCP Terraform allows letters, digits, hyphens and underscores. While a pool is being made it is called `<name>-pending-` and a mark of six hexadecimal digits (`builders-pending-1f3a9c`), by which this package recognizes a pool whose creation was interrupted. Default: the name of the resource; with `adopt`, the name that the pool has. */
  name?: pulumi.Input<string>;
  /** What the pool is for. Pulumi Cloud and env zero only; HCP Terraform has no such field. */
  description?: pulumi.Input<string>;
  /** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`; with `adopt`, what the pool has. */
  scope?: pulumi.Input<PoolScopeArgs>;
  /** env zero only: keep deployment logs in a DynamoDB table of your own. */
  logHosting?: pulumi.Input<LogHostingArgs>;
  /**
   * Pulumi Cloud only: whether the pool is deleted even while it is in use or the organization's default. That work then moves to the vendor's hosted runners, outside your network, and a warning says so.
   *
   * @default false
   */
  forceDestroy?: pulumi.Input<boolean>;
  /** The control plane's id of an existing pool that this resource takes over instead of making one. What is declared here is changed, the rest stays as it is. Once the pool is taken over, it may be left out; that changes nothing. Destroying the resource deletes the pool, unless another resource of the program adopts it. */
  adopt?: pulumi.Input<string>;
  /**
   * Pulumi Cloud only, where the one token of a pool cannot be changed: raise it by one to replace the pool by one with a new token. The new pool is made first, assignments and fleets of the program move to it, then the old pool is deleted. From the second generation on the control plane shows the name with the generation (`builders-g2`).
   *
   * @default 1
   */
  generation?: pulumi.Input<number>;
}

const runnerPoolRegistration: Registration = {
  type: "RunnerPool",
  inputs: ["controlPlane","name","description","scope","logHosting","forceDestroy","adopt","generation"],
  outputs: ["poolId","initialToken","serviceUrl"],
  secrets: ["initialToken"],
  poolReferences: [],
};

/**
 * A runner pool (agent pool): the group that work is sent to and that agents belong to. A change of `controlPlane` or `generation` replaces the pool; everything else is updated in place. Settings that the program does not declare are left as they are found.
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
  /** The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** Name of the pool, unique in the organization. HCP Terraform allows letters, digits, hyphens and underscores. While a pool is being made it is called `<name>-pending-` and a mark of six hexadecimal digits (`builders-pending-1f3a9c`), by which this package recognizes a pool whose creation was interrupted. Default: the name of the resource; with `adopt`, the name that the pool has. */
  declare readonly name: pulumi.Output<string | undefined>;
  /** What the pool is for. Pulumi Cloud and env zero only; HCP Terraform has no such field. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`; with `adopt`, what the pool has. */
  declare readonly scope: pulumi.Output<PoolScope | undefined>;
  /** env zero only: keep deployment logs in a DynamoDB table of your own. */
  declare readonly logHosting: pulumi.Output<LogHosting | undefined>;
  /** Pulumi Cloud only: whether the pool is deleted even while it is in use or the organization's default. That work then moves to the vendor's hosted runners, outside your network, and a warning says so. */
  declare readonly forceDestroy: pulumi.Output<boolean>;
  /** The control plane's id of an existing pool that this resource takes over instead of making one. What is declared here is changed, the rest stays as it is. Once the pool is taken over, it may be left out; that changes nothing. Destroying the resource deletes the pool, unless another resource of the program adopts it. */
  declare readonly adopt: pulumi.Output<string | undefined>;
  /** Pulumi Cloud only, where the one token of a pool cannot be changed: raise it by one to replace the pool by one with a new token. The new pool is made first, assignments and fleets of the program move to it, then the old pool is deleted. From the second generation on the control plane shows the name with the generation (`builders-g2`). */
  declare readonly generation: pulumi.Output<number>;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** Pulumi Cloud only: the token that is issued with the pool, the only one that it ever has. Absent for a pool that was adopted or imported, since the control plane shows it once. */
  declare readonly initialToken: pulumi.Output<string | undefined>;
  /** Base URL of the service that the resource was made on. While configuration or environment name another one, operations on the resource are refused. */
  declare readonly serviceUrl: pulumi.Output<string | undefined>;

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

/** A static token with which agents join a pool. A pool has any number of them on HCP Terraform, two at a time on env zero (which calls them secrets), and exactly one on Pulumi Cloud, which is issued with the pool: there this resource only passes on `initialToken`. The value is read once, when the token is made, and kept in state as a secret. */
export interface PoolTokenArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
  /** What the token is for. The control plane's console shows it with a mark behind it (`builders #1f3a9c`), by which this package recognizes a token whose creation was interrupted. No control plane can change the description of a token, so a new text is used from the next generation on. Default: the name of the resource. */
  description?: pulumi.Input<string>;
  /** Pulumi Cloud only: the `initialToken` of the pool. In TypeScript it is filled in where `pool` is a `RunnerPool`. */
  initialToken?: pulumi.Input<string | undefined>;
  /**
   * Raise it by one to replace the token: the new token is made first, then the old one is revoked. Not on Pulumi Cloud, where the `generation` of the `RunnerPool` is raised instead.
   *
   * @default 1
   */
  generation?: pulumi.Input<number>;
  /** HCP Terraform only, which tells when a token was last used: what happens when a token that an agent used in the last five minutes is to be revoked while the program keeps its pool. `refuse`: the deployment fails and the token stays valid. `wait`: the deployment waits until no agent has used it for one minute and then revokes it; if that does not happen within 15 minutes, the deployment fails and the token stays valid. Choose this where the fleet moves to the new token in the same deployment. `revoke`: it is revoked at once; tfc-agents that hold it exit, and their jobs fail. Default: `refuse`. */
  whenInUse?: pulumi.Input<"refuse" | "wait" | "revoke">;
}

const poolTokenRegistration: Registration = {
  type: "PoolToken",
  inputs: ["controlPlane","pool","description","initialToken","generation","whenInUse"],
  outputs: ["tokenId","value","createdAt","declaredAs","serviceUrl"],
  secrets: ["initialToken","value"],
  poolReferences: ["pool"],
};

/**
 * A static token with which agents join a pool. A pool has any number of them on HCP Terraform, two at a time on env zero (which calls them secrets), and exactly one on Pulumi Cloud, which is issued with the pool: there this resource only passes on `initialToken`. The value is read once, when the token is made, and kept in state as a secret.
 *
 * @example
 * ```ts
 * const token = new PoolToken("builders", { pool });
 * export const value = token.value; // shown as [secret]
 * ```
 */
export class PoolToken extends RunnerPoolsResource {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  declare readonly pool: pulumi.Output<string>;
  /** What the token is for. The control plane's console shows it with a mark behind it (`builders #1f3a9c`), by which this package recognizes a token whose creation was interrupted. No control plane can change the description of a token, so a new text is used from the next generation on. Default: the name of the resource. */
  declare readonly description: pulumi.Output<string>;
  /** Pulumi Cloud only: the `initialToken` of the pool. In TypeScript it is filled in where `pool` is a `RunnerPool`. */
  declare readonly initialToken: pulumi.Output<string | undefined>;
  /** Raise it by one to replace the token: the new token is made first, then the old one is revoked. Not on Pulumi Cloud, where the `generation` of the `RunnerPool` is raised instead. */
  declare readonly generation: pulumi.Output<number>;
  /** HCP Terraform only, which tells when a token was last used: what happens when a token that an agent used in the last five minutes is to be revoked while the program keeps its pool. `refuse`: the deployment fails and the token stays valid. `wait`: the deployment waits until no agent has used it for one minute and then revokes it; if that does not happen within 15 minutes, the deployment fails and the token stays valid. Choose this where the fleet moves to the new token in the same deployment. `revoke`: it is revoked at once; tfc-agents that hold it exit, and their jobs fail. Default: `refuse`. */
  declare readonly whenInUse: pulumi.Output<"refuse" | "wait" | "revoke" | undefined>;
  /** The control plane's id of the token; `initial` on Pulumi Cloud. */
  declare readonly tokenId: pulumi.Output<string>;
  /** The token. Absent after an import, since control planes show a token once. */
  declare readonly value: pulumi.Output<string | undefined>;
  /** When the token was made (ISO 8601), where the control plane says it. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** The resource of the program. What it says about tokens in use counts for those whose place it takes, also in a later deployment. */
  declare readonly declaredAs: pulumi.Output<string | undefined>;
  /** Base URL of the service that the resource was made on. While configuration or environment name another one, operations on the resource are refused. */
  declare readonly serviceUrl: pulumi.Output<string | undefined>;

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

/** Sends the work of one target (a stack, workspace, project, ...) to a runner pool. It owns exactly one setting of the target, its pool. Destroying it ends that setting only if it still names this pool and no other resource of the program declares the target. */
export interface StackPoolAssignmentArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
  /** What is assigned: exactly one of these, of a kind that the control plane has. */
  target: pulumi.Input<AssignmentTargetArgs>;
  /**
   * Whether a target may be taken from a pool that this program does not manage. With `false` the assignment of such a target fails with the names of both pools. A target that has this pool already is taken over as it is, in both cases.
   *
   * @default false
   */
  overwrite?: pulumi.Input<boolean>;
  /**
   * What a target uses once its assignment ends. `inherit`: the pool of its project or organization, and the vendor's hosted runners where neither has one. `hosted`, on HCP Terraform only: the vendor's runners, whatever its project or organization has.
   *
   * @default "inherit"
   */
  onDestroy?: pulumi.Input<"inherit" | "hosted">;
  /**
   * HCP Terraform only: how long to wait, in seconds, for a run that is under way in a workspace before the workspace's pool is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once.
   *
   * @default 900
   */
  activeWorkTimeoutSeconds?: pulumi.Input<number>;
}

const stackPoolAssignmentRegistration: Registration = {
  type: "StackPoolAssignment",
  inputs: ["controlPlane","pool","target","overwrite","onDestroy","activeWorkTimeoutSeconds"],
  outputs: ["poolId","targetId","accessGranted","leaving","accessLost","serviceUrl"],
  secrets: [],
  poolReferences: ["pool"],
};

/**
 * Sends the work of one target (a stack, workspace, project, ...) to a runner pool. It owns exactly one setting of the target, its pool. Destroying it ends that setting only if it still names this pool and no other resource of the program declares the target.
 *
 * @example
 * ```ts
 * new StackPoolAssignment("network-prod", { pool, target: { stack: "network/prod" } });
 * ```
 */
export class StackPoolAssignment extends RunnerPoolsResource {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  declare readonly pool: pulumi.Output<string>;
  /** What is assigned: exactly one of these, of a kind that the control plane has. */
  declare readonly target: pulumi.Output<AssignmentTarget>;
  /** Whether a target may be taken from a pool that this program does not manage. With `false` the assignment of such a target fails with the names of both pools. A target that has this pool already is taken over as it is, in both cases. */
  declare readonly overwrite: pulumi.Output<boolean>;
  /** What a target uses once its assignment ends. `inherit`: the pool of its project or organization, and the vendor's hosted runners where neither has one. `hosted`, on HCP Terraform only: the vendor's runners, whatever its project or organization has. */
  declare readonly onDestroy: pulumi.Output<"inherit" | "hosted">;
  /** HCP Terraform only: how long to wait, in seconds, for a run that is under way in a workspace before the workspace's pool is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once. */
  declare readonly activeWorkTimeoutSeconds: pulumi.Output<number>;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** The control plane's own id of the target. On HCP Terraform and env zero it stays the same when the target is renamed. */
  declare readonly targetId: pulumi.Output<string | undefined>;
  /** HCP Terraform: whether this assignment put the target into the list of those that may use the pool. It takes out only what it put in. */
  declare readonly accessGranted: pulumi.Output<boolean>;
  /** The target that the assignment gave up when it took the place of another one, as `kind:id`, with the control plane's id of its pool, which the program does not manage. It is released at the end of the deployment; where that was cut off, another resource of the program may take it from there all the same. The next update or refresh ends this. */
  declare readonly leaving: pulumi.Output<Record<string, string> | undefined>;
  /** HCP Terraform: the last refresh found the target outside of the list of those that may use the pool. The next update puts it in again. */
  declare readonly accessLost: pulumi.Output<boolean | undefined>;
  /** Base URL of the service that the resource was made on. While configuration or environment name another one, operations on the resource are refused. */
  declare readonly serviceUrl: pulumi.Output<string | undefined>;

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

/** Sends the work of many targets to a runner pool: one resource for an organization with thousands of stacks. Targets are named, matched by `*`, or selected by tag or project. At each preview and update the selection is looked up again: new targets are assigned, and those that left the set are released as by `StackPoolAssignment`, unless another resource of the program declares them. A set that loses targets is shown as replaced: the new one takes over what it keeps, and the rest is released at the end of the deployment, when everything that the program declares is known. */
export interface StackPoolAssignmentsArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
  /** What is assigned: at least one name, pattern, tag or project. Only kinds that the control plane has. */
  targets: pulumi.Input<AssignmentTargetsArgs>;
  /** What is left out of `targets`. */
  exclude?: pulumi.Input<AssignmentExclusionsArgs>;
  /** How many targets a set that goes on may release at a time. More are not released, and the deployment fails and lists them. It guards against a typing error in a pattern, and against a credential that sees fewer targets than before. Targets that move to another resource of the program do not count. Default: 10, or a tenth of the set where that is more. */
  maxReleases?: pulumi.Input<number>;
  /**
   * Whether a target may be taken from a pool that this program does not manage. With `false` the assignment of such a target fails with the names of both pools. A target that has this pool already is taken over as it is, in both cases.
   *
   * @default false
   */
  overwrite?: pulumi.Input<boolean>;
  /**
   * What a target uses once its assignment ends. `inherit`: the pool of its project or organization, and the vendor's hosted runners where neither has one. `hosted`, on HCP Terraform only: the vendor's runners, whatever its project or organization has.
   *
   * @default "inherit"
   */
  onDestroy?: pulumi.Input<"inherit" | "hosted">;
  /**
   * HCP Terraform only: how long to wait, in seconds, for a run that is under way in a workspace before the workspace's pool is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once.
   *
   * @default 900
   */
  activeWorkTimeoutSeconds?: pulumi.Input<number>;
}

const stackPoolAssignmentsRegistration: Registration = {
  type: "StackPoolAssignments",
  inputs: ["controlPlane","pool","targets","exclude","maxReleases","overwrite","onDestroy","activeWorkTimeoutSeconds"],
  outputs: ["poolId","assigned","targetIds","elsewhere","leaving","accessGranted","declaredAs","serviceUrl"],
  secrets: [],
  poolReferences: ["pool"],
};

/**
 * Sends the work of many targets to a runner pool: one resource for an organization with thousands of stacks. Targets are named, matched by `*`, or selected by tag or project. At each preview and update the selection is looked up again: new targets are assigned, and those that left the set are released as by `StackPoolAssignment`, unless another resource of the program declares them. A set that loses targets is shown as replaced: the new one takes over what it keeps, and the rest is released at the end of the deployment, when everything that the program declares is known.
 *
 * @example
 * ```ts
 * new StackPoolAssignments("production", {
 *   pool,
 *   targets: { stacks: ["network/prod*", "app/prod"] },
 * });
 * ```
 */
export class StackPoolAssignments extends RunnerPoolsResource {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  declare readonly pool: pulumi.Output<string>;
  /** What is assigned: at least one name, pattern, tag or project. Only kinds that the control plane has. */
  declare readonly targets: pulumi.Output<AssignmentTargets>;
  /** What is left out of `targets`. */
  declare readonly exclude: pulumi.Output<AssignmentExclusions | undefined>;
  /** How many targets a set that goes on may release at a time. More are not released, and the deployment fails and lists them. It guards against a typing error in a pattern, and against a credential that sees fewer targets than before. Targets that move to another resource of the program do not count. Default: 10, or a tenth of the set where that is more. */
  declare readonly maxReleases: pulumi.Output<number | undefined>;
  /** Whether a target may be taken from a pool that this program does not manage. With `false` the assignment of such a target fails with the names of both pools. A target that has this pool already is taken over as it is, in both cases. */
  declare readonly overwrite: pulumi.Output<boolean>;
  /** What a target uses once its assignment ends. `inherit`: the pool of its project or organization, and the vendor's hosted runners where neither has one. `hosted`, on HCP Terraform only: the vendor's runners, whatever its project or organization has. */
  declare readonly onDestroy: pulumi.Output<"inherit" | "hosted">;
  /** HCP Terraform only: how long to wait, in seconds, for a run that is under way in a workspace before the workspace's pool is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once. */
  declare readonly activeWorkTimeoutSeconds: pulumi.Output<number>;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** What is assigned to the pool now, as `kind:name`, sorted. */
  declare readonly assigned: pulumi.Output<string[]>;
  /** The control plane's own ids of those of `assigned` whose id is not their name. */
  declare readonly targetIds: pulumi.Output<Record<string, string> | undefined>;
  /** Targets of the set that the last refresh found at another pool, as `kind:name`, with the control plane's id of that pool. The next update takes them back. */
  declare readonly elsewhere: pulumi.Output<Record<string, string> | undefined>;
  /** Targets that the set gave up when it took the place of another one, as `kind:name`, with the control plane's ids of their pools, which the program does not manage. They are released at the end of the deployment; where that was cut off, another resource of the program may take them from there all the same. The next update or refresh ends this. */
  declare readonly leaving: pulumi.Output<Record<string, string> | undefined>;
  /** HCP Terraform: those of `assigned` that this resource put into the list of those that may use the pool. It takes out only what it put in. */
  declare readonly accessGranted: pulumi.Output<string[]>;
  /** The resource of the program; a set that takes the place of another one is known by it. */
  declare readonly declaredAs: pulumi.Output<string | undefined>;
  /** Base URL of the service that the resource was made on. While configuration or environment name another one, operations on the resource are refused. */
  declare readonly serviceUrl: pulumi.Output<string | undefined>;

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

/** Makes a runner pool the default of its organization: work without an assignment runs there. Destroying it gives the organization back to the vendor's hosted runners, with a warning, if the default is still this pool and no other resource of the program declares the default. Not on env zero, whose API cannot set a default. */
export interface OrganizationDefaultPoolArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
  /**
   * Whether a default that is a pool which this program does not manage may be replaced. With `false` the deployment then fails with the names of both pools.
   *
   * @default false
   */
  overwrite?: pulumi.Input<boolean>;
  /**
   * HCP Terraform only: how long to wait, in seconds, for runs that are under way in workspaces that inherit the default, before it is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once.
   *
   * @default 900
   */
  activeWorkTimeoutSeconds?: pulumi.Input<number>;
}

const organizationDefaultPoolRegistration: Registration = {
  type: "OrganizationDefaultPool",
  inputs: ["controlPlane","pool","overwrite","activeWorkTimeoutSeconds"],
  outputs: ["poolId","serviceUrl"],
  secrets: [],
  poolReferences: ["pool"],
};

/**
 * Makes a runner pool the default of its organization: work without an assignment runs there. Destroying it gives the organization back to the vendor's hosted runners, with a warning, if the default is still this pool and no other resource of the program declares the default. Not on env zero, whose API cannot set a default.
 *
 * @example
 * ```ts
 * new OrganizationDefaultPool("default", { pool });
 * ```
 */
export class OrganizationDefaultPool extends RunnerPoolsResource {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  declare readonly pool: pulumi.Output<string>;
  /** Whether a default that is a pool which this program does not manage may be replaced. With `false` the deployment then fails with the names of both pools. */
  declare readonly overwrite: pulumi.Output<boolean>;
  /** HCP Terraform only: how long to wait, in seconds, for runs that are under way in workspaces that inherit the default, before it is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once. */
  declare readonly activeWorkTimeoutSeconds: pulumi.Output<number>;
  /** The control plane's own id of the pool. */
  declare readonly poolId: pulumi.Output<string>;
  /** Base URL of the service that the resource was made on. While configuration or environment name another one, operations on the resource are refused. */
  declare readonly serviceUrl: pulumi.Output<string | undefined>;

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

/** Waits until agents serve a pool, so that a deployment succeeds only then. It makes and changes nothing on the control plane. An agent counts once it reports while this resource waits; agents that the control plane only remembers do not count. Not on env zero, whose API shows no single agents. */
export interface AgentsOnlineArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
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
  /** Strings; when one changes, the resource waits again, for example the ids of the machines that run the agents. */
  triggers?: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether it also waits when it is created. With `false` it waits only when one of its arguments changes, so that the first deployment of a fleet is not slowed down, and an update goes on only once an agent is back. Default: true. */
  waitOnCreate?: pulumi.Input<boolean>;
}

const agentsOnlineRegistration: Registration = {
  type: "AgentsOnline",
  inputs: ["controlPlane","pool","count","timeoutSeconds","names","triggers","waitOnCreate"],
  outputs: ["agents"],
  secrets: [],
  poolReferences: ["pool"],
};

/**
 * Waits until agents serve a pool, so that a deployment succeeds only then. It makes and changes nothing on the control plane. An agent counts once it reports while this resource waits; agents that the control plane only remembers do not count. Not on env zero, whose API shows no single agents.
 *
 * @example
 * ```ts
 * new AgentsOnline("builders", { pool, count: 3, timeoutSeconds: 300 }, { dependsOn: [fleet] });
 * ```
 */
export class AgentsOnline extends RunnerPoolsResource {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  declare readonly controlPlane: pulumi.Output<ControlPlane>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  declare readonly pool: pulumi.Output<string>;
  /** How many agents must be online. */
  declare readonly count: pulumi.Output<number>;
  /** How long to wait for them, in seconds, before the deployment fails. */
  declare readonly timeoutSeconds: pulumi.Output<number>;
  /** Names of agents that must be among them. */
  declare readonly names: pulumi.Output<string[] | undefined>;
  /** Strings; when one changes, the resource waits again, for example the ids of the machines that run the agents. */
  declare readonly triggers: pulumi.Output<string[] | undefined>;
  /** Whether it also waits when it is created. With `false` it waits only when one of its arguments changes, so that the first deployment of a fleet is not slowed down, and an update goes on only once an agent is back. Default: true. */
  declare readonly waitOnCreate: pulumi.Output<boolean | undefined>;
  /** Names of the agents that were online when the wait ended, sorted. */
  declare readonly agents: pulumi.Output<string[]>;

  constructor(name: string, args: AgentsOnlineArgs, options: pulumi.CustomResourceOptions = {}) {
    super(agentsOnlineRegistration, name, args, options);
  }
}

// Generated from the definitions by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { ControlPlane, ControlPlaneArgs } from "../../resources/generated/resources";
import type { PoolInput } from "../../resources/pool-input";

/** A runner pool as its control plane shows it. */
export interface RunnerPoolSummary {
  /** Id as a `RunnerPool` has it, for arguments named `pool` and for `pulumi import`. */
  readonly id: string;
  /** The control plane's own id of the pool. */
  readonly poolId: string;
  /** The organization that the pool belongs to. */
  readonly controlPlane: ControlPlane;
  /** Name of the pool. */
  readonly name: string;
  /** What the pool is for, where the control plane has such a field. */
  readonly description?: string;
  /** When the pool was made (ISO 8601), where the control plane says it. */
  readonly createdAt?: string;
  /** It is the organization's default pool. */
  readonly isDefault: boolean;
}

/** An agent as its control plane shows it. */
export interface AgentSummary {
  /** The control plane's id of the agent; host and process id on Pulumi Cloud. */
  readonly id: string;
  /** Name of the agent. */
  readonly name: string;
  /** Its state, in the control plane's own word. */
  readonly status: string;
  /** It is connected and takes work, or is at work. */
  readonly online: boolean;
  /** When it last reported (ISO 8601). */
  readonly lastSeenAt?: string;
  /** Version of the agent, where the control plane says it. */
  readonly version?: string;
}

/** Arguments of `getRunnerPool`. Finds one runner pool of an organization, by its id or by its name. It fails where there is none, or more than one of that name. */
export interface GetRunnerPoolArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  readonly controlPlane?: ControlPlane;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  readonly pool?: string;
  /** Name of the pool, instead of `pool`. */
  readonly name?: string;
}

/** Arguments of `getRunnerPoolOutput`. Finds one runner pool of an organization, by its id or by its name. It fails where there is none, or more than one of that name. */
export interface GetRunnerPoolOutputArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool?: PoolInput;
  /** Name of the pool, instead of `pool`. */
  name?: pulumi.Input<string>;
}

/** What `getRunnerPool` gives. */
export interface GetRunnerPoolResult {
  /** Id as a `RunnerPool` has it, for arguments named `pool` and for `pulumi import`. */
  readonly id: string;
  /** The control plane's own id of the pool. */
  readonly poolId: string;
  /** The organization that the pool belongs to. */
  readonly controlPlane: ControlPlane;
  /** Name of the pool. */
  readonly name: string;
  /** What the pool is for, where the control plane has such a field. */
  readonly description?: string;
  /** When the pool was made (ISO 8601), where the control plane says it. */
  readonly createdAt?: string;
  /** It is the organization's default pool. */
  readonly isDefault: boolean;
}

/** Arguments of `getRunnerPools`. Lists the runner pools of an organization, sorted by name. */
export interface GetRunnerPoolsArgs {
  /** The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login. */
  readonly controlPlane: ControlPlane;
  /** Only pools of such names; `*` stands for any characters. */
  readonly namePattern?: string;
}

/** Arguments of `getRunnerPoolsOutput`. Lists the runner pools of an organization, sorted by name. */
export interface GetRunnerPoolsOutputArgs {
  /** The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login. */
  controlPlane: pulumi.Input<ControlPlaneArgs>;
  /** Only pools of such names; `*` stands for any characters. */
  namePattern?: pulumi.Input<string>;
}

/** What `getRunnerPools` gives. */
export interface GetRunnerPoolsResult {
  /** The pools. */
  readonly pools: RunnerPoolSummary[];
}

/** Arguments of `getAgents`. Lists the agents that are or were connected to a pool. Not on env zero, whose API shows no single agents. */
export interface GetAgentsArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  readonly controlPlane?: ControlPlane;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  readonly pool: string;
}

/** Arguments of `getAgentsOutput`. Lists the agents that are or were connected to a pool. Not on env zero, whose API shows no single agents. */
export interface GetAgentsOutputArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
}

/** What `getAgents` gives. */
export interface GetAgentsResult {
  /** The agents. */
  readonly agents: AgentSummary[];
  /** How many of them are online. */
  readonly onlineCount: number;
}

/** Arguments of `getDemand`. Tells how many agents a pool could use right now: work that waits for one, and work that runs. Work that waits for a person counts for none. Not on env zero, which has no queue API. */
export interface GetDemandArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  readonly controlPlane?: ControlPlane;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  readonly pool: string;
}

/** Arguments of `getDemandOutput`. Tells how many agents a pool could use right now: work that waits for one, and work that runs. Work that waits for a person counts for none. Not on env zero, which has no queue API. */
export interface GetDemandOutputArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
}

/** What `getDemand` gives. */
export interface GetDemandResult {
  /** Agents that work waits for. */
  readonly waiting: number;
  /** Agents that are at work. */
  readonly running: number;
  /** Both together: how many agents the pool could use now. */
  readonly total: number;
}

// Generated from the definitions by `npm run generate`. Do not edit.
import type * as pulumi from "@pulumi/pulumi";
import type { PoolInput } from "../pool-input";
import type { ControlPlaneArgs } from "./resources";

/** How agents log in with OIDC. Pulumi's agent only. */
export interface AgentOidcArgs {
  /** File on the host that holds an OIDC token at all times: something on the host renews it. Its whole folder is visible to the agent, so that a renewed file is too. The agent is root without capabilities: the file must be root's, or readable to all. */
  tokenFile: pulumi.Input<string>;
  /** How long a login lasts, in seconds. Default: the issuer's. */
  expirationSeconds?: pulumi.Input<number>;
}

/** Which agent runs, and how. */
export interface FleetAgentArgs {
  /** The control plane that the agent serves, which must be that of the pool: `pulumi-cloud` (Pulumi's customer-managed workflow agent), `env-zero` or `hcp-terraform` (HashiCorp's tfc-agent). */
  kind: "pulumi-cloud" | "env-zero" | "hcp-terraform";
  /** Release of the agent: pin one. It is the tag of the image; for Pulumi's agent `2.3.0` means `v2.3.0`, too. `latest` is refused without `allowUnpinned`. env zero's agent: 4.2.0 or later. */
  version: string;
  /** Digest of the image. With it a tag that was moved cannot bring another image. */
  digest?: string;
  /** Repository of the image without tag, for example in a registry of your own. Hosts must be able to pull it without a login, or have it. Default: the vendor's. */
  image?: string;
  /** Accepts `latest` (and `latest-amd64`) as version: whatever the tag means at the moment runs on the fleet. Default: false. */
  allowUnpinned?: boolean;
  /** More environment variables of the agent's process. Not for secrets, and not for what the fleet sets itself. */
  environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Names of the agent's environment variables that jobs may see too. Without it none (Pulumi, env zero). Not with tfc-agent, whose jobs see all of them. */
  forwardEnvironment?: pulumi.Input<pulumi.Input<string>[]>;
  /** Proxies through which the agent reaches the control plane. */
  proxy?: pulumi.Input<AgentProxyArgs>;
  /** Certificate authorities, PEM, that the agent trusts besides those of its image. */
  certificateAuthorities?: pulumi.Input<string>;
  /** Settings of Pulumi's agent. */
  pulumiCloud?: pulumi.Input<PulumiCloudAgentSettingsArgs>;
  /** Settings of tfc-agent. */
  hcpTerraform?: pulumi.Input<HcpTerraformAgentSettingsArgs>;
  /** Settings of env zero's agent, which needs them. */
  envZero?: pulumi.Input<EnvZeroAgentSettingsArgs>;
}

/** Proxies through which the agent reaches the control plane. */
export interface AgentProxyArgs {
  /** `HTTPS_PROXY` of the agent. */
  https?: pulumi.Input<string>;
  /** `HTTP_PROXY` of the agent. */
  http?: pulumi.Input<string>;
  /** `NO_PROXY` of the agent: hosts that are reached directly. */
  noProxy?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Settings of Pulumi's agent. */
export interface PulumiCloudAgentSettingsArgs {
  /** Kinds of work that the agents take. Default: all. */
  workflowTypes?: pulumi.Input<pulumi.Input<"deployment" | "insights_scan" | "policy_evaluation">[]>;
  /** Whether a job's image is pulled even if the host has it. Default: true, the agent's own. */
  pullJobImages?: pulumi.Input<boolean>;
  /** How often agents ask for work, in seconds. Default: 60, the agent's own. */
  pollingIntervalSeconds?: pulumi.Input<number>;
}

/** Settings of tfc-agent. */
export interface HcpTerraformAgentSettingsArgs {
  /** Kinds of operations that the agents take, for example `plan`. Default: the agent's own. */
  accept?: pulumi.Input<pulumi.Input<string>[]>;
  /** How much agents log. Default: `info`. There is no `trace`: it may contain secrets. */
  logLevel?: pulumi.Input<"debug" | "info" | "warn" | "error">;
  /** Whether an agent ends after one job and starts anew. On Docker it does so in the same container: what a job left in its home is still there. Default: false. */
  single?: pulumi.Input<boolean>;
}

/** Settings of env zero's agent, which needs them. */
export interface EnvZeroAgentSettingsArgs {
  /** Key, base64, with which agents encrypt state that env zero keeps. Losing it loses that state. */
  stateEncryptionKey: pulumi.Input<string>;
}

/** A machine with a Docker daemon. */
export interface DockerHostArgs {
  /** Name of the host in this fleet; it becomes a part of the names of its containers. Another machine needs another name: with only another `address`, the containers of the old one would be left there. */
  name: string;
  /** Address of the Docker daemon: `ssh://user@host`, `tcp://host:2376` (with `certificateAuthority`, `certificate` and `key`) or `unix:///var/run/docker.sock`. Default: what Docker's own tools use. */
  address?: pulumi.Input<string>;
  /** PEM of the authority that signed the daemon's certificate. */
  certificateAuthority?: pulumi.Input<string>;
  /** PEM of the certificate for the daemon. */
  certificate?: pulumi.Input<string>;
  /** PEM of the private key for the daemon. */
  key?: pulumi.Input<string>;
  /** Accepts `tcp://` without certificates to another machine: whoever sees the connection reads the pool's token, and whoever opens one is root on the host. Default: false. */
  insecure?: boolean;
  /** More options of the `ssh` command, for example `-i`, `/home/fleet/.ssh/fleet`. They win over this package's own, `-o ConnectTimeout=10 -o BatchMode=yes -o ServerAliveInterval=30`. */
  sshOptions?: pulumi.Input<pulumi.Input<string>[]>;
  /** Processor of the host, by default `amd64`. Pulumi's agent runs jobs on `amd64` only. All agents of an HCP Terraform pool must share one. */
  architecture?: "amd64" | "arm64";
}

/** What one agent may use. */
export interface DockerLimitsArgs {
  /** Memory of one agent, in mebibytes. Default: what the vendor asks for. Swap is not limited. */
  memoryMegabytes?: pulumi.Input<number>;
  /** Processors of one agent, for example 1.5. Default: all of the host's. */
  cpus?: pulumi.Input<number>;
  /** Control group on the host below which containers go, for example a systemd slice whose `TasksMax` limits processes: Docker's provider has no limit of its own for them. */
  cgroupParent?: pulumi.Input<string>;
}

/** Rotation of the containers' logs. */
export interface DockerLogRotationArgs {
  /** Size at which a log file is rotated, in megabytes. Default: 10. */
  maxSizeMegabytes?: pulumi.Input<number>;
  /** How many log files are kept. Default: 3. */
  maxFiles?: pulumi.Input<number>;
}

/** Puts an HAProxy between each of Pulumi's agents and the Docker socket, which lets only those calls through that it takes to run jobs. Agents cannot look at other containers' lists, run commands in them, or reach volumes, networks, builds and swarm. It is no wall: who may start containers can still become root on the host. Default: none. */
export interface DockerSocketProxyArgs {
  /** Release of HAProxy, the tag of its image, for example `3.2-alpine`: pin one. */
  version: string;
  /** Digest of the image. With it a tag that was moved cannot bring another image. */
  digest?: string;
  /** Repository of the image without tag. Default: `haproxy`, Docker's official image. */
  image?: string;
  /** Calls that go through besides those that it takes to run a container, in the words of Docker's API reference: `POST /containers/{id}/exec`. Refused calls are in the proxy's log. */
  calls?: string[];
}

/** A pool token that can be replaced without a gap: the tokens of this generation and of the one before are both valid, so that a fleet can move from one to the other. Raising `generation` by one revokes the token before the last and makes a new one in its place. Two tokens are enough, as many as env zero allows. Not on Pulumi Cloud, where the `generation` of the `RunnerPool` is raised instead. */
export interface RotatingPoolTokenArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
  /** What the tokens are for; the control plane's console shows it with the generation. Default: the name of the resource. */
  description?: pulumi.Input<string>;
  /**
   * Raise it by one to rotate. Any other change is refused: it would replace a token that agents may hold.
   *
   * @default 1
   */
  generation?: number;
  /** HCP Terraform only, which tells when a token was last used: what happens when a token that an agent used in the last five minutes is to be revoked while the program keeps its pool. `refuse`: the deployment fails and the token stays valid. `wait`: the deployment waits until no agent has used it for one minute and then revokes it; if that does not happen within 15 minutes, the deployment fails and the token stays valid. Choose this where the fleet moves to the new token in the same deployment. `revoke`: it is revoked at once; tfc-agents that hold it exit, and their jobs fail. Default: `refuse`. */
  whenInUse?: pulumi.Input<"refuse" | "wait" | "revoke">;
}

/** Agents of one pool as containers on one or more Docker hosts. They restart whenever they end, and have a read-only root, no capabilities, limits and rotated logs. A change replaces them one at a time, each only after its job has ended. */
export interface DockerFleetArgs {
  /** The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`. */
  controlPlane?: pulumi.Input<ControlPlaneArgs>;
  /** The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides. */
  pool: PoolInput;
  /** The pool token with which agents join the pool. Either this or `oidc`. */
  token?: pulumi.Input<string | undefined>;
  /** How agents log in with OIDC. Pulumi's agent only. */
  oidc?: AgentOidcArgs;
  /** Which agent runs, and how. */
  agent: FleetAgentArgs;
  /** The machines. Default: one named `local`, at the address that Docker's own tools use. */
  hosts?: DockerHostArgs[];
  /**
   * How many agents run on each host.
   *
   * @default 1
   */
  replicas?: number;
  /**
   * The longest job that must survive, in seconds: an agent that is to go takes no more work and has this long to finish what it has.
   *
   * @default 3600
   */
  drainTimeoutSeconds?: number;
  /**
   * How many agents of the fleet a change may take out of service at the same time. First deployments go in steps of this many, too.
   *
   * @default 1
   */
  maxUnavailable?: number;
  /**
   * Whether agents share the host's network instead of having one of their own.
   *
   * @default false
   */
  hostNetwork?: boolean;
  /**
   * Port of the health check of Pulumi's agent. On the host's network it is the first agent's; each further one takes the next.
   *
   * @default 8080
   */
  healthPort?: number;
  /** Names of Docker networks that agents join. Default: Docker's default bridge. */
  networks?: pulumi.Input<pulumi.Input<string>[]>;
  /** What one agent may use. */
  limits?: pulumi.Input<DockerLimitsArgs>;
  /** Rotation of the containers' logs. */
  logs?: pulumi.Input<DockerLogRotationArgs>;
  /** Labels of the containers. Not for secrets. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Path on the hosts of the Docker socket that Pulumi's agent starts its jobs through. Default: `/var/run/docker.sock`. Who reaches it is root on the host: only this agent gets it. */
  dockerSocket?: string;
  /** Puts an HAProxy between each of Pulumi's agents and the Docker socket, which lets only those calls through that it takes to run jobs. Agents cannot look at other containers' lists, run commands in them, or reach volumes, networks, builds and swarm. It is no wall: who may start containers can still become root on the host. Default: none. */
  dockerSocketProxy?: DockerSocketProxyArgs;
  /** Whether the deployment succeeds only once all agents serve the pool, and a change goes on to the next agent only once the one before serves again. Default: true, but not on env zero, whose API shows no single agents. */
  awaitAgents?: boolean;
  /**
   * How long to wait for the agents, all at first and each after a change, in seconds.
   *
   * @default 300
   */
  awaitTimeoutSeconds?: number;
}

import type { ControlPlane } from "../resources/generated/resources";

/** The vendors' agents, by the one control plane that each serves. A control plane need not have one. */
export type AgentKind = "pulumi-cloud" | "env-zero" | "hcp-terraform";

/** Processors that agents are built for, in Docker's words. */
export type Architecture = "amd64" | "arm64";

/** How an agent takes its leave. */
export type Drain =
  /** One stop signal: it finishes its job, takes no more and exits. */
  | "by-signal"
  /** Nothing is documented: what runs it must see to it that a job ends first. */
  | "by-supervision";

/** A file that an agent reads, or that it is started with. */
export interface AgentFile {
  /** Path below the folder that the platform gives the agent for its configuration. */
  readonly name: string;
  readonly content: string;
  /** Permission bits, for example `0400`. */
  readonly permissions: string;
}

/** What an agent is started with. Values may be secrets: files are preferred to environment wherever the agent reads them. */
export interface AgentConfiguration {
  readonly files: readonly AgentFile[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What an agent is told, the same on every platform. */
export interface AgentAssignment {
  /** How the control plane is reached; without `url` at the vendor's. */
  readonly controlPlane: ControlPlane;
  /** The control plane's id of the pool. */
  readonly poolId: string;
  readonly login: AgentLogin;
  readonly settings: AgentSettings;
  /** Folder of the configuration files, as the agent sees it. */
  readonly configurationFolder: string;
}

/** A static token, or a file that always holds a fresh OIDC token. */
export type AgentLogin =
  | { readonly token: string }
  | { readonly tokenFile: string; readonly expirationSeconds?: number | undefined };

/** Where one agent runs. */
export interface AgentPlace {
  /** Name of the agent: of its container, pod or machine. */
  readonly name: string;
  /** Seconds that a job has to end. */
  readonly drainTimeoutSeconds: number;
  /** Port of the health check, where the agent has one. */
  readonly healthPort: number;
  /** Folder of its own under the same path on the host; only for agents that start their jobs through Docker. */
  readonly sharedFolder?: string | undefined;
}

/** What the user sets, see `provider/components/fleet.ts`. */
export interface AgentSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly forwardEnvironment?: readonly string[];
  readonly proxy?: {
    readonly https?: string;
    readonly http?: string;
    readonly noProxy?: readonly string[];
  };
  readonly certificateAuthorities?: string;
  readonly pulumiCloud?: {
    readonly workflowTypes?: readonly string[];
    readonly pullJobImages?: boolean;
    readonly pollingIntervalSeconds?: number;
  };
  readonly hcpTerraform?: {
    readonly accept?: readonly string[];
    readonly logLevel?: string;
    readonly single?: boolean;
  };
  readonly envZero?: { readonly stateEncryptionKey: string };
}

/** Where a release is downloaded, for machines that run the agent without an image. */
export interface AgentDownload {
  readonly url: string;
  /** Lists the release's SHA-256 sums. Sums themselves are not in this package: they come from there, or from the user. */
  readonly checksumsUrl: string;
}

/** All that a platform needs to know of an agent. Sources: the vendors' documentation, images and charts; what is a guess says so. */
export interface Agent {
  readonly kind: AgentKind;
  /** For messages. */
  readonly title: string;
  readonly image: {
    readonly repository: string;
    /** Tag of a release, as the vendor writes it. */
    tag(version: string): string;
    /** Whom to run as, where the image's own user should not be. */
    readonly user?: string;
    /** Places that it writes to and that hold something in the image: they keep content and owner. */
    readonly writableFolders: readonly string[];
    /** Places that it writes to and that start empty. */
    readonly temporaryFolders: readonly string[];
  };
  readonly capabilities: {
    /** Starts its jobs through a Docker daemon. */
    readonly needsDocker: boolean;
    readonly oidc: boolean;
    /** Can end after one job. */
    readonly singleRun: boolean;
    readonly stopSignal: "SIGTERM";
    readonly drain: Drain;
    /** Path of its HTTP health check. */
    readonly healthPath?: string;
    /** Processors of hosts that it can run jobs on. */
    readonly architectures: readonly Architecture[];
    /** All agents of a pool must have the same processor. */
    readonly locksArchitecture: boolean;
    /** Whether its control plane lists single agents. */
    readonly isListed: boolean;
  };
  /** Why this release cannot be run as it is described here; undefined: it can. */
  unsupported?(version: string): string | undefined;
  /** Memory of one agent unless the user says otherwise, in mebibytes. */
  readonly memoryMegabytes: number;
  /** Variables that are for the fleet to set: another value would take it its login, its name or its way to end. */
  readonly ownEnvironment: readonly string[];
  /** Undefined: there is no download, only an image. */
  download(version: string, architecture: Architecture): AgentDownload | undefined;
  /** What all agents of a fleet are started with. */
  configure(assignment: AgentAssignment): AgentConfiguration;
  /** Environment that differs from agent to agent. */
  placeEnvironment(place: AgentPlace): Readonly<Record<string, string>>;
}

import type { z } from "zod";
import type { Clock } from "../clock";
import type { Agents, Assignments, DefaultPool, DemandReader, Pools, Tokens } from "./control-plane";
import type { RetryPolicy } from "./http/retry";

/** Everything that the rest of the package knows of one control plane. A folder has one; `planes.ts` lists them. */
export interface PlaneDescriptor<Kind extends string = string, Session = never> {
  /** Name in programs, ids and configuration, for example `pulumi-cloud`. */
  readonly kind: Kind;
  /** For example `Pulumi Cloud`. */
  readonly displayName: string;
  readonly capabilities: Capabilities;
  /** Kinds of targets by the property that names one, for example `workspace`. */
  readonly targets: Readonly<Record<string, TargetDescription>>;
  /** Stack configuration that this plane reads, below `runner-pools:`. Keys are unique over all planes. */
  readonly settings: Readonly<Record<string, z.ZodOptional<z.ZodString> | z.ZodOptional<z.ZodURL>>>;
  /** Shapes of the secrets that the vendor hands out, each with the flag `g`: error texts are cleared of them. */
  readonly secretShapes: readonly RegExp[];
  readonly service: ServiceDescription;
  /** Opens what the parts share, such as a transport. It makes no request. */
  open(address: PlaneAddress, credential: Credential, options: ConnectOptions): Session;
  /** The parts of a {@link ControlPlane}. An absent one is something that the control plane cannot do. */
  readonly parts: {
    pools(session: Session): Pools;
    tokens?(session: Session): Tokens;
    assignments(session: Session): Assignments;
    defaultPool(session: Session): DefaultPool;
    agents?(session: Session): Agents;
    demand?(session: Session): DemandReader;
    /** Identity of the organization. Absent: its name is its identity. */
    organizationId?(session: Session): Promise<string>;
  };
}

/** What a control plane can and cannot do, beyond the parts that it has. */
export interface Capabilities {
  /** What the vendor calls a runner pool. */
  readonly poolNoun: string;
  readonly poolDescription: boolean;
  /** Characters that a pool name may have, with the words for an error; absent where the vendor states no rule. */
  readonly poolName?: { readonly pattern: RegExp; readonly words: string };
  readonly poolScope: boolean;
  readonly logHosting: boolean;
  /** A pool may be deleted while in use, which moves its work to the vendor's own runners. */
  readonly forceDestroy: boolean;
  /** How many tokens a pool may have at a time. Absent: no limit, or no tokens that are made one by one. */
  readonly tokenSlots?: number;
  readonly defaultPool: "settable" | "readable";
  /** An organization may be given by its name or by an id. */
  readonly organizationHasId: boolean;
  /** Where the work of a released target goes can be chosen: to what it inherits, or to hosted runners. */
  readonly explicitHosted: boolean;
  /** Agents can log in with an OIDC token instead of a pool token. */
  readonly agentOidc: boolean;
}

/** One kind of thing that a pool can be assigned to. */
export interface TargetDescription {
  /** The property of a set of such targets, for example `workspaces`. */
  readonly plural: string;
  /** What it is, and how it is named. */
  readonly description: string;
  /** What a name or an id looks like, with the words for an error. */
  readonly name: { readonly pattern: RegExp; readonly words: string };
  /** The control plane knows such targets by their names only, so that a name is an identity. Default: false. */
  readonly nameIsId?: boolean;
  /** How many parts a name has, where it may be given with the organization as one more part in front. */
  readonly partsBehindOrganization?: number;
  /** Whether a set of such targets can be selected by tag, and by project. */
  readonly filters: readonly ("tag" | "project")[];
  /** What a tag to select by looks like, with the words for an error; with the filter `tag` only. Default: not blank. */
  readonly tag?: { readonly pattern: RegExp; readonly words: string };
}

/** The URLs of a control plane's service, and its credentials. */
export interface ServiceDescription {
  /** Base URL of the vendor's service for everybody. */
  readonly publicUrl: string;
  /** Every place that can name the URL, for messages: the argument, settings, environment variables, stored login. */
  readonly urlSources: string;
  /** Settings and environment variables that carry the credential, for the README. */
  readonly credentialSources: readonly string[];
  /** Base URL that configuration, environment or a stored login name; undefined: none does. */
  configuredUrl(sources: Sources): string | undefined;
  /** What a credential of this service consists of. */
  readonly credentialFields: readonly ("token" | "apiKey" | "apiSecret")[];
  /** The credentials that there are, the preferred one first. Only one that belongs to the URL is sent there. */
  credentials(url: string, sources: Sources): readonly OfferedCredential[];
  /** Ways to give the credential for that URL, for the message that there is none. */
  credentialWays(url: string, sources: Sources): string;
}

/** A credential, and the service that it is for. */
export interface OfferedCredential {
  /** Where it comes from, for messages: `TFE_TOKEN`. */
  readonly source: string;
  /** URL of the service that it is for. */
  readonly belongsTo: string;
  readonly credential: Credential;
}

/** A credential: a token, or an API key and its secret. */
export type Credential = { readonly token: string } | { readonly apiKey: string; readonly apiSecret: string };

/** Where configuration comes from. Tests give their own. */
export interface Sources {
  readonly settings: Settings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The content of a JSON file; undefined where it is absent or broken. */
  readJson(file: string): unknown;
}

/** Provider configuration: the `runner-pools:*` keys of a stack. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** An organization on a control plane. */
export interface PlaneAddress {
  readonly organization: string;
  /** Base URL of the service, without a slash at its end. */
  readonly url: string;
}

/** How a connection behaves. */
export interface ConnectOptions {
  readonly retries?: RetryPolicy | undefined;
  /** Aborted when the deployment is cancelled: waits end at once, requests under way are finished. */
  readonly cancelled?: AbortSignal | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/** Keeps the exact types of a descriptor. */
export function definePlane<const Kind extends string, Session>(
  descriptor: PlaneDescriptor<Kind, Session>,
): PlaneDescriptor<Kind, Session> {
  return descriptor;
}

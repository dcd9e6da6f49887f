/** The three services that the emulator stands in for. */
export type Plane = "pulumi-cloud" | "hcp-terraform" | "env-zero";

/** HTTP methods that at least one of the services uses. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Any JSON document, as it travels. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object, as it travels. */
export type JsonObject = { [key: string]: Json };

/** What a service answers. Without a `body` (or `text`) the response has no content. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** A body that is not JSON, with its media type. */
  text?: { content: string; mediaType: string };
}

/** Who is asking, resolved from the `Authorization` header; never carries the credential itself. */
export interface Caller {
  credentialId: string;
  kind: CredentialKind;
  login: string;
  /** Names (Pulumi Cloud, HCP Terraform) or ids (env zero) of the organizations that the caller can see. */
  organizations: readonly string[];
  /** Status with which Pulumi Cloud refuses requests about agent pools, whatever the kind would allow. */
  agentPools?: 403 | 404 | undefined;
}

/**
 * What a credential may do:
 * - `admin`: a user who owns the organization
 * - `member`: a user who works with stacks and workspaces but not with organization settings
 * - `read-only`: a user (or key) that may look at everything and change nothing
 * - `organization-token`: a machine token of the organization; on HCP Terraform it can't create agent tokens
 * - `team-token`: a machine token of a team that may manage agent pools
 */
export type CredentialKind = "admin" | "member" | "read-only" | "organization-token" | "team-token";

/** One request, routed, authenticated and parsed. `State` is the part of the emulator's state that the plane owns. */
export interface EmulatedRequest<State> {
  state: State;
  caller: Caller;
  method: Method;
  /** Path without the query, as it was sent. */
  path: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** IP address of the caller. */
  address: string;
  /** The parsed body; undefined when there was none. */
  body: unknown;
}

/** One operation that a service offers. `id` follows the vendor's API description where it has one. */
export interface Operation<State> {
  id: string;
  method: Method;
  /** Path with `:parameters`. */
  path: string;
  /** Served without a credential of a user; it may ask for another one itself. */
  anonymous?: true;
  /** Media types of the body that it takes besides the plane's; "" stands for a body without one. */
  mediaTypes?: readonly string[];
  handle: (request: EmulatedRequest<State>) => Answer | Promise<Answer>;
}

/** Thrown by a handler to answer with a refusal, in the shape of its plane. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with status ${answer.status}`);
    this.name = "Refusal";
    this.answer = answer;
  }
}

/** Narrows unknown JSON to an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

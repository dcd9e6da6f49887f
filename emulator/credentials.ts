import type { Caller, CredentialKind, Plane } from "./exchange";
import { digestOf } from "./identifiers";

/** A credential that one of the planes accepts. The value itself is not kept. */
export interface Credential {
  id: string;
  plane: Plane;
  kind: CredentialKind;
  login: string;
  organizations: string[];
  /** Status with which Pulumi Cloud refuses requests about agent pools, whatever the kind would allow. */
  agentPools?: 403 | 404 | undefined;
  /** Digest of the value: the token, or `key:secret` for env zero. */
  digest: string;
}

/**
 * Finds who sent a request, by the scheme that each vendor documents: `token <value>` (Pulumi Cloud),
 * `Bearer <value>` (HCP Terraform), HTTP Basic with key id and secret (env zero). The wrong scheme is no credential.
 */
export function findCaller(
  credentials: readonly Credential[],
  plane: Plane,
  authorization: string | undefined,
): Caller | undefined {
  const value = credentialValue(plane, authorization);
  if (value === undefined) return undefined;
  const digest = digestOf(value);
  const credential = credentials.find((known) => known.plane === plane && known.digest === digest);
  if (credential === undefined) return undefined;
  return {
    credentialId: credential.id,
    kind: credential.kind,
    login: credential.login,
    organizations: credential.organizations,
    agentPools: credential.agentPools,
  };
}

/** True for a caller that may change settings of the organization: pools, tokens, defaults. */
export function mayAdminister(caller: Caller): boolean {
  return caller.kind === "admin" || caller.kind === "organization-token" || caller.kind === "team-token";
}

/** True for a caller that may change stacks, workspaces and projects. */
export function mayWrite(caller: Caller): boolean {
  return caller.kind !== "read-only";
}

function credentialValue(plane: Plane, authorization: string | undefined): string | undefined {
  const match = /^(\S+) +(\S+)$/.exec(authorization ?? "");
  const [, scheme, value] = match ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (plane === "pulumi-cloud") return scheme === "token" ? value : undefined;
  if (plane === "hcp-terraform") return scheme.toLowerCase() === "bearer" ? value : undefined;
  return scheme.toLowerCase() === "basic" ? Buffer.from(value, "base64").toString("utf8") : undefined;
}

import type { ConnectOptions, Credential, PlaneAddress } from "../descriptor";
import { HttpTransport } from "../http/http";
import { dialect } from "./dialect";
import { PoolList } from "./pool-list";

/** What the parts of one organization share. */
export interface PulumiCloudSession {
  readonly api: HttpTransport;
  readonly organization: string;
  readonly poolList: PoolList;
}

/** Opens an organization of Pulumi Cloud, or of a self-hosted one. It makes no request. */
export function openSession(
  { organization, url }: PlaneAddress,
  credential: Credential,
  options: ConnectOptions,
): PulumiCloudSession {
  if (!("token" in credential)) throw new TypeError("Pulumi Cloud takes an access token.");
  const api = new HttpTransport(url, dialect(credential.token), options);
  return { api, organization, poolList: new PoolList(api, organization) };
}

/** Path of something that belongs to the organization; the parts are encoded here. */
export function organizationPath(organization: string, ...parts: readonly string[]): string {
  return `/api/orgs/${[organization, ...parts].map(encodeURIComponent).join("/")}`;
}

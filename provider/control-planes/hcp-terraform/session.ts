import type { ConnectOptions, Credential, PlaneAddress } from "../descriptor";
import { AccessLists } from "./access-lists";
import { HcpTerraformApi } from "./api";
import { Organization } from "./organization";
import { PoolDocuments } from "./pool-documents";
import { Projects } from "./projects";
import { Workspaces } from "./workspaces";

/** What the parts of one organization share: the transport, and lists that were read a short while ago. */
export interface HcpTerraformSession {
  readonly api: HcpTerraformApi;
  readonly organization: Organization;
  readonly poolDocuments: PoolDocuments;
  readonly accessLists: AccessLists;
  readonly workspaces: Workspaces;
  readonly projects: Projects;
  /** Aborted once the deployment is cancelled. */
  readonly cancelled: AbortSignal | undefined;
}

/** Opens an organization of HCP Terraform or of Terraform Enterprise. It makes no request. */
export function openSession(
  { organization: name, url }: PlaneAddress,
  credential: Credential,
  options: ConnectOptions,
): HcpTerraformSession {
  if (!("token" in credential)) throw new TypeError("HCP Terraform takes an API token.");
  const api = new HcpTerraformApi(url, credential.token, options);
  const organization = new Organization(api, name);
  const poolDocuments = new PoolDocuments(api, organization);
  const projects = new Projects(api, organization);
  return {
    api,
    organization,
    poolDocuments,
    accessLists: new AccessLists(poolDocuments, options.clock),
    projects,
    workspaces: new Workspaces(api, organization, projects),
    cancelled: options.cancelled,
  };
}

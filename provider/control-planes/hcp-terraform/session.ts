import type { ConnectOptions, PlaneAddress } from "../descriptor";
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
}

/** Opens a session. It makes no request. */
export function openSession(
  { organization: name, url }: PlaneAddress,
  token: string,
  options: ConnectOptions = {},
): HcpTerraformSession {
  const api = new HcpTerraformApi(url, token, options);
  const organization = new Organization(api, name);
  const poolDocuments = new PoolDocuments(api, organization);
  const projects = new Projects(api, organization);
  return {
    api,
    organization,
    poolDocuments,
    accessLists: new AccessLists(poolDocuments),
    projects,
    workspaces: new Workspaces(api, organization, projects),
  };
}

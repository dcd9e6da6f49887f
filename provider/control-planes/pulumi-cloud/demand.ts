import type { Demand, DemandReader } from "../control-plane";
import { organizationPath, type PulumiCloudSession } from "./session";
import { deploymentList } from "./wire";

/** The largest page that the API gives. */
const pageSize = 100;

/** Pages read at most. What waits is new, so it stands on the first ones. */
const longestRead = 10;

/** The service skips what has waited for longer than this. Milliseconds. */
const longestWait = 7 * 24 * 3600 * 1000;

/**
 * What the deployments of a pool need now. The API has no filter by pool, so the newest deployments of the organization
 * are read back to those that can wait no more. Insights scans and policy evaluations are not among them, nor are
 * deployments of stacks that the token may not see: the API lists those "for stacks the requesting user has access to"
 * only, so a scoped token counts too few. (API: `ListOrgDeployments`.)
 */
export class DeploymentDemand implements DemandReader {
  private readonly session: PulumiCloudSession;

  constructor(session: PulumiCloudSession) {
    this.session = session;
  }

  async of(poolId: string): Promise<Demand> {
    let waiting = 0;
    let running = 0;
    for (let page = 1; page <= longestRead; page++) {
      const deployments = await this.page(page);
      const own = deployments.filter((deployment) => deployment.agentPool?.id === poolId);
      waiting += own.filter(({ status }) => status === "not-started" || status === "accepted").length;
      running += own.filter(({ status }) => status === "running").length;
      if (deployments.length < pageSize || isPast(deployments.at(-1)?.created)) break;
    }
    return { waiting, running };
  }

  private async page(page: number) {
    const { api, organization } = this.session;
    const { deployments } = await api.send(
      {
        operation: `list the deployments of organization ${organization}`,
        method: "GET",
        path: organizationPath(organization, "deployments"),
        query: { page, pageSize },
      },
      deploymentList,
    );
    return deployments;
  }
}

function isPast(created: string | null | undefined): boolean {
  return Date.parse(created ?? "") < Date.now() - longestWait;
}

import { CachedList } from "../cached-list";
import type { Demand, DemandReader } from "../control-plane";
import { demandLifetime } from "../demand";
import { organizationPath, type PulumiCloudSession } from "./session";
import { type Deployment, deploymentCounts, deploymentList } from "./wire";

/** The largest page that the API gives. */
const pageSize = 100;

/** The service skips what has waited for longer than this. Milliseconds. */
const longestWait = 7 * 24 * 3600 * 1000;

const waitingStatuses = new Set(["not-started", "accepted"]);

/**
 * What the deployments of all pools need now. The API has no filter by pool or status, so the newest deployments of the
 * organization are read until all that wait or run are found, or back to those that can wait no more. Insights scans and
 * policy evaluations are not among them, nor are deployments of stacks that the token may not see: the API lists those
 * "for stacks the requesting user has access to" only, so a scoped token counts too few. (API: `ListOrgDeployments`; how
 * many wait and run: `OrgDeploymentsMetadata`.)
 */
export class DeploymentDemand implements DemandReader {
  private readonly session: PulumiCloudSession;
  private readonly unfinished: CachedList<Deployment>;

  constructor(session: PulumiCloudSession) {
    this.session = session;
    this.unfinished = new CachedList(() => this.readUnfinished(), { lifetime: demandLifetime });
  }

  async of(poolId: string): Promise<Demand> {
    const own = (await this.unfinished.read()).filter(({ agentPool }) => agentPool?.id === poolId);
    const waiting = own.filter(({ status }) => waitingStatuses.has(status)).length;
    return { waiting, running: own.length - waiting };
  }

  private async readUnfinished(): Promise<Deployment[]> {
    const expected = await this.countUnfinished();
    // By id: one that comes between two reads moves the last of a page to the next one.
    const found = new Map<string, Deployment>();
    for (let page = 1; found.size < expected; page++) {
      const deployments = await this.page(page);
      for (const deployment of deployments) {
        const { id, status } = deployment;
        if (status === "running" || waitingStatuses.has(status)) found.set(id, deployment);
      }
      if (deployments.length < pageSize || isPast(deployments.at(-1)?.created)) break;
    }
    return [...found.values()];
  }

  private async countUnfinished(): Promise<number> {
    const { api, organization } = this.session;
    const { deploymentCounts: counts } = await api.send(
      {
        operation: `count the deployments of organization ${organization}`,
        method: "GET",
        path: organizationPath(organization, "deployments", "metadata"),
      },
      deploymentCounts,
    );
    return counts.notStarted + counts.accepted + counts.running;
  }

  private async page(page: number): Promise<Deployment[]> {
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

/** A deployment that does not say when it was made is taken for a new one. */
function isPast(created: string | null | undefined): boolean {
  return Date.parse(created ?? "") < Date.now() - longestWait;
}

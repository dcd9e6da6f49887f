import type { Demand } from "../control-plane";
import type { HttpTransport } from "../http";
import { deploymentList } from "./wire";

/** The largest page that the API gives. */
const pageSize = 100;

/** Pages read at most. What waits is new, so it stands on the first ones. */
const longestRead = 10;

/** The service skips what has waited for longer than this. Milliseconds. */
const longestWait = 7 * 24 * 3600 * 1000;

/**
 * What the deployments of a pool need now. The API has no filter by pool, so the newest deployments of the organization
 * are read back to those that can wait no more. Insights scans and policy evaluations are not among them. (API:
 * `ListOrgDeployments`.)
 */
export async function readDemand(api: HttpTransport, organization: string, poolId: string): Promise<Demand> {
  let waiting = 0;
  let running = 0;
  for (let page = 1; page <= longestRead; page++) {
    const { deployments } = await api.send(
      {
        operation: `list the deployments of organization ${organization}`,
        method: "GET",
        path: `/api/orgs/${encodeURIComponent(organization)}/deployments`,
        query: { page, pageSize },
      },
      deploymentList,
    );
    const listed = deployments ?? [];
    const own = listed.filter((deployment) => deployment.agentPool?.id === poolId);
    waiting += own.filter(({ status }) => status === "not-started" || status === "accepted").length;
    running += own.filter(({ status }) => status === "running").length;
    if (listed.length < pageSize || isPast(listed.at(-1)?.created)) break;
  }
  return { waiting, running };
}

function isPast(created: string | null | undefined): boolean {
  return Date.parse(created ?? "") < Date.now() - longestWait;
}

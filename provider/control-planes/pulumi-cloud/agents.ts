import type { Agent, Agents } from "../control-plane";
import { organizationPath, type PulumiCloudSession } from "./session";
import { poolDetail, toIsoTime } from "./wire";

/** The workflow runners of a pool. The service forgets them one to two hours after they went offline. */
export class PoolAgents implements Agents {
  private readonly session: PulumiCloudSession;

  constructor(session: PulumiCloudSession) {
    this.session = session;
  }

  /** A runner has no id: host name and process id tell it from others. (API: `GetAgentPool`.) */
  async list(poolId: string): Promise<readonly Agent[]> {
    const { agents } = await this.session.api.send(
      {
        operation: `read agent pool ${poolId}`,
        method: "GET",
        path: organizationPath(this.session.organization, "agent-pools", poolId),
      },
      poolDetail,
    );
    return agents.map(({ hostname, pid, status, lastSeen, version }) => ({
      id: `${hostname}/${pid ?? ""}`,
      name: hostname,
      status,
      online: status === "online",
      lastSeenAt: toIsoTime(lastSeen),
      version: version ?? undefined,
    }));
  }
}

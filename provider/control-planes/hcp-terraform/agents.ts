import type { Agent, Agents } from "../control-plane";
import { type HcpTerraformApi, pathOf } from "./api";
import { agentResource } from "./wire";

/** Agents of a pool. (API: "Agents": `idle` and `busy` are those that ping.) */
export class PoolAgents implements Agents {
  private readonly api: HcpTerraformApi;

  constructor(api: HcpTerraformApi) {
    this.api = api;
  }

  async list(poolId: string): Promise<readonly Agent[]> {
    const agents = await this.api.all(
      `list the agents of agent pool ${poolId}`,
      `${pathOf("agent-pools", poolId)}/agents`,
      agentResource,
    );
    return agents.map(({ id, attributes }) => ({
      id,
      // The vendor's documentation shows agents without a name, as null or empty.
      name: attributes.name || id,
      status: attributes.status,
      online: attributes.status === "idle" || attributes.status === "busy",
      lastSeenAt: attributes["last-ping-at"] ?? undefined,
    }));
  }
}

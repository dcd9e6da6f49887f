import { z } from "zod";
import { CachedList } from "../cached-list";
import type { Agent, CreatedPool, Pool, PoolSettings } from "../control-plane";
import type { HttpTransport } from "../http";
import { registerSecret } from "../redact";
import { createdPool, listedPool, poolDetail, poolList, toIsoTime } from "./wire";

/** Agent pools, their agents, and which of them is the organization's default: one list tells pools and default. */
export class AgentPools {
  private readonly api: HttpTransport;
  private readonly organization: string;
  private readonly pools: CachedList<Pool>;
  private defaultPoolId: string | undefined;

  constructor(api: HttpTransport, organization: string) {
    this.api = api;
    this.organization = organization;
    this.pools = new CachedList(() => this.readPools());
  }

  list(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.read(options);
  }

  async find(poolId: string): Promise<Pool | undefined> {
    return (await this.pools.read()).find((pool) => pool.id === poolId);
  }

  async create(settings: PoolSettings): Promise<CreatedPool> {
    const { id, tokenValue } = await this.api.send(
      {
        operation: `create agent pool "${settings.name}"`,
        method: "POST",
        path: this.poolsPath,
        body: poolBody(settings),
      },
      createdPool,
    );
    registerSecret(tokenValue);
    const pool = { id, name: settings.name, description: settings.description ?? "" };
    await this.pools.change((pools) => [...pools, pool]);
    return { pool, initialToken: tokenValue };
  }

  async update(poolId: string, settings: PoolSettings): Promise<Pool> {
    await this.api.send(
      {
        operation: `update agent pool "${settings.name}" (${poolId})`,
        method: "PATCH",
        path: this.poolPath(poolId),
        body: poolBody(settings),
      },
      listedPool.pick({ name: true, description: true }),
    );
    const pool = { id: poolId, name: settings.name, description: settings.description ?? "" };
    await this.pools.change((pools) => pools.map((known) => (known.id === poolId ? pool : known)));
    return pool;
  }

  async delete(poolId: string, { force }: { force: boolean }): Promise<void> {
    await this.api.find(
      {
        operation: `delete agent pool ${poolId}`,
        method: "DELETE",
        path: this.poolPath(poolId),
        query: { force: force ? "true" : undefined },
      },
      z.unknown(),
    );
    await this.pools.change((pools) => pools.filter((pool) => pool.id !== poolId));
  }

  async findDefault(): Promise<string | undefined> {
    await this.pools.read();
    return this.defaultPoolId;
  }

  /** (API: `UpdateOrganizationSettings`; only the one key is sent, the empty string clears it.) */
  async setDefault(poolId: string | undefined): Promise<void> {
    await this.api.send(
      {
        operation: `set the default agent pool of organization ${this.organization}`,
        method: "PATCH",
        path: `/api/orgs/${encodeURIComponent(this.organization)}`,
        body: { setDefaultAgentPoolID: poolId ?? "" },
      },
      z.unknown(),
    );
    this.defaultPoolId = poolId;
  }

  async listAgents(poolId: string): Promise<readonly Agent[]> {
    const { agents } = await this.api.send(
      { operation: `read agent pool ${poolId}`, method: "GET", path: this.poolPath(poolId) },
      poolDetail,
    );
    return (agents ?? []).map((agent) => ({
      id: `${agent.hostname}/${agent.pid ?? ""}`,
      name: agent.hostname,
      status: agent.status,
      online: agent.status === "online",
      lastSeenAt: toIsoTime(agent.lastSeen),
      version: agent.version ?? undefined,
    }));
  }

  private async readPools(): Promise<Pool[]> {
    const { agentPools, defaultAgentPoolID } = await this.api.send(
      {
        operation: `list the agent pools of organization ${this.organization}`,
        method: "GET",
        path: this.poolsPath,
      },
      poolList,
    );
    this.defaultPoolId = defaultAgentPoolID || undefined;
    return (agentPools ?? []).map(({ id, name, description, created }) => ({
      id,
      name,
      description: description ?? "",
      createdAt: toIsoTime(created),
    }));
  }

  private get poolsPath(): string {
    return `/api/orgs/${encodeURIComponent(this.organization)}/agent-pools`;
  }

  private poolPath(poolId: string): string {
    return `${this.poolsPath}/${encodeURIComponent(poolId)}`;
  }
}

/** The description is sent even when empty: leaving it out would keep the old one. */
function poolBody({ name, description }: PoolSettings) {
  return { name, description: description ?? "" };
}

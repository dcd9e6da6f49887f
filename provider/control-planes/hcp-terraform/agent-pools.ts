import { z } from "zod";
import { CachedList } from "../cached-list";
import type { Agent, CreatedPool, CreatedToken, Pool, PoolSettings, Token } from "../control-plane";
import { hasStatus } from "../error";
import { registerSecret } from "../redact";
import { references } from "./access-lists";
import type { HcpTerraformApi } from "./api";
import {
  agentResource,
  createdTokenResource,
  one,
  type PoolResource,
  poolResource,
  type TokenResource,
  tokenResource,
} from "./wire";

/** Agent pools and their tokens and agents. (API: "Agent pools and agents", "Agent tokens".) */
export class AgentPools {
  private readonly api: HcpTerraformApi;
  private readonly organization: string;
  private readonly pools: CachedList<Pool>;
  private readonly tokens = new Map<string, CachedList<Token>>();

  constructor(api: HcpTerraformApi, organization: string) {
    this.api = api;
    this.organization = organization;
    this.pools = new CachedList(async () => {
      const resources = await api.all(
        `list the agent pools of organization ${organization}`,
        `/organizations/${encodeURIComponent(organization)}/agent-pools`,
        poolResource,
      );
      return resources.map(toPool);
    });
  }

  list(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.read(options);
  }

  async find(poolId: string): Promise<Pool | undefined> {
    const listed = (await this.pools.read()).find((pool) => pool.id === poolId);
    if (listed) return listed;
    // A token may see a pool that the list leaves out, so only an answer about this pool counts.
    const found = await this.api.find(
      { operation: `read agent pool ${poolId}`, method: "GET", path: poolPath(poolId) },
      one(poolResource),
    );
    return found && toPool(found.data);
  }

  async create(settings: PoolSettings): Promise<CreatedPool> {
    const { data } = await this.api.send(
      {
        operation: `create agent pool "${settings.name}"`,
        method: "POST",
        path: `/organizations/${encodeURIComponent(this.organization)}/agent-pools`,
        body: poolDocument(settings),
      },
      one(poolResource),
    );
    const pool = toPool(data);
    await this.pools.change((pools) => [...pools, pool]);
    this.tokenList(pool.id).set([]);
    return { pool };
  }

  async update(poolId: string, settings: PoolSettings): Promise<Pool> {
    const { data } = await this.api.send(
      {
        operation: `update agent pool "${settings.name}" (${poolId})`,
        method: "PATCH",
        path: poolPath(poolId),
        body: poolDocument(settings, poolId),
      },
      one(poolResource),
    );
    const pool = toPool(data);
    await this.pools.change((pools) => pools.map((known) => (known.id === poolId ? pool : known)));
    return pool;
  }

  async delete(poolId: string): Promise<void> {
    await this.api.find(
      { operation: `delete agent pool ${poolId}`, method: "DELETE", path: poolPath(poolId) },
      z.unknown(),
    );
    await this.pools.change((pools) => pools.filter((pool) => pool.id !== poolId));
  }

  /** A pool was changed by other means than this class. */
  async noteChange(changed: PoolResource): Promise<void> {
    await this.pools.change((pools) =>
      pools.map((pool) => (pool.id === changed.id ? toPool(changed) : pool)),
    );
  }

  listTokens(poolId: string, options?: { fresh?: boolean }): Promise<readonly Token[]> {
    return this.tokenList(poolId).read(options);
  }

  async findToken(poolId: string, tokenId: string): Promise<Token | undefined> {
    const listed = (await this.listTokens(poolId).catch(absent))?.find((token) => token.id === tokenId);
    if (listed) return listed;
    // The list has no defined order, so a page can miss a token while others come and go: only an explicit 404 counts.
    const found = await this.api.find(
      { operation: `read agent token ${tokenId}`, method: "GET", path: tokenPath(tokenId) },
      one(tokenResource),
    );
    return found && toToken(found.data);
  }

  async createToken(poolId: string, description: string): Promise<CreatedToken> {
    const { data } = await this.api.send(
      {
        operation: `create a token "${description}" for agent pool ${poolId}`,
        method: "POST",
        path: `${poolPath(poolId)}/authentication-tokens`,
        body: { data: { type: "authentication-tokens", attributes: { description } } },
      },
      one(createdTokenResource),
    );
    registerSecret(data.attributes.token);
    const token = toToken(data);
    await this.tokenList(poolId).change((tokens) => [...tokens, token]);
    return { ...token, value: data.attributes.token };
  }

  async deleteToken(poolId: string, tokenId: string): Promise<void> {
    await this.api.find(
      { operation: `revoke agent token ${tokenId}`, method: "DELETE", path: tokenPath(tokenId) },
      z.unknown(),
    );
    await this.tokenList(poolId).change((tokens) => tokens.filter(({ id }) => id !== tokenId));
  }

  async listAgents(poolId: string): Promise<readonly Agent[]> {
    const agents = await this.api.all(
      `list the agents of agent pool ${poolId}`,
      `${poolPath(poolId)}/agents`,
      agentResource,
    );
    return agents.map(({ id, attributes }) => ({
      id,
      name: attributes.name ?? id,
      status: attributes.status,
      online: attributes.status === "idle" || attributes.status === "busy",
      lastSeenAt: attributes["last-ping-at"] ?? undefined,
    }));
  }

  private tokenList(poolId: string): CachedList<Token> {
    let list = this.tokens.get(poolId);
    if (!list) {
      list = new CachedList(async () => {
        const resources = await this.api.all(
          `list the tokens of agent pool ${poolId}`,
          `${poolPath(poolId)}/authentication-tokens`,
          tokenResource,
        );
        return resources.map(toToken);
      });
      this.tokens.set(poolId, list);
    }
    return list;
  }
}

/** A pool that is gone has no list of tokens. */
function absent(error: unknown): undefined {
  if (hasStatus(error, 404)) return undefined;
  throw error;
}

function poolPath(poolId: string): string {
  return `/agent-pools/${encodeURIComponent(poolId)}`;
}

function tokenPath(tokenId: string): string {
  return `/authentication-tokens/${encodeURIComponent(tokenId)}`;
}

function poolDocument(settings: PoolSettings, id?: string) {
  const { scope } = settings;
  const relationships = {
    ...(scope?.allowedWorkspaces && {
      "allowed-workspaces": references("workspaces", scope.allowedWorkspaces),
    }),
    ...(scope?.allowedProjects && { "allowed-projects": references("projects", scope.allowedProjects) }),
    ...(scope?.excludedWorkspaces && {
      "excluded-workspaces": references("workspaces", scope.excludedWorkspaces),
    }),
  };
  return {
    data: {
      type: "agent-pools",
      ...(id && { id }),
      attributes: {
        name: settings.name,
        ...(scope && { "organization-scoped": scope.organizationScoped }),
      },
      ...(Object.keys(relationships).length > 0 && { relationships }),
    },
  };
}

function toPool({ id, attributes, relationships }: PoolResource): Pool {
  const list = (name: keyof typeof relationships) =>
    (relationships[name]?.data ?? []).map((reference) => reference.id).sort();
  return {
    id,
    name: attributes.name,
    createdAt: attributes["created-at"] ?? undefined,
    scope: {
      organizationScoped: attributes["organization-scoped"],
      allowedWorkspaces: list("allowed-workspaces"),
      allowedProjects: list("allowed-projects"),
      excludedWorkspaces: list("excluded-workspaces"),
    },
  };
}

function toToken({ id, attributes }: TokenResource): Token {
  return {
    id,
    description: attributes.description ?? "",
    createdAt: attributes["created-at"] ?? undefined,
    lastUsedAt: attributes["last-used-at"] ?? null,
  };
}

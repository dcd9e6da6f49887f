import { z } from "zod";
import { CachedList } from "../cached-list";
import type { CreatedPool, CreatedToken, Pool, PoolSettings, Token } from "../control-plane";
import { hasStatus } from "../error";
import { registerSecret } from "../redact";
import type { EnvZeroApi } from "./api";
import { createdSecret, type PoolResource, pool, type SecretResource, secret } from "./wire";

/** Agent pools and their secrets. */
export class AgentPools {
  private readonly api: EnvZeroApi;
  private readonly pools: CachedList<Pool>;
  private readonly tokens = new Map<string, CachedList<Token>>();

  constructor(api: EnvZeroApi) {
    this.api = api;
    this.pools = new CachedList(async () => (await api.listOwn("agent pools", "/agents", pool)).map(toPool));
  }

  list(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.read(options);
  }

  async find(poolId: string): Promise<Pool | undefined> {
    return (await this.pools.read()).find((known) => known.id === poolId);
  }

  async create(settings: PoolSettings): Promise<CreatedPool> {
    const created = await this.api.send(
      {
        operation: `create agent pool "${settings.name}"`,
        method: "POST",
        path: "/agents",
        body: { organizationId: await this.api.organizationId(), ...(await this.body(settings)) },
      },
      pool,
    );
    await this.pools.change((pools) => [...pools, toPool(created)]);
    this.tokenList(created.id).set([]);
    return { pool: toPool(created) };
  }

  async update(poolId: string, settings: PoolSettings): Promise<Pool> {
    const updated = await this.api.send(
      {
        operation: `update agent pool "${settings.name}" (${poolId})`,
        method: "PATCH",
        path: poolPath(poolId),
        body: await this.body(settings),
      },
      pool,
    );
    await this.pools.change((pools) => pools.map((known) => (known.id === poolId ? toPool(updated) : known)));
    return toPool(updated);
  }

  /** Whether a pool in use is refused is not documented; the vendor's answer is passed on. */
  async delete(poolId: string): Promise<void> {
    await this.api.find(
      { operation: `delete agent pool ${poolId}`, method: "DELETE", path: poolPath(poolId) },
      z.unknown(),
    );
    await this.pools.change((pools) => pools.filter((known) => known.id !== poolId));
  }

  listTokens(poolId: string, options?: { fresh?: boolean }): Promise<readonly Token[]> {
    return this.tokenList(poolId).read(options);
  }

  async findToken(poolId: string, tokenId: string): Promise<Token | undefined> {
    try {
      return (await this.listTokens(poolId)).find((token) => token.id === tokenId);
    } catch (error) {
      // The secrets of a pool that is gone are gone with it.
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async createToken(poolId: string, description: string): Promise<CreatedToken> {
    const created = await this.api.send(
      {
        operation: `create a secret "${description}" for agent pool ${poolId}`,
        method: "POST",
        path: `${poolPath(poolId)}/secrets`,
        body: { description },
      },
      createdSecret,
    );
    registerSecret(created.secret);
    await this.tokenList(poolId).change((tokens) => [...tokens, toToken(created)]);
    return { ...toToken(created), value: created.secret };
  }

  async deleteToken(poolId: string, tokenId: string): Promise<void> {
    await this.api.find(
      {
        operation: `revoke secret ${tokenId} of agent pool ${poolId}`,
        method: "DELETE",
        path: `${poolPath(poolId)}/secrets/${encodeURIComponent(tokenId)}`,
      },
      z.unknown(),
    );
    await this.tokenList(poolId).change((tokens) => tokens.filter(({ id }) => id !== tokenId));
  }

  /** All keys are sent: `null` clears the log hosting, the empty text the description. */
  private async body({ name, description, logHosting }: PoolSettings) {
    const selfHosted = logHosting && {
      ...logHosting,
      externalId: logHosting.externalId || (await this.api.organizationId()),
    };
    return {
      name,
      description: description ?? "",
      logs: selfHosted ? { dynamo: { selfHosted } } : null,
    };
  }

  private tokenList(poolId: string): CachedList<Token> {
    let list = this.tokens.get(poolId);
    if (!list) {
      list = new CachedList(async () => {
        const secrets = await this.api.send(
          {
            operation: `list the secrets of agent pool ${poolId}`,
            method: "GET",
            path: `${poolPath(poolId)}/secrets`,
          },
          z.array(secret),
        );
        return secrets.map(toToken);
      });
      this.tokens.set(poolId, list);
    }
    return list;
  }
}

function poolPath(poolId: string): string {
  return `/agents/${encodeURIComponent(poolId)}`;
}

function toPool({ id, name, description, logs }: PoolResource): Pool {
  return {
    id,
    name,
    description: description ?? "",
    logHosting: logs?.dynamo?.selfHosted ?? undefined,
  };
}

function toToken({ id, description, createdAt }: SecretResource): Token {
  return { id, description: description ?? "", createdAt: createdAt ?? undefined };
}

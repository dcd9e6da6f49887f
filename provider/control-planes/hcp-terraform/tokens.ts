import { CachedList } from "../cached-list";
import type { CreatedToken, Freshness, Token, Tokens } from "../control-plane";
import { hasStatus } from "../http/error";
import { registerSecret } from "../http/redact";
import { failure, type HcpTerraformApi, pathOf } from "./api";
import type { PoolDocuments } from "./pool-documents";
import { createdTokenResource, one, type TokenResource, tokenResource } from "./wire";

/** Tokens with which agents join a pool. (API: "Agent Tokens".) */
export class AgentTokens implements Tokens {
  private readonly api: HcpTerraformApi;
  private readonly pools: PoolDocuments;
  private readonly lists = new Map<string, CachedList<Token>>();
  /** Pools by their tokens, as far as they were told. A token stays with its pool. */
  private readonly owners = new Map<string, string>();

  constructor(api: HcpTerraformApi, pools: PoolDocuments) {
    this.api = api;
    this.pools = pools;
  }

  list(poolId: string, freshness?: Freshness): Promise<readonly Token[]> {
    return this.listOf(poolId).read(freshness);
  }

  async find(poolId: string, tokenId: string, freshness: Freshness = {}): Promise<Token | undefined> {
    const listed = freshness.fresh ? undefined : await this.findListed(poolId, tokenId);
    if (listed) return listed;
    // The list has no defined order, so a page can miss a token while others come and go: only an explicit 404 counts.
    const found = await this.read(tokenId);
    if (found) await this.requireOwn(poolId, tokenId);
    return found;
  }

  async confirmGone(poolId: string, tokenId: string): Promise<void> {
    const operation = `confirm that agent token ${tokenId} is gone`;
    if (await this.read(tokenId)) {
      throw failure({ operation, message: `agent token ${tokenId} is still there`, advice: "Run again." });
    }
    let tokens: readonly Token[];
    try {
      tokens = await this.list(poolId, { fresh: true });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      if (await this.pools.read(poolId)) throw error.withAdvice(mayManageTokens);
      // No pool, no token.
      return this.pools.confirmGone(poolId);
    }
    if (tokens.some(({ id }) => id === tokenId)) {
      throw failure({
        operation,
        message: `it answers 404, yet agent pool ${poolId} lists it`,
        advice: mayManageTokens,
      });
    }
  }

  async create(poolId: string, description: string): Promise<CreatedToken> {
    const call = {
      operation: `create a token "${description}" for agent pool ${poolId}`,
      method: "POST",
      path: tokensPath(poolId),
      body: { data: { type: "authentication-tokens", attributes: { description } } },
    } as const;
    const { data } = await this.api.send(call, one(createdTokenResource)).catch((error: unknown) => {
      throw hasStatus(error, 401, 403, 404) ? error.withAdvice(organizationTokenAdvice) : error;
    });
    registerSecret(data.attributes.token);
    const token = toToken(data);
    this.owners.set(token.id, poolId);
    this.listOf(poolId).change((tokens) => [...tokens, token]);
    return { ...token, value: data.attributes.token };
  }

  async delete(poolId: string, tokenId: string): Promise<boolean> {
    const path = pathOf("authentication-tokens", tokenId);
    const deleted = await this.api.remove({ operation: `revoke agent token ${tokenId}`, path });
    this.listOf(poolId).change((tokens) => tokens.filter(({ id }) => id !== tokenId));
    return deleted;
  }

  private async findListed(poolId: string, tokenId: string): Promise<Token | undefined> {
    try {
      return (await this.list(poolId)).find(({ id }) => id === tokenId);
    } catch (error) {
      // The list of a pool that is gone answers 404; the token's own answer decides.
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /**
   * A token's own answer does not say its pool, only the pool's list does.
   * @throws ControlPlaneError for the token of another pool.
   */
  private async requireOwn(poolId: string, tokenId: string): Promise<void> {
    if (this.owners.get(tokenId) === poolId) return;
    const operation = `find agent token ${tokenId} in agent pool ${poolId}`;
    const isListed = (
      await this.list(poolId, { fresh: true }).catch((error) => {
        throw hasStatus(error, 404)
          ? error.withAdvice(
              "The token is there; check the pool's id, and that this credential may see its tokens.",
            )
          : error;
      })
    ).some(({ id }) => id === tokenId);
    if (isListed) return;
    throw failure({
      operation,
      message: "the token is there, but it is not one of this pool's",
      advice: "Name the pool that it belongs to: in an import, as <poolId>/<tokenId>.",
    });
  }

  private async read(tokenId: string): Promise<Token | undefined> {
    const found = await this.api.find(
      {
        operation: `read agent token ${tokenId}`,
        method: "GET",
        path: pathOf("authentication-tokens", tokenId),
      },
      one(tokenResource),
    );
    return found && toToken(found.data);
  }

  private listOf(poolId: string): CachedList<Token> {
    let list = this.lists.get(poolId);
    if (!list) {
      list = new CachedList(async () => {
        const operation = `list the tokens of agent pool ${poolId}`;
        const tokens = (await this.api.all(operation, tokensPath(poolId), tokenResource)).map(toToken);
        for (const { id } of tokens) this.owners.set(id, poolId);
        return tokens;
      });
      this.lists.set(poolId, list);
    }
    return list;
  }
}

function tokensPath(poolId: string): string {
  return `${pathOf("agent-pools", poolId)}/authentication-tokens`;
}

const mayManageTokens =
  "The pool is there, but this credential may not see its tokens: use that of a user or team that may manage agent pools. An organization token may not.";

const organizationTokenAdvice =
  "HCP Terraform answers 404 where a token may not do this: organization tokens cannot create agent tokens, so use a user token or that of a team that may manage agent pools; and check that the pool exists.";

function toToken({ id, attributes }: TokenResource): Token {
  return {
    id,
    description: attributes.description ?? "",
    createdAt: attributes["created-at"] ?? undefined,
    lastUsedAt: attributes["last-used-at"],
  };
}

import { z } from "zod";
import { CachedList } from "../cached-list";
import type { CreatedToken, Freshness, Token, Tokens } from "../control-plane";
import { ControlPlaneError, hasStatus } from "../http/error";
import { registerSecret } from "../http/redact";
import { displayName } from "./dialect";
import { AgentPools, poolPath } from "./pools";
import type { EnvZeroSession } from "./session";
import { createdSecret, type SecretResource, secret } from "./wire";

/** Secrets of agent pools: at most two of each pool at a time. A secret is shown once, and cannot be changed. */
export class PoolSecrets implements Tokens {
  private readonly session: EnvZeroSession;
  private readonly lists = new Map<string, CachedList<Token>>();

  constructor(session: EnvZeroSession) {
    this.session = session;
  }

  list(poolId: string, freshness?: Freshness): Promise<readonly Token[]> {
    return this.listOf(poolId).read(freshness);
  }

  /** There is no call for one secret, so the list is asked; that of a pool that is not there is a 404. */
  async find(poolId: string, tokenId: string, freshness?: Freshness): Promise<Token | undefined> {
    try {
      return (await this.list(poolId, freshness)).find(({ id }) => id === tokenId);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async confirmGone(poolId: string, tokenId: string): Promise<void> {
    let tokens: readonly Token[];
    try {
      tokens = await this.list(poolId, { fresh: true });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      // The secrets of a pool that is gone are gone with it; a pool that lives hides them from us.
      return new AgentPools(this.session).confirmGone(poolId);
    }
    if (!tokens.some(({ id }) => id === tokenId)) return;
    throw new ControlPlaneError({
      plane: displayName,
      operation: `confirm that secret ${tokenId} of agent pool ${poolId} is gone`,
      message: "it is there",
      advice: "Run again.",
    });
  }

  async create(poolId: string, description: string): Promise<CreatedToken> {
    const created = await this.session.api.send(
      {
        operation: `create a secret "${description}" for agent pool ${poolId}`,
        method: "POST",
        path: secretsPath(poolId),
        body: { description },
      },
      createdSecret,
    );
    registerSecret(created.secret);
    const token = toToken(created);
    this.listOf(poolId).change((tokens) => [...tokens, token]);
    return { ...token, value: created.secret };
  }

  async delete(poolId: string, tokenId: string): Promise<boolean> {
    const deleted = await this.session.api.remove({
      operation: `revoke secret ${tokenId} of agent pool ${poolId}`,
      path: `${secretsPath(poolId)}/${encodeURIComponent(tokenId)}`,
    });
    this.listOf(poolId).change((tokens) => tokens.filter(({ id }) => id !== tokenId));
    return deleted;
  }

  private listOf(poolId: string): CachedList<Token> {
    const known = this.lists.get(poolId) ?? new CachedList(() => this.readAll(poolId));
    this.lists.set(poolId, known);
    return known;
  }

  private async readAll(poolId: string): Promise<Token[]> {
    const secrets = await this.session.api.send(
      { operation: `list the secrets of agent pool ${poolId}`, method: "GET", path: secretsPath(poolId) },
      z.array(secret),
    );
    return secrets.map(toToken);
  }
}

function secretsPath(poolId: string): string {
  return `${poolPath(poolId)}/secrets`;
}

function toToken({ id, description, createdAt }: SecretResource): Token {
  return { id, description: description ?? "", createdAt: createdAt ?? undefined };
}

import { z } from "zod";
import { CachedList } from "../cached-list";
import { capabilities, type TargetKind } from "../capabilities";
import type { ConnectOptions } from "../connect";
import type {
  Agent,
  Assignment,
  AssignmentEffect,
  ControlPlane,
  CreatedPool,
  Demand,
  Pool,
  PoolSettings,
  Target,
  Token,
} from "../control-plane";
import { ControlPlaneError } from "../error";
import { type Dialect, HttpTransport } from "../http";
import { registerSecret } from "../redact";
import { readDemand } from "./demand";
import { pulumiTargets } from "./targets";
import { createdPool, errorMessage, listedPool, poolDetail, poolList, toIsoTime } from "./wire";

/** Pulumi Cloud, or a self-hosted Pulumi Cloud: REST API. */
export class PulumiCloud implements ControlPlane {
  readonly kind = "pulumi-cloud";
  readonly capabilities = capabilities["pulumi-cloud"];
  readonly organization: string;
  readonly url: string;
  private readonly api: HttpTransport;
  private readonly targets: ReturnType<typeof pulumiTargets>;
  private readonly pools: CachedList<Pool>;
  private defaultPoolId: string | undefined;

  constructor(organization: string, url: string, token: string, options: ConnectOptions = {}) {
    this.organization = organization;
    this.url = url;
    this.api = new HttpTransport(url, dialect(token), options);
    this.targets = pulumiTargets(this.api, organization);
    this.pools = new CachedList(() => this.readPools());
  }

  /** Listing the pools needs the organization and the permission to see its pools. */
  async verifyAccess(): Promise<void> {
    await this.pools.read();
  }

  listPools(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.read(options);
  }

  async findPool(poolId: string): Promise<Pool | undefined> {
    return (await this.pools.read()).find((pool) => pool.id === poolId);
  }

  async createPool(settings: PoolSettings): Promise<CreatedPool> {
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

  async updatePool(poolId: string, settings: PoolSettings): Promise<Pool> {
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

  async deletePool(poolId: string, { force }: { force: boolean }): Promise<void> {
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

  async listTokens(): Promise<readonly Token[]> {
    throw noTokenApi("list the tokens of an agent pool");
  }

  async findToken(): Promise<Token | undefined> {
    throw noTokenApi("read a token of an agent pool");
  }

  async createToken(): Promise<never> {
    throw noTokenApi("create a token for an agent pool");
  }

  async deleteToken(): Promise<void> {
    throw noTokenApi("revoke a token of an agent pool");
  }

  findAssignment(target: Target): Promise<Assignment | undefined> {
    return this.targets(target).find(target.name);
  }

  async assign(target: Target, poolId: string): Promise<AssignmentEffect> {
    if (await this.targets(target).set(target.name, poolId)) return { accessGranted: false };
    throw new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: `assign agent pool ${poolId} to ${target.kind} ${target.name}`,
      status: 404,
      message: `there is no ${target.kind} ${target.name} in organization ${this.organization}, or the token may not see it`,
      advice: "Check its name; a stack must exist before a pool can be assigned to it.",
    });
  }

  async unassign(target: Target, poolId: string): Promise<boolean> {
    const current = await this.findAssignment(target);
    return current?.poolId === poolId && (await this.targets(target).set(target.name, undefined));
  }

  async listTargets(kind: TargetKind): Promise<readonly Target[]> {
    const names = await this.targets({ kind }).list();
    return names.map((name) => ({ kind, name }));
  }

  async findDefaultPool(): Promise<string | undefined> {
    await this.pools.read();
    return this.defaultPoolId;
  }

  /** (API: `UpdateOrganizationSettings`; only the one key is sent, the empty string clears it.) */
  async setDefaultPool(poolId: string | undefined): Promise<void> {
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

  demand(poolId: string): Promise<Demand> {
    return readDemand(this.api, this.organization, poolId);
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

/** `+9` is the version in which secrets have one shape; a 429 or 5xx may come after the work was done. */
function dialect(token: string): Dialect {
  return {
    plane: capabilities["pulumi-cloud"].displayName,
    headers: {
      authorization: `token ${token}`,
      accept: "application/vnd.pulumi+9",
      // Attribution in the organization's audit log.
      "x-pulumi-source": "provider",
    },
    contentType: "application/json",
    rateLimitPrecedesHandler: false,
    requestIdHeaders: ["x-pulumi-request-id", "x-request-id"],
    errorMessage,
    advice,
  };
}

/** The description is sent even when empty: leaving it out would keep the old one. */
function poolBody({ name, description }: PoolSettings) {
  return { name, description: description ?? "" };
}

function advice(status: number): string | undefined {
  switch (status) {
    case 401:
      return "The token is not valid here: check PULUMI_ACCESS_TOKEN (or run `pulumi login`) and the URL.";
    case 402:
      return "The organization's plan does not include this feature.";
    case 403:
      return "The token lacks a permission: agent pools need agent_pool:*, assignments stack_deployment_settings:write, the default pool organization:update.";
    case 404:
      return "It does not exist, or the token may not see it: check the name and the organization.";
    case 429:
      return "The rate limit did not clear in time: run again, or lower --parallel.";
    default:
      return status >= 500 ? "Try again; if it stays, see the vendor's status page." : undefined;
  }
}

function noTokenApi(operation: string): ControlPlaneError {
  return new ControlPlaneError({
    plane: capabilities["pulumi-cloud"].displayName,
    operation,
    message: "the API has no tokens besides the one that is born with a pool",
    advice: "Use the pool's initialToken, replace the pool, or let agents log in with OIDC.",
  });
}

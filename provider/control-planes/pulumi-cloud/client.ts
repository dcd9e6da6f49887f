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
import { HttpTransport } from "../http";
import { AgentPools } from "./agent-pools";
import { readDemand } from "./demand";
import { dialect } from "./dialect";
import { pulumiTargets } from "./targets";

/** Pulumi Cloud, or a self-hosted Pulumi Cloud: REST API. */
export class PulumiCloud implements ControlPlane {
  readonly kind = "pulumi-cloud";
  readonly capabilities = capabilities["pulumi-cloud"];
  readonly organization: string;
  readonly url: string;
  private readonly api: HttpTransport;
  private readonly pools: AgentPools;
  private readonly targets: ReturnType<typeof pulumiTargets>;

  constructor(organization: string, url: string, token: string, options: ConnectOptions = {}) {
    this.organization = organization;
    this.url = url;
    this.api = new HttpTransport(url, dialect(token), options);
    this.pools = new AgentPools(this.api, organization);
    this.targets = pulumiTargets(this.api, organization);
  }

  /** Listing the pools needs the organization and the permission to see its pools. */
  async verifyAccess(): Promise<void> {
    await this.pools.list();
  }

  listPools(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.list(options);
  }

  findPool(poolId: string): Promise<Pool | undefined> {
    return this.pools.find(poolId);
  }

  createPool(settings: PoolSettings): Promise<CreatedPool> {
    return this.pools.create(settings);
  }

  updatePool(poolId: string, settings: PoolSettings): Promise<Pool> {
    return this.pools.update(poolId, settings);
  }

  deletePool(poolId: string, options: { force: boolean }): Promise<void> {
    return this.pools.delete(poolId, options);
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

  findDefaultPool(): Promise<string | undefined> {
    return this.pools.findDefault();
  }

  setDefaultPool(poolId: string | undefined): Promise<void> {
    return this.pools.setDefault(poolId);
  }

  listAgents(poolId: string): Promise<readonly Agent[]> {
    return this.pools.listAgents(poolId);
  }

  demand(poolId: string): Promise<Demand> {
    return readDemand(this.api, this.organization, poolId);
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

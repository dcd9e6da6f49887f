import { capabilities, type TargetKind } from "../capabilities";
import type { ConnectOptions } from "../connect";
import type {
  Agent,
  Assignment,
  AssignmentEffect,
  ControlPlane,
  CreatedPool,
  CreatedToken,
  Demand,
  Pool,
  PoolSettings,
  Target,
  Token,
} from "../control-plane";
import { ControlPlaneError } from "../error";
import { AgentPools } from "./agent-pools";
import { EnvZeroApi } from "./api";
import { Assignments } from "./assignments";

/** env zero: REST API. */
export class EnvZero implements ControlPlane {
  readonly kind = "env-zero";
  readonly capabilities = capabilities["env-zero"];
  readonly organization: string;
  readonly url: string;
  private readonly api: EnvZeroApi;
  private readonly pools: AgentPools;
  private readonly assignments: Assignments;

  constructor(
    organizationNameOrId: string,
    url: string,
    credentials: { apiKey: string; apiSecret: string },
    options: ConnectOptions = {},
  ) {
    this.organization = organizationNameOrId;
    this.url = url;
    this.api = new EnvZeroApi(organizationNameOrId, url, credentials, options);
    this.pools = new AgentPools(this.api);
    this.assignments = new Assignments(this.api);
  }

  async verifyAccess(): Promise<void> {
    await this.api.organizationId();
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

  deletePool(poolId: string): Promise<void> {
    return this.pools.delete(poolId);
  }

  listTokens(poolId: string, options?: { fresh?: boolean }): Promise<readonly Token[]> {
    return this.pools.listTokens(poolId, options);
  }

  findToken(poolId: string, tokenId: string): Promise<Token | undefined> {
    return this.pools.findToken(poolId, tokenId);
  }

  createToken(poolId: string, description: string): Promise<CreatedToken> {
    return this.pools.createToken(poolId, description);
  }

  deleteToken(poolId: string, tokenId: string): Promise<void> {
    return this.pools.deleteToken(poolId, tokenId);
  }

  findAssignment({ name }: Target): Promise<Assignment | undefined> {
    return this.assignments.find(name);
  }

  async assign({ name }: Target, poolId: string): Promise<AssignmentEffect> {
    await this.assignments.assign(name, poolId);
    return { accessGranted: false };
  }

  async unassign({ name }: Target, poolId: string): Promise<boolean> {
    const current = await this.assignments.find(name);
    if (current?.poolId !== poolId) return false;
    await this.assignments.clear(name);
    return true;
  }

  async listTargets(kind: TargetKind): Promise<readonly Target[]> {
    return (await this.assignments.projectIds()).map((name) => ({ kind, name }));
  }

  findDefaultPool(): Promise<string | undefined> {
    return this.assignments.defaultPool();
  }

  async setDefaultPool(): Promise<void> {
    throw this.refusal(
      "set the default agent pool",
      "the API cannot set it",
      "Ask the vendor's support, or assign the pool to each project.",
    );
  }

  async listAgents(): Promise<readonly Agent[]> {
    throw this.refusal(
      "list the agents of a pool",
      "the API shows no single agents",
      "See the pool's page in the console.",
    );
  }

  async demand(): Promise<Demand> {
    throw this.refusal(
      "tell the demand of an agent pool",
      "there is no API that tells a pool's queue",
      "The agent starts a Kubernetes Job for each deployment by itself, so nothing needs to scale it.",
    );
  }

  private refusal(operation: string, message: string, advice: string): ControlPlaneError {
    return new ControlPlaneError({ plane: this.capabilities.displayName, operation, message, advice });
  }
}

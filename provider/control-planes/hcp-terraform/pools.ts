import type {
  CreatedPool,
  Freshness,
  Pool,
  PoolChange,
  PoolScope,
  PoolSettings,
  Pools,
} from "../control-plane";
import { type HcpTerraformApi, pathOf } from "./api";
import type { Organization } from "./organization";
import { listOf, type PoolDocuments, type PoolPatch, relationshipsOf } from "./pool-documents";
import { one, type PoolResource, poolResource } from "./wire";

/** Agent pools. (API: "Agent Pools and Agents".) */
export class AgentPools implements Pools {
  private readonly api: HcpTerraformApi;
  private readonly organization: Organization;
  private readonly documents: PoolDocuments;

  constructor(api: HcpTerraformApi, organization: Organization, documents: PoolDocuments) {
    this.api = api;
    this.organization = organization;
    this.documents = documents;
  }

  async list(freshness?: Freshness): Promise<readonly Pool[]> {
    return (await this.documents.list.read(freshness)).map(toPool);
  }

  async find(poolId: string, freshness: Freshness = {}): Promise<Pool | undefined> {
    const listed = freshness.fresh
      ? undefined
      : (await this.documents.list.read()).find((pool) => pool.id === poolId);
    // A token may see a pool that the list leaves out, so only an answer about this pool counts.
    const found = listed ?? (await this.documents.read(poolId));
    return found && toPool(found);
  }

  confirmGone(poolId: string): Promise<void> {
    return this.documents.confirmGone(poolId);
  }

  async create({ name, scope }: PoolSettings): Promise<CreatedPool> {
    const { data } = await this.api.send(
      {
        operation: `create agent pool "${name}"`,
        method: "POST",
        path: `${this.organization.path}/agent-pools`,
        body: {
          data: {
            type: "agent-pools",
            attributes: { name, "organization-scoped": scope?.organizationScoped },
            ...relationshipsOf(listsOf(scope)),
          },
        },
      },
      one(poolResource),
    );
    this.documents.list.change((pools) => [...pools, data]);
    return { pool: toPool(data) };
  }

  /** Where the change does not say who may use the pool, what a look just before the write says is written back. */
  async update(poolId: string, { name, scope }: PoolChange): Promise<Pool> {
    return this.documents.inTurn(poolId, async () => {
      const organizationScoped = scope?.organizationScoped ?? (await this.isOrganizationScoped(poolId));
      const patch: PoolPatch = { name, organizationScoped, lists: listsOf(scope) };
      return toPool(await this.documents.patch(poolId, `update agent pool ${poolId}`, patch));
    });
  }

  /** The API has no force: a pool in use is always refused. */
  async delete(poolId: string): Promise<boolean> {
    const path = pathOf("agent-pools", poolId);
    const deleted = await this.api.remove({ operation: `delete agent pool ${poolId}`, path });
    this.documents.list.change((pools) => pools.filter(({ id }) => id !== poolId));
    return deleted;
  }

  private async isOrganizationScoped(poolId: string): Promise<boolean> {
    const { data } = await this.api.send(
      { operation: `read agent pool ${poolId}`, method: "GET", path: pathOf("agent-pools", poolId) },
      one(poolResource),
    );
    return data.attributes["organization-scoped"];
  }
}

function listsOf(scope: Partial<PoolScope> | undefined): PoolPatch["lists"] {
  return {
    ...(scope?.allowedWorkspaces && { "allowed-workspaces": scope.allowedWorkspaces }),
    ...(scope?.allowedProjects && { "allowed-projects": scope.allowedProjects }),
    ...(scope?.excludedWorkspaces && { "excluded-workspaces": scope.excludedWorkspaces }),
  };
}

function toPool(pool: PoolResource): Pool {
  return {
    id: pool.id,
    name: pool.attributes.name,
    createdAt: pool.attributes["created-at"] ?? undefined,
    scope: {
      organizationScoped: pool.attributes["organization-scoped"],
      allowedWorkspaces: listOf(pool, "allowed-workspaces"),
      allowedProjects: listOf(pool, "allowed-projects"),
      excludedWorkspaces: listOf(pool, "excluded-workspaces"),
    },
  };
}

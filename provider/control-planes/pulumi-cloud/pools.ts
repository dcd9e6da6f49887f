import type { CreatedPool, Freshness, Pool, PoolChange, PoolSettings, Pools } from "../control-plane";
import { ControlPlaneError } from "../http/error";
import { registerSecret } from "../http/redact";
import { displayName } from "./dialect";
import { organizationPath, type PulumiCloudSession } from "./session";
import { createdPool, updatedPool } from "./wire";

/** Agent pools. The one token of a pool is made with it (API: `CreateOrgAgentPool`; there is no other token API). */
export class AgentPools implements Pools {
  private readonly session: PulumiCloudSession;

  constructor(session: PulumiCloudSession) {
    this.session = session;
  }

  async list(freshness?: Freshness): Promise<readonly Pool[]> {
    return (await this.session.poolList.read(freshness)).pools;
  }

  async find(poolId: string, freshness?: Freshness): Promise<Pool | undefined> {
    return (await this.list(freshness)).find((pool) => pool.id === poolId);
  }

  /** The list shows every pool of the organization to those that may see any: others get 403 or 404. */
  async confirmGone(poolId: string): Promise<void> {
    const pool = await this.find(poolId, { fresh: true });
    if (!pool) return;
    throw new ControlPlaneError({
      plane: displayName,
      operation: `confirm that agent pool ${poolId} is gone`,
      message: `organization ${this.session.organization} still has it, under the name "${pool.name}"`,
      advice: "Run again.",
    });
  }

  async create(settings: PoolSettings): Promise<CreatedPool> {
    const { name, description = "" } = settings;
    const { id, tokenValue } = await this.session.api.send(
      {
        operation: `create agent pool "${name}"`,
        method: "POST",
        path: this.path(),
        body: { name, description },
      },
      createdPool,
    );
    registerSecret(tokenValue);
    const pool = { id, name, description };
    this.changeList((pools) => [...pools.filter((known) => known.id !== id), pool]);
    return { pool, initialToken: tokenValue };
  }

  /** "Only provided fields are updated; omitted fields remain unchanged"; an empty description clears it. */
  async update(poolId: string, { name, description }: PoolChange): Promise<Pool> {
    const updated = await this.session.api.send(
      {
        operation: `update agent pool ${name === undefined ? poolId : `"${name}" (${poolId})`}`,
        method: "PATCH",
        path: this.path(poolId),
        body: { name, description },
      },
      updatedPool,
    );
    const pool = { id: poolId, name: updated.name, description: updated.description ?? "" };
    this.changeList((pools) => pools.map((known) => (known.id === poolId ? { ...known, ...pool } : known)));
    return pool;
  }

  /** Without force the service refuses with 400 while deployment settings of a stack name the pool. */
  async delete(poolId: string, { force }: { force: boolean }): Promise<boolean> {
    const deleted = await this.session.api.remove({
      operation: `delete agent pool ${poolId}`,
      path: this.path(poolId),
      query: { force: force ? "true" : undefined },
    });
    this.session.poolList.change(({ pools, defaultPoolId }) => ({
      pools: pools.filter((known) => known.id !== poolId),
      // The organization reverts to the hosted pool with it.
      defaultPoolId: defaultPoolId === poolId ? undefined : defaultPoolId,
    }));
    return deleted;
  }

  private changeList(edit: (pools: readonly Pool[]) => readonly Pool[]): void {
    this.session.poolList.change((answer) => ({ ...answer, pools: edit(answer.pools) }));
  }

  private path(...parts: readonly string[]): string {
    return organizationPath(this.session.organization, "agent-pools", ...parts);
  }
}

import type {
  CreatedPool,
  Freshness,
  LogHosting,
  Pool,
  PoolChange,
  PoolSettings,
  Pools,
} from "../control-plane";
import { ControlPlaneError } from "../http/error";
import { displayName } from "./dialect";
import type { EnvZeroSession } from "./session";
import { type PoolResource, pool } from "./wire";

/**
 * Agent pools. Agents that the vendor made before pools could be (2026-03) may be listed by their key only: the key is
 * their id and name then, so that projects can be assigned to them; whether they can be changed is the service's answer.
 */
export class AgentPools implements Pools {
  private readonly session: EnvZeroSession;

  constructor(session: EnvZeroSession) {
    this.session = session;
  }

  async list(freshness?: Freshness): Promise<readonly Pool[]> {
    return (await this.session.poolList.read(freshness)).map(toPool);
  }

  async find(poolId: string, freshness?: Freshness): Promise<Pool | undefined> {
    return (await this.list(freshness)).find(({ id }) => id === poolId);
  }

  /** The list is for those only that may edit the organization's settings; they see all of it. */
  async confirmGone(poolId: string): Promise<void> {
    const found = await this.find(poolId, { fresh: true });
    if (!found) return;
    throw new ControlPlaneError({
      plane: displayName,
      operation: `confirm that agent pool ${poolId} is gone`,
      message: `organization ${this.session.organization.nameOrId} still has it, under the name "${found.name}"`,
      advice: "Run again.",
    });
  }

  async create({ name, description, logHosting }: PoolSettings): Promise<CreatedPool> {
    const { api, organization, poolList } = this.session;
    const created = await api.send(
      {
        operation: `create agent pool "${name}"`,
        method: "POST",
        path: "/agents",
        body: {
          organizationId: await organization.id(),
          name,
          description,
          logs: await this.logs(logHosting),
        },
      },
      pool,
    );
    poolList.change((pools) => [...pools, created]);
    return { pool: toPool(created) };
  }

  /** GUESS: what is left out stays as it is, as PATCH has it. `logs: null` ends log hosting, the empty text a description. */
  async update(poolId: string, { name, description, logHosting }: PoolChange): Promise<Pool> {
    const updated = await this.session.api.send(
      {
        operation: `update agent pool ${name === undefined ? poolId : `"${name}" (${poolId})`}`,
        method: "PATCH",
        path: poolPath(poolId),
        body: { name, description, logs: await this.logs(logHosting) },
      },
      pool,
    );
    this.session.poolList.change((pools) => pools.map((known) => (known.id === poolId ? updated : known)));
    return toPool(updated);
  }

  /** Whether a pool in use is refused is not documented; the service's answer is passed on. It cannot be forced. */
  async delete(poolId: string): Promise<boolean> {
    const path = poolPath(poolId);
    const deleted = await this.session.api.remove({ operation: `delete agent pool ${poolId}`, path });
    this.session.poolList.change((pools) => pools.filter(({ id }) => id !== poolId));
    return deleted;
  }

  /** The external id is the organization's id (source: pull request 1089 of the vendor's Terraform provider). */
  private async logs(logHosting: LogHosting | null | undefined) {
    if (!logHosting) return logHosting;
    const { accountId, region, externalId = await this.session.organization.id() } = logHosting;
    return { dynamo: { selfHosted: { accountId, region, externalId } } };
  }
}

/** Path of a pool, below the base URL. */
export function poolPath(poolId: string): string {
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

import { ControlPlaneError } from "../error";
import type { HcpTerraformApi } from "./api";
import { one, type PoolResource, poolResource } from "./wire";

/** A workspace or project in a pool's lists. */
export interface Member {
  readonly type: "workspaces" | "projects";
  readonly id: string;
}

interface Change {
  readonly member: Member;
  readonly allowed: boolean;
  readonly done: (changed: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Adds and removes single members of a pool's allow lists. The API takes whole lists only, so changes of one pool are
 * gathered while a write is under way and written together: nothing that runs beside us in this process gets lost,
 * and a hundred assignments cost a handful of writes.
 */
export class AccessLists {
  private readonly api: HcpTerraformApi;
  private readonly changed: (pool: PoolResource) => Promise<void>;
  private readonly waiting = new Map<string, Change[]>();
  private readonly writing = new Set<string>();

  /** @param changed is told of every pool whose lists were changed. */
  constructor(api: HcpTerraformApi, changed: (pool: PoolResource) => Promise<void>) {
    this.api = api;
    this.changed = changed;
  }

  /** Lets the member use the pool. True if that took a change. */
  grant(poolId: string, member: Member): Promise<boolean> {
    return this.enqueue(poolId, member, true);
  }

  /** Takes the member from the pool's list. True if it was there. */
  revoke(poolId: string, member: Member): Promise<boolean> {
    return this.enqueue(poolId, member, false);
  }

  private enqueue(poolId: string, member: Member, allowed: boolean): Promise<boolean> {
    return new Promise((done, failed) => {
      const changes = this.waiting.get(poolId) ?? [];
      changes.push({ member, allowed, done, failed });
      this.waiting.set(poolId, changes);
      if (!this.writing.has(poolId)) void this.drain(poolId);
    });
  }

  private async drain(poolId: string): Promise<void> {
    this.writing.add(poolId);
    for (let changes = this.take(poolId); changes.length > 0; changes = this.take(poolId)) {
      try {
        await this.write(poolId, changes);
      } catch (error) {
        for (const change of changes) change.failed(error);
      }
    }
    this.writing.delete(poolId);
  }

  private take(poolId: string): Change[] {
    const changes = this.waiting.get(poolId) ?? [];
    this.waiting.delete(poolId);
    return changes;
  }

  private async write(poolId: string, changes: readonly Change[]): Promise<void> {
    const path = `/agent-pools/${encodeURIComponent(poolId)}`;
    const found = await this.api.find(
      { operation: `read the access list of agent pool ${poolId}`, method: "GET", path },
      one(poolResource),
    );
    if (!found && changes.every((change) => !change.allowed)) {
      // A pool that is gone lets nobody in.
      for (const change of changes) change.done(false);
      return;
    }
    if (!found) throw missingPool(poolId);
    const pool = found.data;
    const lists = { workspaces: ids(pool, "allowed-workspaces"), projects: ids(pool, "allowed-projects") };
    const changed = changes.map(({ member, allowed }) => {
      const list = lists[member.type];
      if (allowed === list.has(member.id)) return false;
      if (allowed && pool.attributes["organization-scoped"]) return false;
      if (allowed) list.add(member.id);
      else list.delete(member.id);
      return true;
    });
    if (changed.includes(true)) {
      const { data } = await this.api.send(
        {
          operation: `change the access list of agent pool ${poolId}`,
          method: "PATCH",
          path,
          body: {
            data: {
              type: "agent-pools",
              id: poolId,
              // The API falls back to `true` where this is left out of a PATCH.
              attributes: { "organization-scoped": pool.attributes["organization-scoped"] },
              relationships: {
                "allowed-workspaces": references("workspaces", lists.workspaces),
                "allowed-projects": references("projects", lists.projects),
              },
            },
          },
        },
        one(poolResource),
      );
      await this.changed(data);
    }
    changes.forEach((change, index) => {
      change.done(changed[index] === true);
    });
  }
}

/** A to-many relationship in a request body. */
export function references(type: string, ids: Iterable<string>) {
  return { data: [...ids].map((id) => ({ id, type })) };
}

function ids(pool: PoolResource, relationship: "allowed-workspaces" | "allowed-projects"): Set<string> {
  return new Set((pool.relationships[relationship]?.data ?? []).map((reference) => reference.id));
}

function missingPool(poolId: string): ControlPlaneError {
  return new ControlPlaneError({
    plane: "HCP Terraform",
    operation: `change the access list of agent pool ${poolId}`,
    status: 404,
    message: "the pool does not exist, or the token may not see it",
    advice: "Check the pool's id and that the token's team may manage agent pools.",
  });
}

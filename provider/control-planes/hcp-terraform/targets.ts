import type { AssignedTarget, Fallback, Freshness, TargetFilter } from "../control-plane";
import type { PoolDocuments, ScopeList } from "./pool-documents";
import { listOf } from "./pool-documents";
import type { PoolResource } from "./wire";

/** What a pool can be assigned to. */
export type TargetKind = "workspace" | "project";

/** A workspace or project as it concerns assignments. */
export interface FoundTarget extends AssignedTarget {
  readonly kind: TargetKind;
  /** Whether its mode or its pool comes from above. */
  readonly inherits: boolean;
  /** Of a workspace: the project that it is in. */
  readonly projectId?: string | undefined;
}

/** What workspaces and projects have in common. */
export interface TargetsOfKind {
  /** List of a pool's scope that holds such targets. */
  readonly scopeList: Exclude<ScopeList, "excluded-workspaces">;
  /** Permission of the organization that comes with seeing all of them. */
  readonly permission: string;
  find(nameOrId: string, freshness?: Freshness): Promise<FoundTarget | undefined>;
  list(filter: TargetFilter, freshness?: Freshness): Promise<readonly FoundTarget[]>;
  /** One page of the organization's list as it is now. */
  sample(): Promise<readonly FoundTarget[]>;
  use(target: Pick<AssignedTarget, "id" | "name">, poolId: string): Promise<void>;
  release(target: Pick<AssignedTarget, "id" | "name">, fallback: Fallback): Promise<void>;
}

/**
 * How a target may use a pool: `list`: it is listed itself; `everybody`: all may, or all of its project; undefined:
 * the pool cannot be seen.
 */
export async function accessOf(
  pools: PoolDocuments,
  target: FoundTarget,
  list: TargetsOfKind["scopeList"],
  poolId: string,
  freshness: Freshness = {},
): Promise<AssignedTarget["access"]> {
  const known = freshness.fresh ? undefined : (await pools.list.read()).find(({ id }) => id === poolId);
  const pool = known ?? (await pools.read(poolId));
  return pool && accessIn(pool, target, list);
}

function accessIn(
  pool: PoolResource,
  { id, projectId }: FoundTarget,
  list: TargetsOfKind["scopeList"],
): "list" | "everybody" | "none" {
  const isIn = (name: ScopeList, member: string | undefined) =>
    listOf(pool, name)?.some((id) => id === member);
  const excluded = isIn("excluded-workspaces", id);
  if (pool.attributes["organization-scoped"]) return excluded ? "none" : "everybody";
  if (isIn(list, id)) return "list";
  return !excluded && isIn("allowed-projects", projectId) ? "everybody" : "none";
}

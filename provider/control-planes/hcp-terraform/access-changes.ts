import { failure } from "./api";
import { listOf } from "./pool-documents";
import type { TargetsOfKind } from "./targets";
import type { PoolResource } from "./wire";

/** A workspace or project in a pool's lists. */
export interface Member {
  readonly list: TargetsOfKind["scopeList"];
  readonly id: string;
}

/** One member to be let in or taken out. */
export interface Change {
  readonly member: Member;
  readonly allowed: boolean;
  readonly done: (changed: boolean) => void;
  readonly failed: (error: unknown) => void;
  writes: number;
  /** Writes that turned out to be lost, after which we waited. */
  losses: number;
  writtenAt: number;
}

/** A change of which nothing was written yet. */
export function newChange(
  member: Member,
  allowed: boolean,
  done: Change["done"],
  failed: Change["failed"],
): Change {
  return { member, allowed, done, failed, writes: 0, losses: 0, writtenAt: 0 };
}

/** Whether both are one member: an id is that of a workspace or of a project, never of both. */
export function isSame(one: Member, other: Member): boolean {
  return one.id === other.id;
}

/** Whether the pool is as the change wants it. */
export function isMet(pool: PoolResource, { member, allowed }: Change): boolean {
  const isListed = listOf(pool, member.list)?.includes(member.id) ?? false;
  return allowed ? isListed || pool.attributes["organization-scoped"] : !isListed;
}

/** The lists that change, each as a whole. */
export function listsAfter(
  pool: PoolResource,
  changes: readonly Change[],
  operation: string,
): Partial<Record<Member["list"], readonly string[]>> {
  const lists: Partial<Record<Member["list"], readonly string[]>> = {};
  for (const { member, allowed } of changes) {
    const before = lists[member.list] ?? listOf(pool, member.list);
    // Nobody may lose access because an answer lacks the list.
    if (!before) {
      throw failure({
        operation,
        message: `the answer about the pool has no ${member.list}`,
        advice:
          "Check that the installation knows this kind of list, and that no proxy shortens its answers.",
      });
    }
    lists[member.list] = allowed ? [...before, member.id] : before.filter((id) => id !== member.id);
  }
  return lists;
}

/**
 * Members that others added between our read and our write: they are in `seenDuringWrite`, but neither in `before` nor in
 * `written`.
 */
export function newcomers(
  seenDuringWrite: PoolResource,
  before: PoolResource,
  written: Partial<Record<Member["list"], readonly string[]>>,
): Member[] {
  return (Object.entries(written) as [Member["list"], readonly string[]][]).flatMap(([list, ids]) => {
    const known = new Set([...(listOf(before, list) ?? []), ...ids]);
    const seen = listOf(seenDuringWrite, list) ?? [];
    return seen.filter((id) => !known.has(id)).map((id) => ({ list, id }));
  });
}

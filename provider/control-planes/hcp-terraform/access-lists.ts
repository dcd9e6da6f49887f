import { type Clock, systemClock } from "../../clock";
import { type ControlPlaneError, hasStatus } from "../http/error";
import { type Change, isMet, isSame, listsAfter, type Member, newChange, newcomers } from "./access-changes";
import { failure, isUncertain } from "./api";
import type { PoolDocuments } from "./pool-documents";
import type { PoolResource } from "./wire";

/** How often one change is written before something else is said to undo it. */
const mostWrites = 6;

/** Shortest and longest wait, in milliseconds, until a list that was written is looked at again. */
const shortestSettling = 100;
const longestSettling = 3_000;

/**
 * Adds and removes single members of a pool's allow lists. The API takes whole lists only and has no condition on what
 * they were before, so two writers that read at the same time lose the change of one. Therefore a change counts once it
 * is still there a while after the write: longer than a writer like us takes from its read to its write. Changes of one
 * pool are gathered while a write is under way and written together, so that a hundred assignments cost a handful of
 * writes.
 */
export class AccessLists {
  private readonly pools: PoolDocuments;
  private readonly clock: Clock;
  private readonly lists = new Map<string, AccessList>();

  constructor(pools: PoolDocuments, clock: Clock = systemClock) {
    this.pools = pools;
    this.clock = clock;
  }

  /** Lets the member use the pool. True if that took a change; false where it is listed, or everybody may. */
  grant(poolId: string, member: Member): Promise<boolean> {
    return this.listOf(poolId).change(member, true);
  }

  /** Takes the member from the pool's list. True if it was there. */
  revoke(poolId: string, member: Member): Promise<boolean> {
    return this.listOf(poolId).change(member, false);
  }

  private listOf(poolId: string): AccessList {
    const list = this.lists.get(poolId) ?? new AccessList(this.pools, this.clock, poolId);
    this.lists.set(poolId, list);
    return list;
  }
}

/** The changes of one pool. */
class AccessList {
  private readonly pools: PoolDocuments;
  private readonly clock: Clock;
  private readonly poolId: string;
  private readonly operation: string;
  private readonly waiting: Change[] = [];
  private active: Change[] = [];
  private working = false;
  /** After the service refused a write: members are written one by one, so that it tells which one it refuses. */
  private oneByOne = false;
  /** Longest exchange of late, in milliseconds: what other writers may take too. */
  private slowest = 0;

  constructor(pools: PoolDocuments, clock: Clock, poolId: string) {
    this.pools = pools;
    this.clock = clock;
    this.poolId = poolId;
    this.operation = `change the access list of agent pool ${poolId}`;
  }

  change(member: Member, allowed: boolean): Promise<boolean> {
    return new Promise((done, failed) => {
      this.waiting.push(newChange(member, allowed, done, failed));
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    while (this.admit() > 0) {
      try {
        const wait = await this.pools.inTurn(this.poolId, () => this.step());
        if (wait > 0 && this.active.length > 0) await this.clock.pause(wait);
      } catch (error) {
        for (const change of this.active) change.failed(error);
        this.active = [];
      }
    }
    this.oneByOne = false;
    this.slowest = 0;
    this.working = false;
  }

  /** Takes up what waits. Of one member there is one change at a time: what comes later sees what the first one did. */
  private admit(): number {
    for (const change of this.waiting.splice(0)) {
      const isBusy = this.active.some(({ member }) => isSame(member, change.member));
      (isBusy ? this.waiting : this.active).push(change);
    }
    return this.active.length;
  }

  /** Looks, ends what is as it should be, and writes the rest. Returns how long to wait before the next look, in milliseconds. */
  private async step(): Promise<number> {
    const askedAt = this.clock.now();
    const pool = await this.timed(this.pools.read(this.poolId));
    this.admit();
    if (!pool) return this.endWithoutPool();
    const settling = this.settling;
    let longestWait = 0;
    const missing: Change[] = [];
    for (const change of [...this.active]) {
      if (!isMet(pool, change)) missing.push(change);
      else if (change.writes === 0) this.end(change, false);
      else if (askedAt - change.writtenAt >= settling) this.end(change, true);
      else longestWait = Math.max(longestWait, settling - (askedAt - change.writtenAt));
    }
    if (missing.length === 0) return longestWait;
    const mostWritten = Math.max(...missing.map(({ writes }) => writes));
    if (missing.some((change) => change.writes > change.losses)) return this.backOff(missing, mostWritten);
    return this.write(pool, this.oneByOne ? missing.slice(0, 1) : missing);
  }

  /**
   * Another writer overwrote our change. Waits a random time, so that two such writers do not collide again and again.
   */
  private backOff(missing: readonly Change[], mostWritten: number): number {
    for (const change of missing) {
      change.losses = change.writes;
      if (change.writes >= mostWrites) this.fail(change, this.undone(change));
    }
    return Math.min(Math.random() * this.settling * 2 ** mostWritten, longestSettling);
  }

  private async write(pool: PoolResource, changes: readonly Change[]): Promise<number> {
    const lists = listsAfter(pool, changes, this.operation);
    const organizationScoped = pool.attributes["organization-scoped"];
    const [error, seenDuringWrite] = await Promise.all([
      this.timed(
        this.pools.patch(this.poolId, this.operation, { organizationScoped, lists }, { repeatable: false }),
      ).then(() => undefined, asError),
      // What others do between our look and our write is undone by our write. A look at the time of the write shows it.
      this.pools.read(this.poolId).catch(() => undefined),
    ]);
    if (error !== undefined && !isUncertain(error)) return this.endRefused(changes, error);
    for (const change of changes) {
      change.writes += 1;
      change.writtenAt = this.clock.now();
      if (error !== undefined && change.writes >= mostWrites) this.fail(change, error);
    }
    const strangers = seenDuringWrite ? newcomers(seenDuringWrite, pool, lists) : [];
    this.active.push(...strangers.map((member) => newChange(member, true, ignore, ignore)));
    return strangers.length > 0 || this.oneByOne ? 0 : this.settling;
  }

  /** One member that the service refuses must not keep the others out. */
  private endRefused(changes: readonly Change[], error: unknown): number {
    if (changes.length > 1 && hasStatus(error, 400, 404, 409, 422)) this.oneByOne = true;
    else for (const change of changes) this.fail(change, error);
    return 0;
  }

  private endWithoutPool(): number {
    for (const change of [...this.active]) this.fail(change, missingPool(this.operation));
    return 0;
  }

  private end(change: Change, changed: boolean): void {
    this.active = this.active.filter((known) => known !== change);
    change.done(changed);
  }

  private fail(change: Change, error: unknown): void {
    this.active = this.active.filter((known) => known !== change);
    change.failed(error);
  }

  private undone({ member, allowed }: Change): ControlPlaneError {
    return failure({
      operation: this.operation,
      message: `${member.id} was ${allowed ? "added" : "removed"} ${mostWrites} times, and each time something else wrote the list as it was before`,
      advice:
        "Look for another program or person that writes this pool's list at the same time, and run again when it has ended.",
    });
  }

  private async timed<Answer>(exchange: Promise<Answer>): Promise<Answer> {
    const begin = this.clock.now();
    const answer = await exchange;
    this.slowest = Math.max(this.slowest, this.clock.now() - begin);
    return answer;
  }

  private get settling(): number {
    return Math.min(Math.max(shortestSettling, 2 * this.slowest), longestSettling);
  }
}

function missingPool(operation: string): ControlPlaneError {
  return failure({
    operation,
    status: 404,
    message: "the pool does not exist, or the token may not see it",
    advice: "Check the pool's id and that the token's team may manage agent pools.",
  });
}

function ignore(): void {}

/** A rejection as a value that is never undefined. */
function asError(error: unknown): unknown {
  return error ?? new Error("rejected without a reason");
}

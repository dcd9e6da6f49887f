interface Lock {
  tail: Promise<void>;
  releasedAt: number;
}

/**
 * Lets resources of one deployment work on one thing, such as a target, one after the other, and do work that waits for
 * another resource to have moved it.
 */
export class ThingLocks {
  private readonly locks = new Map<string, Lock>();
  private readonly departures = new Map<string, () => Promise<void>>();

  /** Work that is to be done once a target has left its pool for another one. */
  onDeparture(key: string, work: () => Promise<void>): void {
    this.departures.set(key, work);
  }

  /** Does the work that waits for this departure. */
  async departed(key: string): Promise<void> {
    const work = this.departures.get(key);
    this.departures.delete(key);
    await work?.();
  }

  /**
   * Works on a thing alone.
   * @param seenAt when the caller last began to look at it (Unix time in milliseconds).
   * @param work is told whether another resource of this deployment has worked on it since.
   */
  async exclusively<Result>(
    key: string,
    seenAt: number,
    work: (changedSince: boolean) => Promise<Result>,
  ): Promise<Result> {
    const lock = this.locks.get(key) ?? { tail: Promise.resolve(), releasedAt: 0 };
    this.locks.set(key, lock);
    const before = lock.tail;
    let release = () => {};
    lock.tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    try {
      return await work(lock.releasedAt >= seenAt);
    } finally {
      lock.releasedAt = Date.now();
      release();
    }
  }
}

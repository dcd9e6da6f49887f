/**
 * Requests that were answered already and are carried out later (faults of kind `delayed`). A reset and the end of the
 * emulator forget those that are still to come.
 */
export class DelayedRequests {
  #pending = new Map<NodeJS.Timeout, () => Promise<void>>();

  /** How many are still to come. */
  get size(): number {
    return this.#pending.size;
  }

  add(milliseconds: number, carryOut: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      void carryOut();
    }, milliseconds);
    this.#pending.set(timer, carryOut);
  }

  /** Carries out now what is still to come, oldest first; answers how many those were. */
  async carryOut(): Promise<number> {
    const pending = [...this.#pending];
    this.clear();
    for (const [, carryOut] of pending) await carryOut();
    return pending.length;
  }

  clear(): void {
    for (const timer of this.#pending.keys()) clearTimeout(timer);
    this.#pending.clear();
  }
}

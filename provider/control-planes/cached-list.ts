/** How long a list that was read stays good: a refresh of hundreds of resources reads it once. Milliseconds. */
const lifetime = 20_000;

/** A list that many readers share. What the owner changes it tells the list, so that no new read is needed. */
export class CachedList<Item> {
  private readonly load: () => Promise<readonly Item[]>;
  private current: { items: Promise<Item[]>; readAt: number } | undefined;

  constructor(load: () => Promise<readonly Item[]>) {
    this.load = load;
  }

  /** The items; `fresh` reads them anew. Concurrent readers share one read. A failed read is not kept. */
  async read(options: { fresh?: boolean } = {}): Promise<readonly Item[]> {
    const known = this.current;
    if (known && !options.fresh && Date.now() - known.readAt < lifetime) return known.items;
    const reading = { items: this.load().then((items) => [...items]), readAt: Date.now() };
    this.current = reading;
    try {
      return await reading.items;
    } catch (error) {
      if (this.current === reading) this.current = undefined;
      throw error;
    }
  }

  /** Applies a change of our own to the list, if it was read before. */
  async change(edit: (items: Item[]) => Item[]): Promise<void> {
    const known = this.current;
    if (!known) return;
    const items = known.items.then(edit);
    this.current = { items, readAt: known.readAt };
    await items.catch(() => undefined);
  }

  /** Sets the list without a read, where its content is known. */
  set(items: readonly Item[]): void {
    this.current = { items: Promise.resolve([...items]), readAt: Date.now() };
  }
}

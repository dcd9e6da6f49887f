/** How long a list stays good at least: a refresh of hundreds of resources reads it once. Milliseconds. */
const shortestLifetime = 20_000;

/** A list that takes long to read stays good for that many times as long, so that a refresh of any size reads it once. */
const lifetimePerReading = 10;

/** A change of our own, by id: a thing that is there already is replaced, and what is gone already stays gone. */
export type Edit<Item> = (items: Item[]) => readonly Item[];

/**
 * A list that many readers share. What the owner changes it tells the list, so that no new read is needed. At most one
 * read is under way at a time.
 */
export class CachedList<Item> {
  private readonly load: () => Promise<readonly Item[]>;
  private readonly lifetime: number | undefined;
  private kept: { readonly items: readonly Item[]; readonly goodUntil: number } | undefined;
  private reading: { readonly items: Promise<readonly Item[]>; readonly edits: Edit<Item>[] } | undefined;
  private next: Promise<readonly Item[]> | undefined;

  /**
   * @param load reads the list. Items that have an `id` are listed once for each id.
   * @param options.lifetime milliseconds after the end of a read for which it stays good. Default: 20 seconds, and ten times
   *   as long as the read took where that is longer.
   */
  constructor(load: () => Promise<readonly Item[]>, options: { readonly lifetime?: number } = {}) {
    this.load = load;
    this.lifetime = options.lifetime;
  }

  /**
   * The items. A fresh read begins after the call: readers that come while a read is under way share the one that
   * follows it, however many they are. Other readers take what is known or under way.
   */
  read(options: { readonly fresh?: boolean | undefined } = {}): Promise<readonly Item[]> {
    if (!options.fresh) {
      if (this.kept && Date.now() < this.kept.goodUntil) return Promise.resolve(this.kept.items);
      if (this.reading) return this.reading.items;
    }
    if (this.next) return this.next;
    if (!this.reading) return this.begin();
    this.next = this.reading.items.then(ignore, ignore).then(() => {
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  /** Applies a change of our own to the list as it is known, and to the one that is being read: it may be older. */
  change(edit: Edit<Item>): void {
    this.reading?.edits.push(edit);
    if (this.kept) this.kept = { ...this.kept, items: apply([edit], this.kept.items) };
  }

  /** Sets the list without a read, where its content is known. */
  set(items: readonly Item[]): void {
    const content = [...items];
    this.reading?.edits.push(() => content);
    this.kept = { items: content, goodUntil: this.goodUntil(0) };
  }

  private goodUntil(readingTime: number): number {
    return Date.now() + (this.lifetime ?? Math.max(shortestLifetime, lifetimePerReading * readingTime));
  }

  private begin(): Promise<readonly Item[]> {
    const edits: Edit<Item>[] = [];
    const items = this.finish(edits);
    this.reading = { items, edits };
    return items;
  }

  private async finish(edits: readonly Edit<Item>[]): Promise<readonly Item[]> {
    const begun = Date.now();
    try {
      const items = apply(edits, await this.load());
      this.kept = { items, goodUntil: this.goodUntil(Date.now() - begun) };
      return items;
    } finally {
      this.reading = undefined;
    }
  }
}

function apply<Item>(edits: readonly Edit<Item>[], items: readonly Item[]): readonly Item[] {
  let edited = items;
  for (const edit of edits) edited = edit([...edited]);
  return onceForEachId(edited);
}

/** An edit that appends what the control plane already lists must not double it. The last one of an id holds. */
function onceForEachId<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [idOf(item) ?? item, item])).values()];
}

function idOf(item: unknown): unknown {
  return Object(item).id;
}

function ignore(): void {}

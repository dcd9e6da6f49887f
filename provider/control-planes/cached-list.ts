import { setTimeout as pause } from "node:timers/promises";
import type { Freshness } from "./control-plane";

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
  private readonly gathering: number;
  private kept: { readonly items: readonly Item[]; readonly goodUntil: number } | undefined;
  private reading: { readonly items: Promise<readonly Item[]>; readonly edits: Edit<Item>[] } | undefined;
  private next: Promise<readonly Item[]> | undefined;
  private gatheredUntil = 0;

  /**
   * @param load reads the list. Items that have an `id` are listed once for each id.
   * @param options.lifetime milliseconds after the end of a read for which it stays good. Default: 20 seconds, and ten times
   *   as long as the read took where that is longer.
   * @param options.gathering milliseconds that a fresh read waits after the end of the one before, so that what changes
   *   many things at the same time shares it. Default: 0.
   */
  constructor(
    load: () => Promise<readonly Item[]>,
    options: { readonly lifetime?: number; readonly gathering?: number } = {},
  ) {
    this.load = load;
    this.lifetime = options.lifetime;
    this.gathering = options.gathering ?? 0;
  }

  /**
   * The items. A fresh read begins after the call: readers that come before it begins share it, however many they are.
   * Other readers take what is known or under way.
   */
  read(options: Freshness = {}): Promise<readonly Item[]> {
    if (!options.fresh) {
      if (this.kept && Date.now() < this.kept.goodUntil) return Promise.resolve(this.kept.items);
      if (this.reading) return this.reading.items;
    }
    if (this.next) return this.next;
    if (!this.reading && !this.gathers(options)) return this.begin(options);
    this.next = this.quiet().then(() => {
      this.next = undefined;
      return this.begin(options);
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

  private gathers({ fresh }: Freshness): boolean {
    return fresh === true && performance.now() < this.gatheredUntil;
  }

  /** Waits until the next fresh read may begin. */
  private async quiet(): Promise<void> {
    await this.reading?.items.catch(() => undefined);
    await pause(Math.max(0, this.gatheredUntil - performance.now()));
  }

  private begin({ fresh }: Freshness): Promise<readonly Item[]> {
    const edits: Edit<Item>[] = [];
    const begun = Date.now();
    // A load that throws at once fails like one that throws later.
    const items = new Promise<readonly Item[]>((resolve) => resolve(this.load()))
      .then((loaded) => {
        const edited = apply(edits, loaded);
        this.kept = { items: edited, goodUntil: this.goodUntil(Date.now() - begun) };
        return edited;
      })
      .finally(() => {
        this.reading = undefined;
        if (fresh) this.gatheredUntil = performance.now() + this.gathering;
      });
    this.reading = { items, edits };
    return items;
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

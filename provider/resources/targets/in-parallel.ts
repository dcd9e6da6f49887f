/**
 * Items worked on at a time. The transport sends fewer requests at a time; the rest wait there, so that changes of one
 * list, such as a pool's access list, gather and are written together.
 */
const width = 256;

/** Maps items with bounded concurrency and keeps their order. After a failure no other item is begun; it is thrown once those under way have ended. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index] as Item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** What became of each item. */
export interface Outcomes<Item, Result> {
  readonly done: readonly { item: Item; result: Result }[];
  readonly failed: readonly { item: Item; error: unknown }[];
}

/**
 * As {@link inParallel}, but a failure stops nothing: it is told with its item.
 * @param cancelled once aborted, no other item is begun; those that were not count as failed.
 */
export async function eachInParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  cancelled?: AbortSignal,
): Promise<Outcomes<Item, Result>> {
  const done: { item: Item; result: Result }[] = [];
  const failed: { item: Item; error: unknown }[] = [];
  await inParallel(items, async (item) => {
    try {
      requireNotCancelled(cancelled);
      done.push({ item, result: await work(item) });
    } catch (error) {
      failed.push({ item, error });
    }
  });
  return { done, failed };
}

/** @throws Error once the deployment was cancelled: looks at many targets take their time, and what was not changed until then is left as it is. */
export function requireNotCancelled(cancelled: AbortSignal | undefined): void {
  if (cancelled?.aborted) throw new Error("The deployment was cancelled before this was begun.");
}

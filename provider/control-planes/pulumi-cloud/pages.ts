import { ControlPlaneError } from "../http/error";
import { displayName } from "./dialect";

/** One page of a list; `next` is the token of the page after it, absent or empty on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | null | undefined;
}

/**
 * Everything on all pages.
 * @param operation what is listed, in words, for the error.
 * @throws ControlPlaneError where a page names an earlier one, or itself, as the next.
 */
export async function readAllPages<Item>(
  operation: string,
  readPage: (continuationToken: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let continuationToken: string | undefined;
  for (;;) {
    const page = await readPage(continuationToken);
    items.push(...page.items);
    if (!page.next) return items;
    if (seen.has(page.next)) {
      throw new ControlPlaneError({
        plane: displayName,
        operation,
        message: "a page names an earlier one, or itself, as the next one, so the list has no end",
      });
    }
    seen.add(page.next);
    continuationToken = page.next;
  }
}

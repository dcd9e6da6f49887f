import type { Answer } from "../exchange";
import { document, type HcpRequest, hcpRefusal } from "./requests";

/** Names one resource. */
export interface ResourceIdentifier {
  id: string;
  type: string;
}

/** One resource of a JSON:API document. */
export interface Resource extends ResourceIdentifier {
  attributes: Record<string, unknown>;
  relationships?: Record<string, Relationship>;
  links?: Record<string, string>;
}

/** A relationship: the related resources, or where to find them. */
export interface Relationship {
  data?: ResourceIdentifier | ResourceIdentifier[] | null;
  links?: Record<string, string>;
}

/** A relationship to one resource; null when there is none. */
export function toOne(type: string, id: string | undefined): Relationship {
  return { data: id === undefined ? null : { id, type } };
}

/** A relationship to any number of resources. */
export function toMany(type: string, ids: readonly string[]): Relationship {
  return { data: ids.map((id) => ({ id, type })) };
}

/** A relationship that only says where to look. */
export function related(path: string): Relationship {
  return { links: { related: path } };
}

/** Comma-separated `include`. */
export function includesOf(request: HcpRequest): Set<string> {
  return new Set((request.query.get("include") ?? "").split(",").filter((name) => name !== ""));
}

/** What a list answers besides its page. */
export interface ListOptions {
  /** Lists of runs leave totals out. */
  totals?: boolean;
  meta?: Record<string, unknown>;
  included?: (shown: readonly Resource[]) => Resource[];
}

/** Page sizes of HCP Terraform's API overview, section "Pagination". */
const defaultPageSize = 20;
const largestPageSize = 100;

/** One page of a list, with pagination links and `meta.pagination`. */
export function listAnswer(
  request: HcpRequest,
  resources: readonly Resource[],
  options: ListOptions = {},
): Answer {
  const number = wholeNumber(request.query.get("page[number]"), 1);
  const size = Math.min(wholeNumber(request.query.get("page[size]"), defaultPageSize), largestPageSize);
  const totalPages = Math.max(1, Math.ceil(resources.length / size));
  const shown = resources.slice((number - 1) * size, number * size);
  const hasNext = number < totalPages;
  const { totals = true, meta, included } = options;
  return document({
    data: shown,
    links: {
      self: pageLink(request, number, size),
      first: pageLink(request, 1, size),
      prev: number > 1 ? pageLink(request, number - 1, size) : null,
      next: hasNext ? pageLink(request, number + 1, size) : null,
      ...(totals && { last: pageLink(request, totalPages, size) }),
    },
    meta: {
      ...meta,
      pagination: {
        "current-page": number,
        "page-size": size,
        "prev-page": number > 1 ? number - 1 : null,
        "next-page": hasNext ? number + 1 : null,
        ...(totals && { "total-pages": totalPages, "total-count": resources.length }),
      },
    },
    ...(included && { included: included(shown) }),
  });
}

/** Sorts by `?sort=key` or `?sort=-key`; a key that isn't offered is refused with 400. */
export function sorted<Item>(
  request: HcpRequest,
  items: readonly Item[],
  keys: Record<string, (item: Item) => string>,
): Item[] {
  const wanted = request.query.get("sort");
  if (wanted === null) return [...items];
  const descending = wanted.startsWith("-");
  const keyOf = keys[descending ? wanted.slice(1) : wanted];
  if (keyOf === undefined) throw hcpRefusal(400, "bad request", `Invalid sort parameter: ${wanted}`);
  const ascending = items.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return descending ? ascending.reverse() : ascending;
}

function wholeNumber(text: string | null, otherwise: number): number {
  if (text === null) return otherwise;
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

function pageLink(request: HcpRequest, number: number, size: number): string {
  const query = new URLSearchParams(request.query);
  query.set("page[number]", String(number));
  query.set("page[size]", String(size));
  return `${request.path}?${query}`;
}

import { z } from "zod";
import type { Method, Plane } from "./exchange";

/** Fields of a schema that say which requests something is for. All that are given must fit. */
export const requestMatch = {
  plane: z.enum(["pulumi-cloud", "hcp-terraform", "env-zero"]).optional(),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  /** Regular expression, searched in the path without its query. */
  path: z.string().refine(isRegularExpression, "is not a regular expression").optional(),
  /** Operation id, as the journal shows it. */
  operation: z.string().optional(),
  /** Let so many matching requests pass before the first one counts. Default 0. */
  skip: z.int().nonnegative().optional(),
  /** Strike so many requests, then stop. Without it there is no end. */
  times: z.int().positive().optional(),
};

/** Which requests something is for. */
export type RequestMatch = z.output<z.ZodObject<typeof requestMatch>>;

/** What a {@link RequestMatch} is compared with. */
export interface RequestSubject {
  plane: Plane;
  method: Method;
  path: string;
  operation: string | undefined;
}

/** True when the request is one of those described, whatever `skip` and `times` say. */
export function matchesRequest(match: RequestMatch, subject: RequestSubject): boolean {
  return (
    (match.plane === undefined || match.plane === subject.plane) &&
    (match.method === undefined || match.method === subject.method) &&
    (match.operation === undefined || match.operation === subject.operation) &&
    (match.path === undefined || new RegExp(match.path).test(subject.path))
  );
}

/**
 * Counts a request that matches, and tells whether it is struck: it comes after the first `skip`, and fewer than
 * `times` were struck before it.
 *
 * @param counts requests that matched, and those that were struck, so far; both are raised here
 */
export function countRequest(match: RequestMatch, counts: { matched: number; struck: number }): boolean {
  counts.matched++;
  if (counts.matched <= (match.skip ?? 0)) return false;
  if (match.times !== undefined && counts.struck >= match.times) return false;
  counts.struck++;
  return true;
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

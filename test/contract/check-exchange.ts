import type { ErrorObject } from "ajv";
import type { Plane } from "../../emulator/exchange.ts";
import type { JournalEntry } from "../../emulator/journal.ts";
import { type DescribedRoute, describedRoute, describesStatus, validatorFor } from "./descriptions.ts";
import { differences } from "./exceptions.ts";
import { isUndescribed } from "./undescribed.ts";

/** A request and its answer. */
export interface Exchange {
  plane: Plane;
  method: string;
  /** Without the query. */
  path: string;
  requestBody?: unknown;
  status: number;
  responseBody?: unknown;
}

/**
 * Holds a client's request against the vendor's description.
 *
 * @returns one sentence per problem; none when the request is as described, or is a known exception
 */
export function checkRequest(plane: Plane, method: string, path: string, body: unknown): string[] {
  const route = describedRoute(plane, method, path);
  if (route === undefined) {
    return isUndescribed(plane, method, path) ? [] : [`${plane}: ${method} ${path} is not described`];
  }
  if (body === undefined) return [];
  return checkBody(route, "request", body);
}

/** Holds a request and its answer against the vendor's description; see {@link checkRequest}. */
export function checkExchange({
  plane,
  method,
  path,
  requestBody,
  status,
  responseBody,
}: Exchange): string[] {
  const problems = checkRequest(plane, method, path, requestBody);
  const route = describedRoute(plane, method, path);
  if (route === undefined) return problems;
  if (!describesStatus(route, status) && !isKnown(route, `status ${status}`, "")) {
    problems.push(`${nameOf(route)}: status ${status} is not described`);
  }
  if (responseBody !== undefined) problems.push(...checkBody(route, status, responseBody));
  return problems;
}

/** Holds what an emulator's journal recorded (with `recordBodies`) against the vendors' descriptions. */
export function checkJournal(entries: readonly JournalEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.status === undefined || entry.faults.length > 0
      ? checkRequest(entry.plane, entry.method, entry.path, entry.requestBody)
      : checkExchange({ ...entry, status: entry.status }),
  );
}

function checkBody(route: DescribedRoute, part: "request" | number, body: unknown): string[] {
  const validator = validatorFor(route, part);
  if (validator === undefined || validator(body)) return [];
  const what = part === "request" ? "request" : `response ${part}`;
  return (validator.errors ?? [])
    .map((error) => problemOf(error))
    .filter((problem) => !isKnown(route, what, problem))
    .map((problem) => `${nameOf(route)}: ${what} ${problem}`);
}

function problemOf({ instancePath, message = "", params }: ErrorObject): string {
  const details = Object.values(params as Record<string, unknown>).join(", ");
  return `${instancePath || "/"} ${message} (${details})`;
}

function isKnown(route: DescribedRoute, what: string, problem: string): boolean {
  const operation = route.operation.operationId ?? "";
  return differences.some(
    (difference) =>
      difference.plane === route.plane &&
      (difference.operations === "any" || difference.operations.includes(operation)) &&
      difference.what.test(what) &&
      difference.problem.test(problem),
  );
}

function nameOf(route: DescribedRoute): string {
  return `${route.plane} ${route.operation.operationId ?? `${route.method} ${route.path}`}`;
}

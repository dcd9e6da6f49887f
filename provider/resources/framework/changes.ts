import { isDeepStrictEqual } from "node:util";
import type { Properties } from "./lifecycle";

/** One property, at any depth, that an update adds, takes away or changes. */
export interface PropertyChange {
  /** For example `scope.allowedWorkspaces[0]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** Name of the top-level property that a path begins with. */
export function topOf(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** What differs between two sets of properties, each difference at its deepest place. */
export function changesBetween(before: Properties, after: Properties): PropertyChange[] {
  return objectChanges(before, after, "");
}

function changesOf(before: unknown, after: unknown, path: string): PropertyChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  if (isObject(before) && isObject(after)) return objectChanges(before, after, path);
  return isDeepStrictEqual(before, after) ? [] : [{ path, kind: "update" }];
}

function objectChanges(before: Properties, after: Properties, path: string): PropertyChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changesOf(before[key], after[key], path ? `${path}.${key}` : key));
}

function listChanges(before: readonly unknown[], after: readonly unknown[], path: string): PropertyChange[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => index).flatMap((index) =>
    changesOf(before[index], after[index], `${path}[${index}]`),
  );
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

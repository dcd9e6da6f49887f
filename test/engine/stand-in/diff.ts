import type { PropertyMap, PropertyValue } from "../deployment.ts";
import {
  containsPath,
  formatPropertyPath,
  type PropertyPath,
  parsePropertyPath,
  resetPath,
} from "./property-paths.ts";
import { equalValues, isObject, mapWithoutSecrets } from "./property-values.ts";

/** What happens to one property; `-replace` when that asks for a new resource. */
export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

/** What a provider, or the engine in its place, says about old and new. */
export interface DiffResult {
  changes: "none" | "some" | "unknown";
  replaceKeys: string[];
  changedKeys: string[];
  /** By property path. */
  detailedDiff?: Record<string, DiffKind>;
  deleteBeforeReplace: boolean;
}

/** A diff without anything in it. */
export const NO_DIFF: DiffResult = {
  changes: "none",
  replaceKeys: [],
  changedKeys: [],
  deleteBeforeReplace: false,
};

/** A diff that replaces for a reason that is not a property. */
export function replaceBecauseOf(key: string): DiffResult {
  return { ...NO_DIFF, changes: "some", replaceKeys: [key] };
}

/** Whether a diff asks for a new resource. */
export function isReplace(diff: DiffResult): boolean {
  return (
    diff.replaceKeys.length > 0 ||
    Object.values(diff.detailedDiff ?? {}).some((kind) => kind.endsWith("-replace"))
  );
}

/** The engine's own diff of inputs, for a provider that does not know: what differs, wherever it is. */
export function completeUnknownDiff(
  diff: DiffResult,
  oldInputs: PropertyMap,
  newInputs: PropertyMap,
  ignoreChanges: readonly string[],
): DiffResult {
  if (diff.changes !== "unknown") {
    return diff;
  }
  const { inputs } = applyIgnoreChanges(newInputs, oldInputs, ignoreChanges);
  const olds = mapWithoutSecrets(oldInputs);
  const news = mapWithoutSecrets(inputs);
  const detailedDiff = diffMaps([], olds, news);
  const changedKeys = new Set(Object.keys(detailedDiff).map((path) => String(parsePropertyPath(path)[0])));
  if (changedKeys.size === 0) {
    return { ...diff, changes: "none" };
  }
  return { ...diff, changes: "some", changedKeys: [...changedKeys].sort(), detailedDiff };
}

/** The paths at which two maps differ, as deep as both sides have the same kind of value. */
export function diffMaps(
  prefix: PropertyPath,
  olds: PropertyMap,
  news: PropertyMap,
): Record<string, DiffKind> {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return Object.assign({}, ...keys.map((key) => diffValues([...prefix, key], olds[key], news[key])));
}

function diffValues(
  path: PropertyPath,
  old: PropertyValue | undefined,
  now: PropertyValue | undefined,
): Record<string, DiffKind> {
  // To Pulumi a null is no value, the same as a key that is not there.
  if (equalValues(old ?? null, now ?? null)) {
    return {};
  }
  if (old === undefined || old === null) {
    return { [formatPropertyPath(path)]: "add" };
  }
  if (now === undefined || now === null) {
    return { [formatPropertyPath(path)]: "delete" };
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    const items = Array.from({ length }, (_, index) => diffValues([...path, index], old[index], now[index]));
    return Object.assign({}, ...items);
  }
  if (isObject(old) && isObject(now)) {
    return diffMaps(path, old, now);
  }
  return { [formatPropertyPath(path)]: "update" };
}

/** New inputs with everything that is to be ignored as it was, and the paths where that was not possible. */
export function applyIgnoreChanges(
  inputs: PropertyMap,
  oldInputs: PropertyMap,
  ignoreChanges: readonly string[],
): { inputs: PropertyMap; impossible: string[] } {
  const result = structuredClone(inputs);
  const impossible = ignoreChanges.filter((path) => !resetPath(parsePropertyPath(path), oldInputs, result));
  return { inputs: result, impossible };
}

/** Key under which an earlier failure to initialise counts as a change. */
const INIT_ERROR_KEY = "#initerror";

/** Turns changes at the given paths into reasons to replace. */
export function applyReplaceOnChanges(
  diff: DiffResult,
  replaceOnChanges: readonly string[],
  hasInitErrors: boolean,
): DiffResult {
  if (diff.changes !== "some" && !hasInitErrors) {
    return diff;
  }
  const paths = replaceOnChanges.map(parsePropertyPath);
  const replaces = (text: string) => paths.some((path) => containsPath(path, parsePropertyPath(text)));
  const detailedDiff = diff.detailedDiff && {
    ...Object.fromEntries(
      Object.entries(diff.detailedDiff).map(([path, kind]) => [
        path,
        replaces(path) ? asReplace(kind) : kind,
      ]),
    ),
  };
  const replaceKeys = new Set([...diff.replaceKeys, ...diff.changedKeys.filter(replaces)]);
  if (hasInitErrors && replaces(INIT_ERROR_KEY)) {
    return { ...diff, changes: "some", detailedDiff, replaceKeys: [...replaceKeys, INIT_ERROR_KEY] };
  }
  return { ...diff, detailedDiff, replaceKeys: [...replaceKeys] };
}

function asReplace(kind: DiffKind): DiffKind {
  switch (kind) {
    case "add":
      return "add-replace";
    case "delete":
      return "delete-replace";
    case "update":
      return "update-replace";
    default:
      return kind;
  }
}

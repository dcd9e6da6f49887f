import type { PropertyMap, PropertyValue } from "../deployment.ts";
import { equalValues, isObject, isSecret } from "./property-values.ts";

/** A path into properties: `a.b[0]["c.d"]`, `a.*`. */
export type PropertyPath = (string | number)[];

/** Reads a path as Pulumi writes it. */
export function parsePropertyPath(text: string): PropertyPath {
  const path: PropertyPath = [];
  const pattern = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|\.?([^.[\]]+)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) {
      throw new Error(`'${text}' is not a property path (as in a.b[0]["c.d"] or a.*)`);
    }
    const [, quoted, index, star, name] = match;
    if (quoted !== undefined) {
      path.push(quoted.replace(/\\(.)/g, "$1"));
    } else {
      path.push(index !== undefined ? Number(index) : (star ?? name ?? ""));
    }
  }
  return path;
}

/** Writes a path as Pulumi does. */
export function formatPropertyPath(path: PropertyPath): string {
  return path
    .map((part, position) => {
      if (typeof part === "number") {
        return `[${part}]`;
      }
      if (!/^[\w-]+$/.test(part)) {
        return `["${part.replace(/["\\]/g, "\\$&")}"]`;
      }
      return position === 0 ? part : `.${part}`;
    })
    .join("");
}

/** Whether a path is at or above another one; `*` stands for any one part. */
export function containsPath(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((part, index) => part === "*" || part === other[index]);
}

/**
 * Sets what a path names in `news` back to what it is in `olds`, in place.
 * Answers false where that would add or remove an element in the middle of a list, which is not done.
 */
export function resetPath(path: PropertyPath, olds: PropertyMap, news: PropertyMap): boolean {
  return reset(path, olds, news);
}

function reset(
  path: PropertyPath,
  olds: PropertyValue | undefined,
  news: PropertyValue | undefined,
): boolean {
  const [part, ...rest] = path;
  if (part === undefined) {
    return true;
  }
  const old = isSecret(olds) ? olds["value"] : olds;
  const now = isSecret(news) ? news["value"] : news;
  if (Array.isArray(now)) {
    return resetInList(part, rest, old, now);
  }
  if (!isObject(now)) {
    // Neither side has anything under the path, or the kind of value changed: nothing to set back.
    return old === undefined || equalValues(old, now);
  }
  const oldMap = isObject(old) ? old : {};
  const keys = part === "*" ? [...new Set([...Object.keys(oldMap), ...Object.keys(now)])] : [String(part)];
  return keys.map((key) => resetKey(key, rest, oldMap, now)).every(Boolean);
}

function resetKey(key: string, rest: PropertyPath, olds: PropertyMap, news: PropertyMap): boolean {
  if (rest.length > 0) {
    return reset(rest, olds[key], news[key]);
  }
  const old = olds[key];
  if (old === undefined) {
    delete news[key];
  } else {
    news[key] = old;
  }
  return true;
}

function resetInList(
  part: string | number,
  rest: PropertyPath,
  old: PropertyValue | undefined,
  now: PropertyValue[],
): boolean {
  const oldList = Array.isArray(old) ? old : [];
  const indexes = part === "*" ? [...now.keys()] : [Number(part)];
  if (part === "*" && oldList.length !== now.length) {
    return false;
  }
  return indexes
    .map((index) => {
      const oldItem = oldList[index];
      if (oldItem === undefined || index >= now.length) {
        return oldItem === undefined && index >= now.length;
      }
      if (rest.length > 0) {
        return reset(rest, oldItem, now[index]);
      }
      now[index] = oldItem;
      return true;
    })
    .every(Boolean);
}

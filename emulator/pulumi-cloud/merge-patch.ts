import { isJsonObject, type Json, type JsonObject } from "../exchange";

/**
 * RFC 7396, as operation `PatchDeploymentSettings` states it: null removes, an object merges, anything else replaces.
 * `replaced` names top-level keys that are taken whole.
 */
export function mergePatch(
  target: JsonObject,
  patch: JsonObject,
  replaced: readonly string[] = [],
): JsonObject {
  const merged = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else if (isJsonObject(value) && !replaced.includes(key)) {
      const before = merged[key];
      merged[key] = mergePatch(isJsonObject(before) ? before : {}, value);
    } else {
      merged[key] = value satisfies Json;
    }
  }
  return merged;
}

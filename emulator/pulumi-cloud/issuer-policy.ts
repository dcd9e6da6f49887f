import { isJsonObject, type JsonObject } from "../exchange";

/** True when a policy lets a token with these claims be a runner of the pool. Nothing is allowed by default; deny wins. */
export function isAllowed(
  policies: readonly JsonObject[],
  poolId: string,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  const matching = policies.filter(
    (policy) =>
      policy["tokenType"] === "runner" &&
      policy["runnerID"] === poolId &&
      matchesRules(policy["rules"], claims),
  );
  return (
    matching.some((policy) => policy["decision"] === "allow") &&
    !matching.some((policy) => policy["decision"] === "deny")
  );
}

/** Every rule is a claim and a pattern, and all of them have to match. */
function matchesRules(rules: unknown, claims: Readonly<Record<string, unknown>>): boolean {
  if (!isJsonObject(rules)) return false;
  return Object.entries(rules).every(([claim, pattern]) => {
    const values = [claimAt(claims, claim)].flat();
    return values.some((value) => matchesPattern(String(pattern), value));
  });
}

/** A claim by its path: `sub`, or `"kubernetes.io".pod.name` with quotes around keys that have dots. */
function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  // A key with dots that is there as such needs no quotes.
  if (Object.hasOwn(claims, path)) return claims[path];
  let found: unknown = claims;
  for (const [, quoted, plain] of path.matchAll(/"([^"]*)"|([^."]+)/g)) {
    const key = quoted ?? plain ?? "";
    found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** `*` stands for anything, `?` for one character. */
function matchesPattern(pattern: string, value: unknown): boolean {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(String(value));
}

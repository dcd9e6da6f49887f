import { redact } from "../control-planes/http/redact";
import type { Violation } from "../resources/framework/violation";

/**
 * What the check of a resource or of the configuration found, as the engine is to show it, without secrets. The reason names the property, and
 * the failure does not: the engine would print the value of the top-level input of that name, which is `{<nil>}` for a
 * path like `target.stack`, a map in Go's notation for an object, and a secret in clear text.
 */
export function checkFailures(violations: readonly Violation[]): { property: string; reason: string }[] {
  return violations.map(({ property, reason }) => ({
    property: "",
    reason: redact(property === "" ? reason : `${property}: ${reason}`),
  }));
}

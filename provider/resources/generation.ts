import type { CheckContext } from "./lifecycle";
import type { Violation } from "./violation";

/**
 * A generation may rise by one and nothing else: a greater step would skip the hand-over, a smaller one revoke what is in
 * use. The two tokens of a `RotatingPoolToken` take turns, so each of them rises by two while the other one stays.
 */
export function generationRules(
  wanted: number | undefined,
  { previous, parentType }: CheckContext,
): Violation[] {
  const known = previous && (typeof previous["generation"] === "number" ? previous["generation"] : 1);
  if (wanted === undefined || known === undefined || wanted === known) return [];
  const step = parentType?.endsWith(":RotatingPoolToken") ? 2 : 1;
  if (wanted === known + step) return [];
  return [
    {
      property: "generation",
      reason: `is ${known} now and cannot become ${wanted}: it may only rise by ${step === 1 ? "one" : "two"} at a time, to ${known + step}, so that agents can move from one token to the next`,
    },
  ];
}

import type { CheckContext } from "./lifecycle";
import type { Violation } from "./violation";

/** A generation may rise by one and nothing else: a greater step would skip the hand-over, a smaller one revoke what is in use. */
export function generationRules(wanted: number | undefined, { previous }: CheckContext): Violation[] {
  const known = previous && (typeof previous["generation"] === "number" ? previous["generation"] : 1);
  if (wanted === undefined || known === undefined || wanted === known || wanted === known + 1) return [];
  return [
    {
      property: "generation",
      reason: `is ${known} now and cannot become ${wanted}: it may only rise by one at a time, to ${known + 1}, so that agents can move from one token to the next`,
    },
  ];
}

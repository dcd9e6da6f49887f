import type { CheckContext } from "./lifecycle";
import type { Violation } from "./violation";

/**
 * A generation may rise by one and nothing else: a greater step would skip the hand-over, a smaller one revoke what is in
 * use. The two tokens of a `RotatingPoolToken` take turns: the one of the new generation rises by two, and the one of the
 * generation before stays as it is.
 */
export function generationRules(
  wanted: number | undefined,
  { previous, rotation }: CheckContext,
): Violation[] {
  const known = previous && (typeof previous["generation"] === "number" ? previous["generation"] : 1);
  if (wanted === undefined || known === undefined || wanted === known) return [];
  if (rotation === undefined && wanted === known + 1) return [];
  if (rotation === "current" && wanted === known + 2) return [];
  const reason =
    rotation === undefined
      ? `is ${known} now and cannot become ${wanted}: it may only rise by one at a time, to ${known + 1}, so that agents can move from one token to the next`
      : `of the RotatingPoolToken may only rise by one at a time, so that agents can move from one token to the next: this would replace the token of generation ${known}, which may be in use, by one of generation ${wanted}`;
  return [{ property: "generation", reason }];
}

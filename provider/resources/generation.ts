import type { CheckContext } from "./framework/lifecycle";
import type { Violation } from "./framework/violation";

/**
 * A generation may rise by one and nothing else: a greater step would skip the hand-over, a smaller one revoke what is in
 * use. The two tokens of a `RotatingPoolToken` take turns: the one of the new generation rises by two, and the one of the
 * generation before stays as it is.
 */
export function generationRules(wanted: number | undefined, context: CheckContext): Violation[] {
  const { previous } = context;
  const known = previous && (typeof previous["generation"] === "number" ? previous["generation"] : 1);
  if (wanted === undefined || known === undefined) return [];
  const reason = context.rotation
    ? reasonAgainstRotation(wanted, known, context)
    : reasonAgainstStep(wanted, known);
  return reason === undefined ? [] : [{ property: "generation", reason }];
}

function reasonAgainstStep(wanted: number, known: number): string | undefined {
  if (wanted === known || wanted === known + 1) return undefined;
  return `is ${known} now and cannot become ${wanted}: it may only rise by one at a time, to ${known + 1}, so that agents can move from one token to the next`;
}

/**
 * A check sees one of the two tokens, and its part tells the generation of the rotation: a token of generation 1 is the
 * current one of a rotation in generation 1, and the previous one of a rotation in generation 2. Where two tokens were
 * there, a wrong step changes one of them wrongly, which that one sees by its own generation. But from 1 to 3 the only
 * token rises by two as it should from 2, and from 2 to 1 the other one just leaves the program. There the former part
 * decides.
 */
function reasonAgainstRotation(
  wanted: number,
  known: number,
  { rotation, formerRotation }: CheckContext,
): string | undefined {
  const only =
    "of the RotatingPoolToken may only rise by one at a time, so that agents can move from one token to the next";
  if (wanted === known) {
    const endsRotation = wanted === 1 && rotation === "current" && formerRotation === "previous";
    return endsRotation
      ? `${only}: it cannot go back to 1, which would revoke the token of generation 2, which may be in use`
      : undefined;
  }
  if (rotation !== "current" || wanted !== known + 2 || formerRotation === "current") {
    return `${only}: this would replace the token of generation ${known}, which may be in use, by one of generation ${wanted}`;
  }
  if (formerRotation === undefined && known === 1) {
    return `${only}: state was written by an earlier version and does not tell whether it is 1 or 2 now. Run pulumi up with the generation of the last deployment first, which changes nothing, then raise it by one`;
  }
  return undefined;
}

import { topOf } from "../../resources/framework/changes";
import type { Difference, ResourceChange } from "../../resources/framework/handler";
import type { Lifecycle } from "../../resources/framework/lifecycle";
import { stableOutputs } from "./preview";
import { DiffChanges, DifferenceKind, type Response } from "./protocol";

/** A difference as the protocol has it. */
export function diffResponse(
  { definition }: Lifecycle,
  { changes, needsUpdate }: Difference,
): Response<"DiffResponse"> {
  const replaced = changes.filter(({ replaces }) => replaces);
  return {
    changes: changes.length > 0 || needsUpdate ? DiffChanges.some : DiffChanges.none,
    diffs: tops(changes),
    replaces: tops(replaced),
    stables: replaced.length === 0 ? stableOutputs(definition.outputs) : [],
    hasDetailedDiff: !needsUpdate || changes.length > 0,
    detailedDiff: detailedDiff(changes),
  };
}

/** Changes as the protocol has them, by path. They are told between inputs, which is what a user edits. */
export function detailedDiff(changes: readonly ResourceChange[]): Response<"DiffResponse">["detailedDiff"] {
  return Object.fromEntries(
    changes.map(({ path, kind, replaces }) => [
      path,
      { kind: DifferenceKind[replaces ? (`${kind}Replace` as const) : kind], inputDiff: true },
    ]),
  );
}

function tops(changes: readonly ResourceChange[]): string[] {
  return [...new Set(changes.map(({ path }) => topOf(path)))];
}

import { topOf } from "../../resources/framework/changes";
import type { Difference, ResourceChange } from "../../resources/framework/handler";
import type { Lifecycle } from "../../resources/framework/lifecycle";
import { stableOutputs } from "./preview";
import { DiffResponse, PropertyDiff } from "./protocol";

/** A difference as the protocol has it. */
export function diffResponse({ definition }: Lifecycle, { changes, needsUpdate }: Difference): DiffResponse {
  const response = new DiffResponse();
  const replaced = changes.filter(({ replaces }) => replaces);
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 || needsUpdate ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(tops(changes));
  response.setReplacesList(tops(replaced));
  if (replaced.length === 0) response.setStablesList(stableOutputs(definition.outputs));
  response.setHasdetaileddiff(!needsUpdate || changes.length > 0);
  for (const change of changes) response.getDetaileddiffMap().set(change.path, propertyDiff(change));
  return response;
}

/** One change as the protocol has it. Changes are told between inputs, which is what a user edits. */
export function propertyDiff({ kind, replaces }: ResourceChange): PropertyDiff {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  };
  const [plain, replacing] = kinds[kind] as [PropertyDiff.Kind, PropertyDiff.Kind];
  const difference = new PropertyDiff();
  difference.setKind(replaces ? replacing : plain);
  difference.setInputdiff(true);
  return difference;
}

function tops(changes: readonly ResourceChange[]): string[] {
  return [...new Set(changes.map(({ path }) => topOf(path)))];
}

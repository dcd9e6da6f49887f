import type { Lifecycle, LifecycleContext, Properties } from "../../resources/lifecycle";
import { replacedProperties } from "../properties";
import { changesBetween, type PropertyChange, topOf } from "./detailed-diff";
import { stableOutputs } from "./preview";
import { DiffResponse, PropertyDiff } from "./protocol";

/** A property that changes, and whether that makes a new resource. */
export interface ResourceChange extends PropertyChange {
  readonly replaces: boolean;
}

/**
 * What differs between the inputs of last time and those of now.
 * @param versions.before inputs of last time; where the engine does not say them, state holds them too.
 */
export function resourceChanges(
  lifecycle: Lifecycle,
  versions: { before: Properties | undefined; state: Properties; wanted: Properties },
  context: LifecycleContext,
): ResourceChange[] {
  const { state, wanted } = versions;
  const before = versions.before ?? inputsIn(lifecycle, state);
  const replaced = new Set(replacedProperties(lifecycle, state, wanted, context));
  const changes = changesBetween(before, wanted);
  // State can differ from the inputs of last time, as after an update that failed half way.
  const unseen = [...replaced].filter((key) => !changes.some(({ path }) => topOf(path) === key));
  return [...changes, ...unseen.map((path) => ({ path, kind: "update" as const }))].map((change) => ({
    ...change,
    replaces: replaced.has(topOf(change.path)),
  }));
}

/**
 * The changes as the protocol has them.
 * @param outdated the world asks for an update although no input changed.
 */
export function diffResponse(
  { definition }: Lifecycle,
  changes: readonly ResourceChange[],
  outdated = false,
): DiffResponse {
  const response = new DiffResponse();
  const replaced = changes.filter(({ replaces }) => replaces);
  response.setChanges(
    changes.length > 0 || outdated ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList(tops(changes));
  response.setReplacesList(tops(replaced));
  if (replaced.length === 0) response.setStablesList(stableOutputs(definition.outputs));
  response.setHasdetaileddiff(!outdated);
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

function tops(changes: readonly PropertyChange[]): string[] {
  return [...new Set(changes.map(({ path }) => topOf(path)))];
}

function inputsIn({ definition }: Lifecycle, state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key in definition.inputs.shape));
}

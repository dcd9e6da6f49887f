import type { ControlPlane, Freshness, Target, TargetFilter } from "../../control-planes/control-plane";
import type { InputsOf } from "../framework/definition";
import type { LifecycleContext } from "../framework/lifecycle";
import type { Claims } from "../ownership/claims";
import { identify } from "../targets/assigning";
import { inParallel } from "../targets/in-parallel";
import { isPattern, patternOf } from "../targets/pattern";
import { pluralOf, targetKinds, targetText } from "../targets/targets";
import type { stackPoolAssignments } from "./definition";

type Inputs = InputsOf<typeof stackPoolAssignments>;

/** One text of a selection, and what it selects by. */
export interface Selector {
  readonly kind: string;
  readonly by: "name" | "tag" | "project";
  readonly text: string;
  /** The list that it stands in, and its place there. */
  readonly property: string;
  readonly index: number;
}

/** The texts of a selection. */
export function selectorsOf(lists: Inputs["targets"]): Selector[] {
  return [...targetKinds.keys()].flatMap((kind) =>
    (
      [
        [pluralOf(kind), "name"],
        [`${kind}Tags`, "tag"],
        [`${kind}Projects`, "project"],
      ] as const
    ).flatMap(([property, by]) =>
      (lists[property] ?? []).map((text, index) => ({ kind, by, text, property, index })),
    ),
  );
}

/** What a selection stands for now. */
export interface Selected {
  /** Each target once, by its identity. */
  readonly targets: ReadonlyMap<string, Target>;
  /** Selectors that select nothing. */
  readonly empty: readonly Selector[];
}

/** Identity of a target within its control plane. */
export function identityOf({ kind, id }: Pick<Target, "kind" | "id">): string {
  return `${kind}:${id}`;
}

/**
 * Finds what names, patterns, tags and projects stand for now, less what is excluded.
 * @param known targets whose ids are known already, by {@link targetText}: plain names of them cost no request.
 * @param freshness of the lists that patterns, tags and projects are looked up in.
 */
export async function select(
  plane: ControlPlane,
  { targets, exclude = {} }: Pick<Inputs, "targets" | "exclude">,
  known: ReadonlyMap<string, Target> = new Map(),
  freshness: Freshness = {},
): Promise<Selected> {
  const isExcluded = exclusionOf(exclude);
  const listOf = listsOf(plane, freshness);
  const found = await inParallel(selectorsOf(targets), async (selector) => ({
    selector,
    selected: (await targetsOf(plane, selector, known, listOf)).filter((target) => !isExcluded(target)),
  }));
  const all = new Map<string, Target>();
  for (const target of found.flatMap(({ selected }) => selected)) all.set(identityOf(target), target);
  const empty = found
    .filter(({ selector, selected }) => selected.length === 0 && !isPlainName(selector))
    .map(({ selector }) => selector);
  return { targets: all, empty };
}

/** A selector in words. */
export function describeSelector({ property, index, text }: Selector): string {
  return `targets.${property}[${index}] ("${text}")`;
}

const told = new WeakMap<Claims, Set<string>>();

/** Warns of selectors that select nothing, once in a deployment: its preview part has warned already, most of the time. */
export function warnOfEmpty(
  { empty }: Selected,
  { claims, warn, subject }: Pick<LifecycleContext, "claims" | "warn" | "subject">,
): void {
  const known = told.get(claims) ?? new Set();
  told.set(claims, known);
  for (const selector of empty) {
    const text = `${subject}: ${describeSelector(selector)} selects nothing at present.`;
    if (!known.has(text)) warn(text);
    known.add(text);
  }
}

async function targetsOf(
  plane: ControlPlane,
  selector: Selector,
  known: ReadonlyMap<string, Target>,
  listOf: (kind: string, filter?: TargetFilter) => Promise<readonly Target[]>,
): Promise<readonly Target[]> {
  const { kind, by, text } = selector;
  if (by !== "name") return listOf(kind, { [by]: text });
  if (isPattern(text)) {
    const pattern = patternOf(text);
    return (await listOf(kind)).filter(({ name }) => pattern.test(name));
  }
  const target = known.get(targetText({ kind, name: text }));
  if (target) return [target];
  const found = await identify(plane, { kind, name: text });
  // What is not there is kept under its name: the assignment then fails and says so.
  return [found ?? { kind, id: text, name: text }];
}

/** Lists of targets, each asked for once however many patterns are looked up in it. */
function listsOf(plane: ControlPlane, freshness: Freshness) {
  const lists = new Map<string, Promise<readonly Target[]>>();
  return (kind: string, filter: TargetFilter = {}) => {
    const key = JSON.stringify([kind, filter]);
    const list = lists.get(key) ?? plane.assignments.list(kind, filter, freshness);
    lists.set(key, list);
    return list;
  };
}

/** Whether the selector is a name, and neither a pattern nor a filter. */
export function isPlainName({ by, text }: Selector): boolean {
  return by === "name" && !isPattern(text);
}

function exclusionOf(exclude: NonNullable<Inputs["exclude"]>): (target: Target) => boolean {
  const rules = selectorsOf(exclude).map(({ kind, text }) => ({ kind, pattern: patternOf(text) }));
  return ({ kind, id, name }) =>
    rules.some((rule) => rule.kind === kind && (rule.pattern.test(name) || rule.pattern.test(id)));
}

import { type Action, actionsOf, type History, type StrangerAct } from "./history.ts";
import { keyOf, type PlaneKind, type Side, targets } from "./organization.ts";
import {
  type Declaration,
  defaultsOf,
  faultOf,
  holdersOf,
  isSameResource,
  type Program,
  poolsOf,
} from "./program.ts";

/** What may be true of one deployment: an operation that was cut has done any part of its program. */
export interface Possible {
  /** The programs of which something may be there; the last one is what the last operation wanted. */
  readonly programs: readonly Program[];
}

/** What is known of the organization between two steps. */
export interface Standing {
  readonly possible: Record<Side, Possible>;
  /** Keys of the targets that the stranger has. */
  readonly taken: ReadonlySet<string>;
  /** Planes whose default the stranger has set. */
  readonly defaults: ReadonlySet<PlaneKind>;
}

/** Nothing is declared, and the stranger has what is its own from the beginning. */
export function beginning(): Standing {
  const taken = new Set(targets.filter(({ group }) => group === "ops").map(keyOf));
  return { possible: { first: { programs: [[]] }, second: { programs: [[]] } }, taken, defaults: new Set() };
}

/**
 * Why a deployment may not go on to this program; undefined where it may. A target, or a default, of which the product cannot
 * know that it was ours is not asked for: neither its former pool nor the resource that gave it to that pool is in the
 * program, and in those that were deployed in part since.
 */
export function refusalOf(
  { possible, taken, defaults }: Standing,
  side: Side,
  next: Program,
): string | undefined {
  const fault = faultOf(next);
  if (fault !== undefined) return fault;
  const { programs } = possible[side];
  for (const target of holdersOf(next).keys()) {
    if (taken.has(target)) return `the stranger has ${target}`;
    const lost = isLost(programs, next, (program) => holdersOf(program).get(target) ?? []);
    if (lost) return `${target} leaves a pool that is not declared any more`;
  }
  for (const { plane } of defaultsOf(next)) {
    if (defaults.has(plane)) return `the stranger has set the default of ${plane}`;
    const lost = isLost(programs, next, (program) =>
      defaultsOf(program).filter((each) => each.plane === plane),
    );
    if (lost) return `the default of ${plane} leaves a pool that is not declared any more`;
  }
  return undefined;
}

/** A declaration that gives targets, or the default, to a pool. */
type Holder = Extract<Declaration, { pool: string }>;

/** Whether one of the programs may have left a thing at a pool of which the next one cannot tell that it was ours. */
function isLost(
  programs: readonly Program[],
  next: Program,
  holdersIn: (program: Program) => readonly Holder[],
): boolean {
  return programs.some((program, index) =>
    holdersIn(program).some((before) => {
      const pool = poolsOf(program).find(({ key }) => key === before.pool);
      if (pool && poolsOf(next).some((now) => isSameResource(pool, now))) return false;
      const later = [...programs.slice(index + 1), next];
      return !later.every((each) => each.some((now) => isSameResource(before, now)));
    }),
  );
}

/**
 * Why the stranger may not do this. What is declared it leaves alone; while deployments are under way, also what one
 * of them may be about to give back.
 */
export function refusalOfAct(
  { possible, taken, defaults }: Standing,
  act: StrangerAct,
  next: Readonly<Record<Side, Program>>,
  isMeanwhile: boolean,
): string | undefined {
  const wanted = Object.values(next);
  const touched = isMeanwhile
    ? [...wanted, ...Object.values(possible).flatMap(({ programs }) => programs)]
    : wanted;
  switch (act.kind) {
    case "take":
      if (taken.has(keyOf(act.target))) return "the stranger has it already";
      return touched.some((program) => holdersOf(program).has(keyOf(act.target)))
        ? "it is declared"
        : undefined;
    case "release":
      if (!taken.has(keyOf(act.target))) return "the stranger does not have it";
      return isMeanwhile && wanted.some((program) => holdersOf(program).has(keyOf(act.target)))
        ? "it is declared"
        : undefined;
    case "share":
      // The vendor's API takes whole lists and no condition: of two who write at once, one is lost whatever anybody does.
      return isMeanwhile ? "nobody could tell" : undefined;
    case "default":
      if (act.isSet === defaults.has(act.plane)) return "it is so already";
      if (!act.isSet && !isMeanwhile) return undefined;
      return touched.some((program) => defaultsOf(program).some(({ plane }) => plane === act.plane))
        ? "the default is declared"
        : undefined;
    default:
      return undefined;
  }
}

/** What is known after the acts and programs of a step. */
export function after(standing: Standing, step: History["steps"][number]): Standing {
  const taken = new Set(standing.taken);
  const defaults = new Set(standing.defaults);
  for (const { act } of step.stranger) {
    if (act.kind === "take") taken.add(keyOf(act.target));
    if (act.kind === "release") taken.delete(keyOf(act.target));
    if (act.kind === "default" && act.isSet) defaults.add(act.plane);
    if (act.kind === "default" && !act.isSet) defaults.delete(act.plane);
  }
  const possible = { ...standing.possible };
  for (const [side, action] of actionsOf(step)) {
    if (action.kind === "refresh") continue;
    const before = possible[side].programs;
    possible[side] = { programs: action.cut ? [...before, action.program] : [action.program] };
  }
  return { possible, taken, defaults };
}

/** What a history asks for that it may not; undefined for a legal one. It ends with operations that are not cut. */
export function illegalityOf({ steps }: Pick<History, "steps">): string | undefined {
  let standing = beginning();
  const deployed = new Set<Side>();
  for (const [index, step] of steps.entries()) {
    const next = wantedAfter(standing, step);
    let acted = standing;
    for (const entry of step.stranger) {
      const refusal = refusalOfAct(acted, entry.act, next, entry.afterResources !== undefined);
      if (refusal) return `step ${index + 1}, stranger: ${refusal}`;
      acted = after(acted, { stranger: [entry] });
    }
    if (step.first && step.second && (strikesOthers(step.first) || strikesOthers(step.second))) {
      return `step ${index + 1}: the fault would strike both deployments`;
    }
    for (const [side, action] of actionsOf(step)) {
      if (action.kind === "up") deployed.add(side);
      if (!deployed.has(side)) return `step ${index + 1}, ${side}: there is nothing to refresh`;
      const refusal = action.kind === "up" ? refusalOf(acted, side, action.program) : undefined;
      if (refusal) return `step ${index + 1}, ${side}: ${refusal}`;
    }
    standing = after(standing, step);
  }
  return isSettled(standing) ? undefined : "an operation that was cut is the last one";
}

/** Whether an action comes with faults: they strike whoever makes a request. */
export function strikesOthers(action: Action | undefined): boolean {
  return action?.kind === "up" && action.cut?.kind === "fault";
}

/** What both deployments want once a step is over. */
export function wantedAfter(
  { possible }: Standing,
  step: Pick<History["steps"][number], Side>,
): Record<Side, Program> {
  const wanted = (side: Side): Program => {
    const action = step[side];
    return action?.kind === "up" ? action.program : (possible[side].programs.at(-1) ?? []);
  };
  return { first: wanted("first"), second: wanted("second") };
}

/** Whether everything that is wanted must also be so. */
export function isSettled({ possible }: Standing): boolean {
  return possible.first.programs.length === 1 && possible.second.programs.length === 1;
}

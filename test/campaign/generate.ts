import type { Action, Cut, History, Step, StrangerAct } from "./history.ts";
import type { MutationContext } from "./mutation-tools.ts";
import { mutations } from "./mutations.ts";
import { type PlaneKind, planes, type Side, targets } from "./organization.ts";
import { plainMutations } from "./plain-mutations.ts";
import type { Program } from "./program.ts";
import { Random } from "./random.ts";
import {
  after,
  beginning,
  isSettled,
  refusalOf,
  refusalOfAct,
  type Standing,
  strikesOthers,
  wantedAfter,
} from "./rules.ts";

/** What histories may have in them. */
export interface Scope {
  /** Names of {@link mutations}. @default all */
  readonly mutations?: readonly string[];
  /** Operations that are cut. @default true */
  readonly cuts?: boolean;
  /** Refreshes. @default true */
  readonly refreshes?: boolean;
  /** A second deployment beside the first. @default true */
  readonly second?: boolean;
  /** A pool of the stranger's, given by its id, that both deployments use. @default true */
  readonly sharedPools?: boolean;
  /** Somebody else in the same organization. @default true */
  readonly stranger?: boolean;
}

/** The history of a seed: three to six steps, of which the last one is not cut. */
export function generate(seed: number, scope: Scope = {}): History {
  const random = new Random(seed);
  // Most defects need one plane only, and a history on fewer planes is a faster one.
  const chosen = random.some(planes, random.pick([1, 1, 1, 2, 3]) ?? 1);
  let names = 0;
  const context = (side: Side): MutationContext => ({
    random,
    side,
    planes: chosen,
    sharesPools: scope.sharedPools !== false,
    newName: (what) => `${side}-${what}-${++names}`,
  });
  const length = random.between(3, 6);
  const hasSecond = scope.second !== false && random.chance(0.6);
  const steps: Step[] = [];
  let standing = beginning();
  for (let number = 1; number <= length || !isSettled(standing); number++) {
    const isLast = number >= length;
    const stranger = scope.stranger !== false ? strangerActs(standing, random, chosen) : [];
    const step = stepFrom(standing, { random, context, stranger, isLast, hasSecond, scope });
    steps.push(step);
    standing = after(standing, step);
  }
  return { seed, steps };
}

interface StepChoices {
  readonly random: Random;
  readonly context: (side: Side) => MutationContext;
  readonly stranger: Step["stranger"];
  readonly isLast: boolean;
  readonly hasSecond: boolean;
  readonly scope: Scope;
}

function stepFrom(standing: Standing, choices: StepChoices): Step {
  const { random, context, stranger, isLast, hasSecond, scope } = choices;
  // What the stranger does before the step is known when the programs are changed.
  const before = stranger.filter(({ afterResources }) => afterResources === undefined);
  const known = after(standing, { stranger: before });
  const actionOf = (side: Side): Action => {
    const current = standing.possible[side].programs.at(-1) ?? [];
    if (!isLast && scope.refreshes !== false && current.length > 0 && random.chance(0.12))
      return { kind: "refresh" };
    const { program, changes } = changed(current, known, side, context(side), scope);
    const cut = !isLast && scope.cuts !== false && random.chance(0.25) ? anyCut(random) : undefined;
    const refresh = scope.refreshes !== false && random.chance(0.1);
    return { kind: "up", program, changes, ...(refresh && { refresh }), ...(cut && { cut }) };
  };
  const firstActs = !hasSecond || isLast || random.chance(0.8);
  const secondActs = hasSecond && (isLast || !firstActs || random.chance(0.6));
  const first = firstActs ? actionOf("first") : undefined;
  const second = secondActs && !strikesOthers(first) ? actionOf("second") : undefined;
  const step: Step = {
    ...(first && !strikesOthers(second) && { first }),
    ...(second && { second }),
    stranger: [],
  };
  return { ...step, stranger: permitted(standing, step, stranger) };
}

/** The acts of the stranger that what the deployments do leaves open. */
function permitted(
  standing: Standing,
  step: Step,
  acts: Step["stranger"],
  next = wantedAfter(standing, step),
): Step["stranger"] {
  const kept: Step["stranger"][number][] = [];
  let acted = standing;
  for (const entry of acts) {
    if (refusalOfAct(acted, entry.act, next, entry.afterResources !== undefined)) continue;
    kept.push(entry);
    acted = after(acted, { stranger: [entry] });
  }
  return kept;
}

/** A program changed a few times; the first one of a stack is built up from nothing. */
function changed(
  current: Program,
  standing: Standing,
  side: Side,
  context: MutationContext,
  scope: Scope,
): { program: Program; changes: string[] } {
  const { random } = context;
  const isNew = current.length === 0;
  const wanted = isNew ? random.between(5, 9) * Math.min(context.planes.length, 2) : random.between(1, 4);
  const additions = ["add a pool", "add a single assignment", "add a set", "add a set", "add a default"];
  const names = isNew ? additions : (scope.mutations ?? Object.keys(mutations));
  const changes: string[] = [];
  let program = isNew ? startOf(context) : current;
  for (let attempt = 0; attempt < wanted * 6 && changes.length < wanted; attempt++) {
    const name = random.pick(names) ?? "";
    if (name === "remove everything" && !random.chance(0.3)) continue;
    const next = (mutations[name] ?? plainMutations["re-order"])?.(program, context);
    if (next === undefined || refusalOf(standing, side, next)) continue;
    program = next;
    changes.push(name);
  }
  return refusalOf(standing, side, program) ? { program: current, changes: [] } : { program, changes };
}

/** A pool on each plane. */
function startOf(context: MutationContext): Program {
  return context.planes.flatMap((plane) => {
    const name = context.newName(`pool-${plane.slice(0, 1)}`);
    return [{ type: "pool" as const, key: name, plane, name, aliases: [] }];
  });
}

function anyCut(random: Random): Cut {
  if (random.chance(0.5)) return { kind: "cancel", afterResources: random.between(1, 8) };
  const fault = random.pick([
    "forbidden",
    "forbidden",
    "unavailable",
    "lost-request",
    "lost-answer",
  ] as const);
  const times = fault === "forbidden" && random.chance(0.5) ? undefined : 1;
  return {
    kind: "fault",
    fault: fault ?? "forbidden",
    afterRequests: random.between(0, 10),
    ...(times !== undefined && { times }),
  };
}

/** What the stranger may want to do: first what is before the step, and nothing twice. */
function strangerActs(standing: Standing, random: Random, chosen: readonly PlaneKind[]): Step["stranger"] {
  const count = random.pick([0, 0, 1, 1, 2, 3]) ?? 0;
  const wanted = Array.from({ length: count }, (_, index) => {
    const act = anyAct(standing, random, chosen, index);
    return random.chance(0.5) ? { act } : { act, afterResources: random.between(1, 6) };
  });
  const inOrder = wanted.sort((one, other) => (one.afterResources ?? 0) - (other.afterResources ?? 0));
  return permitted(standing, { stranger: [] }, inOrder, { first: [], second: [] });
}

function anyAct(
  standing: Standing,
  random: Random,
  chosen: readonly PlaneKind[],
  index: number,
): StrangerAct {
  const plane = random.pick(chosen) ?? "pulumi-cloud";
  const onPlane = targets.filter((target) => target.plane === plane);
  const any = random.pick(onPlane) as (typeof targets)[number];
  const ops = onPlane.filter(({ group, kind }) => group === "ops" && kind === "workspace");
  const shared = random.pick(ops);
  switch (random.between(0, 6)) {
    case 0:
      return { kind: "make-pool", plane, name: `stranger-${random.between(1000, 9999)}-${index}` };
    case 1:
      return { kind: "release", target: any };
    case 2:
      if (shared) return { kind: "share", target: shared };
      break;
    case 3:
      if (plane !== "env-zero") return { kind: "default", plane, isSet: !standing.defaults.has(plane) };
      break;
    default:
      break;
  }
  return { kind: "take", target: any };
}

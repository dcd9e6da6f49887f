import type { Action, History, Step } from "./history.ts";
import { planes } from "./organization.ts";
import type { Program } from "./program.ts";
import { illegalityOf } from "./rules.ts";
import type { Failure } from "./run-history.ts";

/** A history that still fails, and how. */
export interface Shrunk {
  readonly steps: readonly Step[];
  readonly failure: Failure;
}

/**
 * Leaves out what a failure does not need: steps, one deployment, what the stranger does, cuts, whole planes, single
 * resources. Each attempt is played; at most so many.
 */
export async function shrink(
  history: Pick<History, "steps">,
  failure: Failure,
  play: (history: Pick<History, "steps">) => Promise<Failure | undefined>,
  attempts = 60,
): Promise<Shrunk> {
  let best: Shrunk = { steps: history.steps, failure };
  let left = attempts;
  for (let hasImproved = true; hasImproved && left > 0; ) {
    hasImproved = false;
    for (const steps of smaller(best.steps)) {
      if (left <= 0) break;
      if (illegalityOf({ steps })) continue;
      left--;
      const found = await play({ steps });
      if (found === undefined) continue;
      best = { steps, failure: found };
      hasImproved = true;
      break;
    }
  }
  return best;
}

/** Smaller histories, the ones that leave out most first. */
function* smaller(steps: readonly Step[]): Generator<readonly Step[]> {
  for (let index = 0; index < steps.length; index++) yield steps.filter((_, other) => other !== index);
  for (const side of ["first", "second"] as const) {
    if (!steps.some((step) => step[side])) continue;
    yield steps.map(({ [side]: _, ...step }) => step as Step);
  }
  if (steps.some(({ stranger }) => stranger.length > 0))
    yield steps.map((step) => ({ ...step, stranger: [] }));
  for (const plane of planes) {
    if (!programsOf(steps).some((program) => program.some((one) => one.plane === plane))) continue;
    yield mapPrograms(steps, (program) => program.filter((one) => one.plane !== plane));
  }
  if (actions(steps).some((action) => action.kind === "up" && action.cut)) {
    yield mapActions(steps, ({ cut: _, ...action }) => action);
  }
  for (const key of new Set(programsOf(steps).flatMap((program) => program.map((one) => one.key)))) {
    yield mapPrograms(steps, (program) => program.filter((one) => one.key !== key));
  }
  for (const [index, step] of steps.entries()) {
    for (const act of step.stranger) {
      const stranger = step.stranger.filter((other) => other !== act);
      yield steps.map((other, place) => (place === index ? { ...step, stranger } : other));
    }
  }
}

type Up = Extract<Action, { kind: "up" }>;

function mapActions(steps: readonly Step[], change: (action: Up) => Action): Step[] {
  const changed = (action: Action) => (action.kind === "up" ? change(action) : action);
  return steps.map((step) => ({
    ...step,
    ...(step.first && { first: changed(step.first) }),
    ...(step.second && { second: changed(step.second) }),
  }));
}

function mapPrograms(steps: readonly Step[], change: (program: Program) => Program): Step[] {
  return mapActions(steps, (action) => ({ ...action, program: change(action.program) }));
}

function actions(steps: readonly Step[]): Action[] {
  return steps.flatMap(({ first, second }) => [first, second]).filter((action) => action !== undefined);
}

function programsOf(steps: readonly Step[]): Program[] {
  return actions(steps).flatMap((action) => (action.kind === "up" ? [action.program] : []));
}

import type { ResourceState } from "../deployment.ts";
import { DependencyGraph } from "./dependency-graph.ts";
import { Abort, type Operation } from "./operation.ts";
import type { Step } from "./step.ts";
import type { StepExecutor } from "./step-executor.ts";
import type { StepGenerator } from "./step-generator.ts";

/** Deletes what the program has no more, and what was replaced, everything before what it depends on. */
export async function deleteLeftOvers(
  operation: Operation,
  generator: StepGenerator,
  executor: StepExecutor,
): Promise<void> {
  const { setup } = operation;
  const { kept, steps } = leftOvers(operation, generator);
  refuseUnspecified(operation, generator, steps);
  for (const step of steps) {
    await setup.providers.ensure(step.old?.provider, setup.previous);
  }
  if (kept.length > 0) {
    await executor.execute(kept);
  }
  const failed = new Set<ResourceState>();
  for (const wave of waves(operation, steps)) {
    for (const { old } of executor.failedSteps) {
      for (const needed of old === undefined ? [] : operation.graph.transitiveDependenciesOf(old)) {
        failed.add(needed);
      }
    }
    if (executor.isStopped) {
      return;
    }
    await executor.executeAll(wave.filter(({ old }) => old !== undefined && !failed.has(old)));
  }
}

function leftOvers(operation: Operation, generator: StepGenerator): { kept: Step[]; steps: Step[] } {
  const { previous } = operation.setup;
  const allowed = allowedUrns(operation);
  const present = (urn: string) => generator.aliases.presentUrns.get(urn) ?? urn;
  const deletedUrns = new Set<string>();
  const kept: Step[] = [];
  const steps: Step[] = [];
  for (const old of previous) {
    const isOperatedOn = generator.operatedOn.has(present(old.urn));
    if (allowed !== undefined && !allowed.has(old.urn)) {
      if (!isOperatedOn) {
        kept.push({ op: "same", urn: old.urn, old, next: { ...old }, untargeted: true });
      }
    } else if (old.delete) {
      if (!generator.replacement.deletedStates.has(old)) {
        deletedUrns.add(old.urn);
        const op = old.external ? "discard-replaced" : "delete-replaced";
        steps.push({ op, urn: old.urn, old, deletedUrns });
      }
    } else if (!isOperatedOn) {
      deletedUrns.add(old.urn);
      const isGone = old.pendingReplacement === true || generator.replacement.deletedStates.has(old);
      const op = isGone ? "remove-pending-replace" : old.external ? "discard" : "delete";
      steps.push({ op, urn: old.urn, old, deletedUrns });
    }
  }
  return { kept, steps };
}

/** With targets: the targets and everything that cannot stay without them. */
function allowedUrns(operation: Operation): ReadonlySet<string> | undefined {
  if (!operation.isTargeted) {
    return undefined;
  }
  const { previous, options } = operation.setup;
  const targets = previous.filter(({ urn }) => options.targets?.includes(urn));
  const dependents = targets.flatMap((target) => operation.graph.dependingOn(target, new Set(), true));
  return new Set([...targets, ...dependents].map(({ urn }) => urn));
}

function refuseUnspecified(operation: Operation, generator: StepGenerator, steps: readonly Step[]): void {
  const { options, reporter, dryRun } = operation.setup;
  if (!operation.isTargeted || options.targetDependents) {
    return;
  }
  const unspecified = steps.filter(({ urn }) => !options.targets?.includes(urn));
  for (const { urn } of unspecified) {
    reporter.error(`Resource '${urn}' will be destroyed but was not specified in the target list.`, urn);
    generator.sawError = true;
  }
  if (unspecified.length > 0 && !dryRun) {
    throw new Abort("delete untargeted resource");
  }
}

/** Deletions in waves: nothing is in a wave before or together with what depends on it. */
function waves(operation: Operation, steps: readonly Step[]): Step[][] {
  const graph = new DependencyGraph(operation.setup.previous);
  const open = new Map(steps.map((step) => [step.old as ResourceState, step]));
  const result: Step[][] = [];
  while (open.size > 0) {
    const free = [...open].filter(
      ([old]) => ![...graph.dependenciesOf(old)].some((needed) => open.has(needed)),
    );
    for (const [old] of free) {
      open.delete(old);
    }
    result.unshift(free.map(([, step]) => step));
  }
  return result;
}

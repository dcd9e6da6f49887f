import type { PropertyMap, ResourceState } from "../deployment.ts";
import { isProviderType, makeUrn, parseProviderReference, STACK_TYPE } from "../urn.ts";
import { Aliases } from "./aliases.ts";
import { requirementsOf } from "./dependency-graph.ts";
import {
  applyIgnoreChanges,
  applyReplaceOnChanges,
  completeUnknownDiff,
  type DiffResult,
  isReplace,
  NO_DIFF,
  replaceBecauseOf,
} from "./diff.ts";
import type { Goal } from "./goal.ts";
import { newState } from "./new-state.ts";
import { Abort, type Operation } from "./operation.ts";
import { equalValues } from "./property-values.ts";
import type { CheckResult } from "./provider-check.ts";
import { Replacement } from "./replacement.ts";
import type { Step } from "./step.ts";
import type { StepExecutor } from "./step-executor.ts";

/** What is known about a registration while its steps are worked out. */
export interface Registration {
  urn: string;
  goal: Goal;
  old?: ResourceState;
  next: ResourceState;
}

/** Turns what the program wants into steps: by asking the provider for defaults and differences, one resource at a time. */
export class StepGenerator {
  readonly aliases: Aliases;
  /** URNs registered or read so far. */
  readonly seen = new Set<string>();
  /** What the program has had something happen to, so that it is not deleted at the end. */
  readonly operatedOn = new Set<string>();
  readonly skippedCreates = new Set<string>();
  readonly replacement: Replacement;
  /** Something was reported that makes the operation fail in the end. */
  sawError = false;
  private readonly operation: Operation;
  private readonly executor: StepExecutor;
  private readonly targeted: Set<string>;

  constructor(operation: Operation, executor: StepExecutor) {
    this.operation = operation;
    this.executor = executor;
    this.aliases = new Aliases(operation);
    this.replacement = new Replacement(operation, this.operatedOn);
    this.targeted = new Set(operation.setup.options.targets);
  }

  /** Works out the steps for one registration. */
  async generate(goal: Goal): Promise<Step[]> {
    const registration = this.register(goal);
    const steps = await this.stepsFor(registration);
    this.refuseSkippedDependencies(steps);
    return steps;
  }

  /** Works out the steps for a resource that is only read. */
  generateRead(goal: Goal, id: string): Step[] {
    const { urn, next } = this.register(goal);
    const old = this.operation.olds.get(urn);
    next.id = id;
    next.external = true;
    next.propertyDependencies = undefined;
    next.created = old?.created;
    next.modified = old?.modified;
    this.operatedOn.add(urn);
    if (old !== undefined && !old.external && old.id !== id) {
      return [
        { op: "read-replacement", urn, old, next },
        { op: "replace", urn, old, next },
      ];
    }
    return [{ op: "read", urn, old, next }];
  }

  private register(goal: Goal): Registration {
    const { stack, project } = this.operation.setup;
    if (goal.parent !== undefined && !this.seen.has(goal.parent)) {
      throw new Error(`could not find parent resource ${goal.parent}`);
    }
    const urn = makeUrn(stack, project, goal.parent, goal.type, goal.name);
    if (this.seen.has(urn)) {
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    this.seen.add(urn);
    const { old, alias } = this.aliases.findOld(urn, goal, this.seen);
    this.operation.goals.set(urn, goal);
    return { urn, goal, old, next: newState(urn, goal, old, alias) };
  }

  private async stepsFor(registered: Registration): Promise<Step[]> {
    const registration = await this.importFirst(registered);
    const { urn, goal, old, next } = registration;
    const isTargeted = isProviderType(goal.type) || goal.type === STACK_TYPE || this.isTargeted(next);
    if (!isTargeted) {
      return this.leaveAlone(registration);
    }
    if (this.operation.isTargeted && this.isTargeted(next)) {
      this.targeted.add(urn);
    }
    const recreating = this.replacement.isDeleted(urn);
    const fresh = old === undefined || recreating || old.external === true || this.isReplaceTarget(urn);
    const { inputs: wanted, impossible } = applyIgnoreChanges(
      goal.properties,
      old?.inputs ?? {},
      old ? goal.ignoreChanges : [],
    );
    if (impossible.length > 0) {
      const message = `cannot ignore changes in added or removed elements of the path: "${impossible.join(", ")}"`;
      this.operation.setup.reporter.diagnostic({ severity: "info", message, urn });
    }
    next.inputs = fresh
      ? await this.check(registration, {}, goal.properties)
      : await this.check(registration, old.inputs ?? {}, wanted);
    if (old === undefined) {
      this.operatedOn.add(urn);
      return [{ op: "create", urn, next }];
    }
    if (recreating) {
      this.operatedOn.add(urn);
      return this.replacement.recreate({ ...registration, old });
    }
    if (old.external) {
      this.operatedOn.add(urn);
      return [
        { op: "create-replacement", urn, old, next, deletesOldLater: true },
        { op: "replace", urn, old, next },
      ];
    }
    const diff = await this.diff({ ...registration, old });
    // While the provider thought about it, another resource may have taken this one away.
    if (this.replacement.isDeleted(urn)) {
      this.operatedOn.add(urn);
      return this.replacement.recreate({ ...registration, old });
    }
    return await this.stepsFromDiff({ ...registration, old }, diff);
  }

  private async stepsFromDiff(
    registration: Registration & { old: ResourceState },
    diff: DiffResult,
  ): Promise<Step[]> {
    const { urn, goal, old, next } = registration;
    this.operatedOn.add(urn);
    if (old.pendingReplacement || (diff.changes === "some" && isReplace(diff))) {
      this.refuseReplacement(registration);
      if (!this.isReplaceTarget(urn)) {
        // What the old resource had as defaults does not carry over to a new one.
        next.inputs = await this.check(registration, {}, goal.properties);
      }
      return await this.replacement.steps(registration, diff);
    }
    if (diff.changes === "some" || (old.initErrors ?? []).length > 0) {
      return [{ op: "update", urn, old, next, diff, ignoreChanges: goal.ignoreChanges }];
    }
    return [{ op: "same", urn, old, next }];
  }

  /** A resource with an import id that is not the one in state is read first: what was read is the old state then. */
  private async importFirst(registration: Registration): Promise<Registration> {
    const { urn, goal, old, next } = registration;
    const { importId } = goal;
    if (
      !goal.custom ||
      importId === undefined ||
      (old && !old.external && (old.importID ?? old.id) === importId)
    ) {
      return registration;
    }
    const imported = { ...next };
    const isReplacement = old !== undefined && !this.replacement.isDeleted(urn);
    this.operatedOn.add(urn);
    await this.executor.execute(
      isReplacement
        ? [
            { op: "import-replacement", urn, old, next: imported, registered: true },
            { op: "replace", urn, old, next: imported },
          ]
        : [{ op: "import", urn, next: imported, registered: true }],
    );
    return { ...registration, old: imported };
  }

  private async check(
    { urn, goal, next }: Registration,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<PropertyMap> {
    if (!goal.custom) {
      return news;
    }
    const { providers, reporter } = this.operation.setup;
    let result: CheckResult;
    if (isProviderType(goal.type)) {
      result = await providers.check(urn, olds, news);
    } else {
      result = await (await providers.get(next.provider ?? "")).check(urn, olds, news);
    }
    for (const { property, reason } of result.failures) {
      const where = property === "" ? "" : ` property "${property}"`;
      reporter.error(`${goal.type} resource '${goal.name}'${where} has a problem: ${reason}`, urn);
    }
    if (result.failures.length > 0) {
      throw new Abort(`resource ${urn} is invalid`);
    }
    return result.inputs;
  }

  private async diff({ urn, goal, old, next }: Registration & { old: ResourceState }): Promise<DiffResult> {
    const diff = await this.rawDiff({ urn, goal, old, next });
    return applyReplaceOnChanges(diff, goal.replaceOnChanges, (old.initErrors ?? []).length > 0);
  }

  private async rawDiff({
    urn,
    goal,
    old,
    next,
  }: Registration & { old: ResourceState }): Promise<DiffResult> {
    if (this.isReplaceTarget(urn)) {
      return replaceBecauseOf("id");
    }
    if (goal.replaceWith.some((other) => this.replacement.isReplaced(other))) {
      return replaceBecauseOf("replaceWith");
    }
    if (goal.deletedWith !== undefined && this.replacement.isReplaced(goal.deletedWith)) {
      return replaceBecauseOf("deletedWith");
    }
    if (await this.hasOtherProvider(old, next)) {
      return replaceBecauseOf("provider");
    }
    const olds = { inputs: old.inputs ?? {}, outputs: old.outputs ?? {} };
    const news = next.inputs ?? {};
    if (!goal.custom) {
      return equalValues(olds.inputs, news) ? NO_DIFF : { ...NO_DIFF, changes: "some" };
    }
    const { providers } = this.operation.setup;
    if (isProviderType(goal.type)) {
      return await providers.diff(old, news);
    }
    const provider = await providers.get(next.provider ?? "");
    const diff = await provider.diff(urn, old.id ?? "", olds, news, goal.ignoreChanges);
    return completeUnknownDiff(diff, olds.inputs, news, goal.ignoreChanges);
  }

  /** Whether another provider would not be able to manage what the old one made. */
  private async hasOtherProvider(old: ResourceState, next: ResourceState): Promise<boolean> {
    if (old.provider === next.provider) {
      return false;
    }
    if (old.provider === undefined || next.provider === undefined) {
      return true;
    }
    const oldUrn = parseProviderReference(old.provider).urn;
    const newUrn = parseProviderReference(next.provider).urn;
    const oldProvider = this.operation.olds.get(oldUrn);
    const newProvider = this.operation.news.get(newUrn);
    if (
      this.aliases.presentUrns.get(oldUrn) === newUrn ||
      oldProvider === undefined ||
      newProvider === undefined
    ) {
      return false;
    }
    const provider = await this.operation.setup.providers.get(next.provider);
    return isReplace(await provider.configuration.diff(newUrn, oldProvider, newProvider.inputs ?? {}));
  }

  private isReplaceTarget(urn: string): boolean {
    return (this.operation.setup.options.replace ?? []).includes(urn);
  }

  private isTargeted(next: ResourceState): boolean {
    const { targets = [], targetDependents } = this.operation.setup.options;
    if (!this.operation.isTargeted || targets.includes(next.urn)) {
      return true;
    }
    return targetDependents === true && requirementsOf(next).some((urn) => this.targeted.has(urn));
  }

  private leaveAlone({ urn, old, next }: Registration): Step[] {
    this.operatedOn.add(urn);
    if (old === undefined) {
      this.skippedCreates.add(urn);
      return [{ op: "same", urn, next, skippedCreate: true }];
    }
    return [
      ...this.unseenRequirements(old),
      { op: "same", urn, old, next: { ...old, urn }, untargeted: true },
    ];
  }

  /** What an untargeted resource depends on and the program has no more must come before it in state all the same. */
  private unseenRequirements(resource: ResourceState): Step[] {
    return requirementsOf(resource).flatMap((urn): Step[] => {
      const old = this.operation.olds.get(urn);
      if (old === undefined || this.seen.has(urn) || this.operatedOn.has(urn)) {
        return [];
      }
      this.operatedOn.add(urn);
      return [...this.unseenRequirements(old), { op: "same", urn, old, next: { ...old }, untargeted: true }];
    });
  }

  private refuseSkippedDependencies(steps: readonly Step[]): void {
    for (const { urn, next, skippedCreate } of steps) {
      const skipped =
        next && !skippedCreate && requirementsOf(next).find((other) => this.skippedCreates.has(other));
      if (skipped) {
        this.fail(
          urn,
          `Resource '${urn}' depends on '${skipped}' which was not specified in the target list.`,
        );
      }
    }
  }

  private refuseReplacement({ urn, goal, old, next }: Registration & { old: ResourceState }): void {
    if (next.protect && old.protect) {
      this.fail(
        urn,
        `unable to replace resource "${urn}"\nas it is currently marked for protection. Remove \`protect\` in the ` +
          "program, run an update, and change the resource then",
      );
    }
    if (goal.importId !== undefined) {
      this.fail(urn, `unable to replace resource "${urn}": it has an \`import\` id still; remove the option`);
    }
  }

  /** Reports an error; a preview goes on, to show all of them. */
  private fail(urn: string, message: string): void {
    this.operation.setup.reporter.error(message, urn);
    this.sawError = true;
    if (!this.operation.setup.dryRun) {
      throw new Abort(message);
    }
  }
}

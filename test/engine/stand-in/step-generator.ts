import type { PropertyMap } from "../deployment.ts";
import { isProviderType, makeUrn } from "../urn.ts";
import { Aliases } from "./aliases.ts";
import { Comparison } from "./comparison.ts";
import { applyIgnoreChanges, type DiffResult, isReplace } from "./diff.ts";
import type { Goal } from "./goal.ts";
import { newState } from "./new-state.ts";
import { Abort, type Operation } from "./operation.ts";
import type { CheckResult } from "./provider-check.ts";
import type { KnownRegistration, Registration } from "./registration.ts";
import { Replacement } from "./replacement.ts";
import type { Step } from "./step.ts";
import type { StepExecutor } from "./step-executor.ts";
import { Targets } from "./targets.ts";

/** Turns what the program wants into steps: by asking the provider for defaults and differences, one resource at a time. */
export class StepGenerator {
  readonly aliases: Aliases;
  /** URNs registered or read so far. */
  readonly seen = new Set<string>();
  /** What the program has had something happen to, so that it is not deleted at the end. */
  readonly operatedOn = new Set<string>();
  readonly replacement: Replacement;
  readonly targets: Targets;
  /** Something was reported that makes the operation fail in the end. */
  sawError = false;
  private readonly operation: Operation;
  private readonly executor: StepExecutor;
  private readonly comparison: Comparison;

  constructor(operation: Operation, executor: StepExecutor) {
    this.operation = operation;
    this.executor = executor;
    this.aliases = new Aliases(operation);
    this.replacement = new Replacement(operation, this.operatedOn);
    this.targets = new Targets(operation, this.seen, this.operatedOn);
    this.comparison = new Comparison(operation, this.aliases, this.replacement);
  }

  /** Works out the steps for one registration. */
  async generate(goal: Goal): Promise<Step[]> {
    const registration = this.register(goal);
    const steps = await this.stepsFor(registration);
    this.refuseMissingRequirements(steps);
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
    if (!this.targets.admit(registration)) {
      return this.targets.leaveAlone(registration);
    }
    const recreating = this.replacement.isDeleted(urn);
    const fresh =
      old === undefined || recreating || old.external === true || this.operation.isToBeReplaced(urn);
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
    const diff = await this.comparison.diff({ ...registration, old });
    // While the provider thought about it, another resource may have taken this one away.
    if (this.replacement.isDeleted(urn)) {
      this.operatedOn.add(urn);
      return this.replacement.recreate({ ...registration, old });
    }
    return await this.stepsFromDiff({ ...registration, old }, diff);
  }

  private async stepsFromDiff(registration: KnownRegistration, diff: DiffResult): Promise<Step[]> {
    const { urn, goal, old, next } = registration;
    this.operatedOn.add(urn);
    if (old.pendingReplacement || (diff.changes === "some" && isReplace(diff))) {
      this.refuseReplacement(registration);
      if (!this.operation.isToBeReplaced(urn)) {
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
      result = await (await this.operation.providerOf(next)).check(urn, olds, news);
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

  private refuseMissingRequirements(steps: readonly Step[]): void {
    for (const step of steps) {
      const missing = this.targets.missingRequirement(step);
      if (missing !== undefined) {
        this.fail(
          step.urn,
          `Resource '${step.urn}' depends on '${missing}' which was not specified in the target list.`,
        );
      }
    }
  }

  private refuseReplacement({ urn, goal, old, next }: KnownRegistration): void {
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

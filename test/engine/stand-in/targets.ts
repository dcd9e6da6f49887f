import type { ResourceState } from "../deployment.ts";
import { isProviderType, STACK_TYPE } from "../urn.ts";
import { requirementsOf } from "./dependency-graph.ts";
import type { Operation } from "./operation.ts";
import type { Registration } from "./registration.ts";
import type { Step } from "./step.ts";

/** Which resources of the program an operation with `targets` is about, and what becomes of the others. */
export class Targets {
  /** URNs of what is no target and not there yet: it is not made. */
  readonly skippedCreates = new Set<string>();
  private readonly operation: Operation;
  private readonly seen: ReadonlySet<string>;
  private readonly operatedOn: Set<string>;
  private readonly targeted: Set<string>;

  /**
   * @param seen URNs registered or read so far
   * @param operatedOn URNs that had something happen to them already; what is left alone is added
   */
  constructor(operation: Operation, seen: ReadonlySet<string>, operatedOn: Set<string>) {
    this.operation = operation;
    this.seen = seen;
    this.operatedOn = operatedOn;
    this.targeted = new Set(operation.setup.options.targets);
  }

  /** Whether the operation is about a resource. Providers and the stack are always part of it: targets need them. */
  admit({ urn, goal, next }: Registration): boolean {
    if (!this.operation.isTargeted) {
      return true;
    }
    if (this.isTarget(next)) {
      this.targeted.add(urn);
      return true;
    }
    return isProviderType(goal.type) || goal.type === STACK_TYPE;
  }

  /** The steps for what is no target: it stays as it is, or is not made. */
  leaveAlone({ urn, old, next }: Registration): Step[] {
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

  /** The URN of something that was not made although the step's resource needs it. */
  missingRequirement({ next, skippedCreate }: Step): string | undefined {
    if (next === undefined || skippedCreate) {
      return undefined;
    }
    return requirementsOf(next).find((urn) => this.skippedCreates.has(urn));
  }

  private isTarget(next: ResourceState): boolean {
    const { targets = [], targetDependents } = this.operation.setup.options;
    return (
      targets.includes(next.urn) ||
      (targetDependents === true && requirementsOf(next).some((urn) => this.targeted.has(urn)))
    );
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
}

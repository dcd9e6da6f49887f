import type {
  AssignedTarget,
  Assignments,
  Fallback,
  Freshness,
  Target,
  TargetFilter,
  TargetReference,
} from "../control-plane";
import { ControlPlaneError } from "../http/error";
import { describeTarget, kindInWords } from "../target-words";
import { displayName } from "./dialect";
import { InsightsAccounts } from "./insights-accounts";
import { PolicyGroups } from "./policy-groups";
import type { PulumiCloudSession } from "./session";
import { Stacks } from "./stacks";
import type { TargetsOfKind } from "./targets";

/**
 * Which stacks, Insights accounts and policy groups use which pool. Whether a deployment that is queued keeps its pool
 * when its stack is moved is not documented, so nothing is said of active work.
 */
export class PoolAssignments implements Assignments {
  private readonly session: PulumiCloudSession;
  private readonly kinds: ReadonlyMap<string, TargetsOfKind>;

  constructor(session: PulumiCloudSession) {
    this.session = session;
    this.kinds = new Map<string, TargetsOfKind>([
      ["stack", new Stacks(session)],
      ["insightsAccount", new InsightsAccounts(session)],
      ["policyGroup", new PolicyGroups(session)],
    ]);
  }

  /** The lists of stacks and policy groups show no pools, so each target is asked for by itself, always now. */
  async find({ kind, name }: TargetReference): Promise<AssignedTarget | undefined> {
    return this.targetsOf(kind).find(name);
  }

  async confirmGone({ kind, name }: TargetReference): Promise<void> {
    if (!(await this.targetsOf(kind).find(name))) return this.targetsOf(kind).confirmVisible();
    throw this.refusal(`confirm that ${describeTarget({ kind, name })} is gone`, "it is there", "Run again.");
  }

  async list(kind: string, filter: TargetFilter = {}, freshness?: Freshness): Promise<readonly Target[]> {
    const isFiltered = filter.tag !== undefined || filter.project !== undefined;
    if (!isFiltered || kind === "stack") return this.targetsOf(kind).list(filter, freshness);
    throw this.refusal(
      `list the targets of kind ${kindInWords(kind)}`,
      "they cannot be selected by tag or project",
      "Select them by name.",
    );
  }

  async assign({ kind, id }: AssignedTarget, poolId: string): Promise<{ readonly accessGranted: boolean }> {
    if (await this.targetsOf(kind).write(id, poolId)) return { accessGranted: false };
    throw this.refusal(
      `assign agent pool ${poolId} to ${describeTarget({ kind, name: id })}`,
      `there is no ${describeTarget({ kind, name: id })} in organization ${this.session.organization}, or the token may not see it`,
      "Check its name; a stack must exist before a pool can be assigned to it.",
      404,
    );
  }

  async release(target: AssignedTarget, fallback: Fallback): Promise<void> {
    const { kind, id } = target;
    if (fallback === "hosted") {
      throw this.refusal(
        `send ${describeTarget({ kind, name: id })} to hosted runners`,
        "the API cannot say so: without a pool of its own it uses the organization's default",
        'Set onDestroy: "inherit".',
      );
    }
    // A target that went away meanwhile has no setting any more; a 404 can also mean that it is hidden from us now.
    if (!(await this.targetsOf(kind).write(id, undefined))) await this.confirmGone({ kind, name: id });
  }

  /**
   * Everything without a pool of its own uses the organization's default, says the vendor's documentation of runners.
   * (The description of policy groups names the hosted pool instead.)
   */
  async inheritedPool(_target: Target, freshness?: Freshness): Promise<string | undefined> {
    return (await this.session.poolList.read(freshness)).defaultPoolId;
  }

  /** A pool is kept for stacks only, says the description of `DeleteOrgAgentPool`. */
  async listUnprotected(kind: string, poolId: string): Promise<readonly Target[]> {
    const targets = (await this.targetsOf(kind).listWithPools?.()) ?? [];
    return targets.filter((target) => target.poolId === poolId);
  }

  private targetsOf(kind: string): TargetsOfKind {
    const found = this.kinds.get(kind);
    if (!found) throw new TypeError(`${displayName} has no target of the kind ${kind}.`);
    return found;
  }

  private refusal(operation: string, message: string, advice: string, status?: number): ControlPlaneError {
    return new ControlPlaneError({ plane: displayName, operation, message, advice, status });
  }
}

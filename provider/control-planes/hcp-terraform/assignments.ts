import type {
  AssignedTarget,
  Assignments,
  Fallback,
  Freshness,
  Target,
  TargetFilter,
  TargetReference,
} from "../control-plane";
import { ControlPlaneError, hasStatus } from "../http/error";
import { activeWorkOfProject, activeWorkOfWorkspace } from "./active-work";
import { failure, isUncertain } from "./api";
import { defaultPoolOf } from "./organization";
import type { HcpTerraformSession } from "./session";
import { accessOf, type FoundTarget, type TargetsOfKind } from "./targets";

/** Workspaces and projects that run on a pool by a setting of their own. */
export class TargetAssignments implements Assignments {
  private readonly session: HcpTerraformSession;

  constructor(session: HcpTerraformSession) {
    this.session = session;
  }

  async find({ kind, name }: TargetReference, freshness?: Freshness): Promise<AssignedTarget | undefined> {
    const targets = this.targetsOf(kind);
    const found = await targets.find(name, freshness);
    if (!found) return undefined;
    return { ...assignedTarget(found), access: await this.accessOf(targets, found, freshness) };
  }

  /**
   * What a credential may see is told for each workspace and project by itself, so no answer proves that one does not
   * exist. It counts as gone if it answers 404 while others are listed, or while the credential may make such things.
   */
  async confirmGone({ kind, name }: TargetReference): Promise<void> {
    const operation = `confirm that ${kind} ${name} is gone`;
    const targets = this.targetsOf(kind);
    if (await targets.find(name, { fresh: true })) {
      throw failure({ operation, message: `${kind} ${name} is still there`, advice: "Run again." });
    }
    const sample = await targets.sample();
    if (sample.length === 0 && (await this.session.organization.lacks(targets.permission))) {
      throw failure({
        operation,
        message: `the token sees no ${kind} at all in organization ${this.session.organization.name}, so one that it does not see may still be there`,
        advice: `Use a token that may see ${kind}s.`,
      });
    }
  }

  async list(
    kind: string,
    filter: TargetFilter = {},
    freshness?: Freshness,
  ): Promise<readonly AssignedTarget[]> {
    return (await this.targetsOf(kind).list(filter, freshness)).map(assignedTarget);
  }

  /**
   * Grants access first, since the API refuses a pool that does not allow the target. That can take seconds, in which
   * somebody else may assign the target, so it is looked at just before it is written.
   */
  async assign(target: AssignedTarget, poolId: string): Promise<{ readonly accessGranted: boolean }> {
    const targets = this.targetsOf(target.kind);
    const accessGranted = await this.grant(targets, target, poolId);
    const giveUp = async (error: unknown): Promise<never> => {
      if (accessGranted) await this.takeBack(target, poolId, error);
      throw error;
    };
    const found = await this.findUnmoved(targets, target, poolId).catch(giveUp);
    if (found.poolId === poolId) return { accessGranted };
    try {
      await targets.use(found, poolId);
    } catch (error) {
      if (!(await this.succeededAllTheSame(targets, found, poolId, error))) await giveUp(error);
    }
    return { accessGranted };
  }

  release(target: AssignedTarget, fallback: Fallback): Promise<void> {
    return this.targetsOf(target.kind).release(target, fallback);
  }

  async inheritedPool(target: Target, freshness?: Freshness): Promise<string | undefined> {
    const { organization, projects, workspaces } = this.session;
    if (target.kind === "workspace") {
      const workspace = await workspaces.find(target.id, freshness);
      if (!workspace) throw this.missing(target);
      if (workspace.projectId !== undefined) return projects.defaultPool(workspace.projectId, freshness);
    }
    return defaultPoolOf(await organization.read(freshness));
  }

  async revokeAccess(target: Target, poolId: string): Promise<void> {
    const member = { list: this.targetsOf(target.kind).scopeList, id: target.id };
    try {
      await this.session.accessLists.revoke(poolId, member);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      await this.session.poolDocuments.confirmGone(poolId);
    }
  }

  async listAssigned(poolId: string): Promise<readonly Target[]> {
    const { workspaces, projects } = this.session;
    const fresh = { fresh: true };
    const found = await Promise.all([workspaces.list({}, fresh), projects.list({}, fresh)]);
    return found
      .flat()
      .filter((target) => target.poolId === poolId)
      .map(({ kind, id, name }) => ({ kind, id, name }));
  }

  /** The service refuses for workspaces (API: "Agent Pools", "Delete an Agent Pool"), and says nothing of the defaults of projects. */
  async listUnprotected(kind: string, poolId: string): Promise<readonly Target[]> {
    if (kind !== "project") return [];
    const projects = await this.session.projects.list({}, { fresh: true });
    return projects
      .filter((project) => project.poolId === poolId)
      .map(({ id, name }) => ({ kind, id, name }));
  }

  /** See {@link activeWorkOfWorkspace} and {@link activeWorkOfProject}. */
  async activeWork(target: AssignedTarget): Promise<string | undefined> {
    const { api, workspaces } = this.session;
    return target.kind === "workspace"
      ? activeWorkOfWorkspace(api, target)
      : activeWorkOfProject(api, workspaces, target);
  }

  /** A target that is gone can be refused in many ways; that it is gone says most. */
  private async grant(targets: TargetsOfKind, target: Target, poolId: string): Promise<boolean> {
    const member = { list: targets.scopeList, id: target.id };
    try {
      return await this.session.accessLists.grant(poolId, member);
    } catch (error) {
      const isThere = await targets.find(target.id, { fresh: true }).catch(() => true);
      throw isThere ? error : this.missing(target);
    }
  }

  /**
   * The target as it is now.
   * @param target as the caller has judged it: free, or of a pool that it may be taken from.
   * @throws ControlPlaneError where it is gone, somebody else has assigned it to a third pool since, or the deployment was cancelled.
   */
  private async findUnmoved(
    targets: TargetsOfKind,
    target: AssignedTarget,
    poolId: string,
  ): Promise<FoundTarget> {
    // Hundreds get access with one write, and each takes two requests more.
    if (this.session.cancelled?.aborted) throw this.cancelled(target, poolId);
    const found = await targets.find(target.id, { fresh: true });
    if (!found) throw this.missing(target);
    if (found.poolId === undefined || [target.poolId, poolId].includes(found.poolId)) return found;
    throw failure({
      operation: `assign agent pool ${poolId} to ${found.kind} ${found.name}`,
      message: `somebody else assigned ${found.kind} ${found.name} to agent pool ${found.poolId} at the same time, and it was left there`,
      advice: "Run pulumi up again: it then decides by the pool that the target has now.",
    });
  }

  /** @returns whether a setting whose answer got lost has taken effect. @throws where that cannot be found out. */
  private async succeededAllTheSame(
    targets: TargetsOfKind,
    { id, kind, name }: FoundTarget,
    poolId: string,
    error: unknown,
  ): Promise<boolean> {
    if (!isUncertain(error)) return false;
    try {
      return (await targets.find(id, { fresh: true }))?.poolId === poolId;
    } catch {
      throw error.withAdvice(
        `Whether ${kind} ${name} has the pool now is not known, so its access to the pool was left as it is. Run again when the service answers.`,
      );
    }
  }

  /** @throws the error of the assignment, where the grant stays. */
  private async takeBack({ id, kind, name }: Target, poolId: string, error: unknown): Promise<void> {
    const member = { list: this.targetsOf(kind).scopeList, id };
    try {
      await this.session.accessLists.revoke(poolId, member);
    } catch (reason) {
      if (!(error instanceof ControlPlaneError)) return;
      throw error.withAdvice(
        `${kind} ${name} stays in the list of those that may use agent pool ${poolId}: taking it out failed as well (${String(reason)}).`,
      );
    }
  }

  private accessOf(
    targets: TargetsOfKind,
    found: FoundTarget,
    freshness: Freshness | undefined,
  ): Promise<AssignedTarget["access"]> | undefined {
    if (found.poolId === undefined) return undefined;
    return accessOf(this.session.poolDocuments, found, targets.scopeList, found.poolId, freshness);
  }

  private targetsOf(kind: string): TargetsOfKind {
    if (kind === "workspace") return this.session.workspaces;
    if (kind === "project") return this.session.projects;
    throw new Error(`HCP Terraform has no targets of kind ${kind}`);
  }

  private cancelled({ kind, name }: Target, poolId: string): ControlPlaneError {
    return failure({
      operation: `assign agent pool ${poolId} to ${kind} ${name}`,
      message: "the deployment was cancelled before that",
    });
  }

  private missing({ kind, name, id }: Target): ControlPlaneError {
    return failure({
      operation: `find ${kind} ${name}`,
      status: 404,
      message: `there is no ${kind} with the id ${id} in organization ${this.session.organization.name}, or the token may not see it`,
      advice: "Check the name, and that the token's team may read and manage it.",
    });
  }
}

function assignedTarget({ kind, id, name, poolId, currentRunId }: FoundTarget): AssignedTarget {
  return { kind, id, name, poolId, currentRunId };
}

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
import { displayName } from "./dialect";
import { Projects } from "./projects";
import type { EnvZeroSession } from "./session";

/**
 * Which project uses which agent pool. The map keeps no trace of projects that are gone, so the list of projects says
 * what there is. What a deployment that is under way does when its project is moved is not documented.
 */
export class ProjectAssignments implements Assignments {
  private readonly session: EnvZeroSession;
  private readonly projects: Projects;

  constructor(session: EnvZeroSession) {
    this.session = session;
    this.projects = new Projects(session);
  }

  async find({ name }: TargetReference, freshness?: Freshness): Promise<AssignedTarget | undefined> {
    const [target, { poolIds }] = await Promise.all([
      this.projects.find(name, freshness),
      this.session.assignmentMap.read(freshness),
    ]);
    return target && { ...target, poolId: poolIds.get(target.id) };
  }

  /** The map is for those only that may edit the organization's settings; a project that it names exists. */
  async confirmGone({ name }: TargetReference): Promise<void> {
    const found = await this.find({ kind: "project", name }, { fresh: true });
    const { poolIds } = await this.session.assignmentMap.read();
    if (!found && poolIds.get(name) === undefined) return;
    throw this.refusal(
      `confirm that project ${name} is gone`,
      found ? "it is there" : "the API key does not see it, but the agent assignments name it",
      found ? "Run again." : "Use an API key that may see the project.",
    );
  }

  async list(_kind: string, filter: TargetFilter = {}, freshness?: Freshness): Promise<readonly Target[]> {
    if (filter.tag === undefined && filter.project === undefined) return this.projects.list(freshness);
    throw this.refusal(
      "list the projects",
      "they cannot be selected by tag or project",
      "Select them by name or id.",
    );
  }

  async assign({ id }: AssignedTarget, poolId: string): Promise<{ readonly accessGranted: boolean }> {
    await this.session.assignmentMap.write(`assign agent pool ${poolId} to project ${id}`, id, poolId);
    return { accessGranted: false };
  }

  async release({ id }: AssignedTarget, fallback: Fallback): Promise<void> {
    const operation = `take the agent pool from project ${id}`;
    if (fallback === "inherit") return this.session.assignmentMap.write(operation, id, undefined);
    throw this.refusal(
      `send project ${id} to hosted runners`,
      "the API cannot say so: without a pool of its own it uses the organization's default",
      'Set onDestroy: "inherit".',
    );
  }

  async inheritedPool(_target: Target, freshness?: Freshness): Promise<string | undefined> {
    return (await this.session.assignmentMap.read(freshness)).defaultPoolId;
  }

  /** Whether the service itself refuses to delete a pool in use is not documented. */
  async listUnprotected(_kind: string, poolId: string): Promise<readonly Target[]> {
    const { poolIds } = await this.session.assignmentMap.read({ fresh: true });
    if (![...poolIds.values()].includes(poolId)) return [];
    return (await this.projects.list({ fresh: true })).filter(({ id }) => poolIds.get(id) === poolId);
  }

  private refusal(operation: string, message: string, advice: string): ControlPlaneError {
    return new ControlPlaneError({ plane: displayName, operation, message, advice });
  }
}

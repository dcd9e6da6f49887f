import { z } from "zod";
import { CachedList } from "../cached-list";
import { capabilities } from "../capabilities";
import type { Assignment } from "../control-plane";
import { ControlPlaneError } from "../error";
import type { EnvZeroApi } from "./api";
import { assignments, project, unassigned } from "./wire";

type AssignmentMap = z.output<typeof assignments>;

/** Which project uses which agent pool: one map for the whole organization, read once. */
export class Assignments {
  private readonly api: EnvZeroApi;
  private readonly projects: CachedList<z.output<typeof project>>;
  private readonly map: CachedList<AssignmentMap>;

  constructor(api: EnvZeroApi) {
    this.api = api;
    this.projects = new CachedList(() => api.listOwn("projects", "/projects", project));
    this.map = new CachedList(async () => [await this.readMap()]);
  }

  /**
   * A project without an entry uses the organization's default agent; one that was assigned to that same agent looks
   * alike. Only for a missing entry is it asked whether the project exists: the map keeps no trace of deleted ones.
   */
  async find(projectId: string): Promise<Assignment | undefined> {
    const [map] = await this.map.read();
    const poolId = map?.projectsAgents[projectId];
    if (typeof poolId === "string" && poolId !== unassigned) return { poolId };
    return (await this.exists(projectId)) ? { poolId: undefined } : undefined;
  }

  async assign(projectId: string, poolId: string): Promise<void> {
    // Whether the vendor refuses an unknown project is not documented, and the map would hide the mistake.
    if (!(await this.exists(projectId))) throw await this.missing(projectId);
    await this.write(`assign agent pool ${poolId} to project ${projectId}`, projectId, poolId);
  }

  async clear(projectId: string): Promise<void> {
    await this.write(`take the agent pool from project ${projectId}`, projectId, unassigned);
  }

  async projectIds(): Promise<string[]> {
    return (await this.projects.read()).map(({ id }) => id);
  }

  async defaultPool(): Promise<string | undefined> {
    const [map] = await this.map.read();
    return map?.defaultAgent ?? undefined;
  }

  private async exists(projectId: string): Promise<boolean> {
    return (await this.projects.read()).some(({ id }) => id === projectId);
  }

  private async readMap(): Promise<AssignmentMap> {
    return this.api.send(
      {
        operation: `read the agent assignments of organization ${this.api.organization}`,
        method: "GET",
        path: await this.api.ofOrganization("/agents/projects-assignments"),
      },
      assignments,
    );
  }

  /** The vendor merges the map that is sent into its own, so only our one key is sent. */
  private async write(operation: string, projectId: string, value: string): Promise<void> {
    await this.api.send(
      {
        operation,
        method: "POST",
        path: await this.api.ofOrganization("/agents/projects-assignments"),
        body: { [projectId]: value },
        repeatable: true,
      },
      z.unknown(),
    );
    await this.map.change((maps) =>
      maps.map((map) => ({ ...map, projectsAgents: { ...map.projectsAgents, [projectId]: value } })),
    );
  }

  private async missing(projectId: string): Promise<ControlPlaneError> {
    const projects = (await this.projects.read()).map(({ id, name }) => `${name} (${id})`).join(", ");
    return new ControlPlaneError({
      plane: capabilities["env-zero"].displayName,
      operation: `assign an agent pool to project ${projectId}`,
      status: 404,
      message: `organization ${this.api.organization} has no project with the id ${projectId}; it has: ${projects || "none"}`,
      advice: "Give the id of a project, not its name.",
    });
  }
}

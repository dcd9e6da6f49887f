import type { Fallback } from "../control-plane";
import type { Member } from "./access-lists";
import type { Projects } from "./projects";
import type { ProjectResource, WorkspaceResource } from "./wire";
import type { Workspaces } from "./workspaces";

/** What workspaces and projects have in common as targets of an assignment. */
export interface Assignable {
  readonly member: Member;
  /** The pool of the target's own setting; undefined where it inherits or runs elsewhere. */
  readonly ownPool: string | undefined;
  use(poolId: string): Promise<void>;
  release(fallback: Fallback): Promise<void>;
}

export function assignableWorkspace(
  workspaces: Workspaces,
  { id, ...workspace }: WorkspaceResource,
): Assignable {
  const { name, "execution-mode": mode, "setting-overwrites": own } = workspace.attributes;
  const inherited = own?.["agent-pool"] === false || own?.["execution-mode"] === false;
  return {
    member: { type: "workspaces", id },
    ownPool: mode === "agent" && !inherited ? workspace.relationships["agent-pool"]?.data?.id : undefined,
    use: (poolId) =>
      workspaces.update(id, `assign agent pool ${poolId} to workspace ${name}`, {
        "execution-mode": "agent",
        "agent-pool-id": poolId,
        "setting-overwrites": { "execution-mode": true, "agent-pool": true },
      }),
    release: (fallback) =>
      workspaces.update(
        id,
        `take the agent pool from workspace ${name}`,
        fallback === "hosted"
          ? { "execution-mode": "remote" }
          : { "setting-overwrites": { "execution-mode": false, "agent-pool": false } },
      ),
  };
}

export function assignableProject(projects: Projects, { id, ...project }: ProjectResource): Assignable {
  const { name, "default-execution-mode": mode, "setting-overwrites": own } = project.attributes;
  const inherited = own?.["default-agent-pool"] === false || own?.["default-execution-mode"] === false;
  return {
    member: { type: "projects", id },
    ownPool:
      mode === "agent" && !inherited ? project.relationships["default-agent-pool"]?.data?.id : undefined,
    use: (poolId) =>
      projects.update(id, `assign agent pool ${poolId} to project ${name}`, {
        "default-execution-mode": "agent",
        "default-agent-pool-id": poolId,
        "setting-overwrites": { "default-execution-mode": true, "default-agent-pool": true },
      }),
    release: (fallback) =>
      projects.update(
        id,
        `take the agent pool from project ${name}`,
        fallback === "hosted"
          ? { "default-execution-mode": "remote" }
          : { "setting-overwrites": { "default-execution-mode": false, "default-agent-pool": false } },
      ),
  };
}

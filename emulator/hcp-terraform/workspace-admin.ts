import { z } from "zod";
import { AdminError, command, required } from "../admin-command";
import type { EmulatorState } from "../state";
import { endWork } from "../work";
import { newRun } from "./run-jobs";
import { finalStatuses } from "./run-statuses";
import type { HcpTerraformProject, HcpTerraformWorkspace } from "./state";
import { removeWorkspace } from "./workspaces";

const workspaceKey = z.strictObject({ organization: z.string(), workspace: z.string() });
const name = z.string().regex(/^[A-Za-z0-9_-]+$/, "can only include letters, numbers, -, and _");

/** Admin commands about workspaces, projects and runs: what somebody else does while a client isn't looking. */
export function workspaceAdmin(state: EmulatorState) {
  return {
    /** Renames a workspace; its id stays. */
    renameWorkspace: command(workspaceKey.extend({ name }), ({ organization, workspace, ...changes }) => {
      const { workspaces } = state.hcpTerraform;
      const found = workspaceNamed(state, organization, workspace);
      if (workspaces.some((known) => known.organization === organization && known.name === changes.name)) {
        throw new AdminError(`there is already a workspace ${organization}/${changes.name}`);
      }
      found.name = changes.name;
    }),

    /** Deletes a workspace with its runs. */
    deleteWorkspace: command(workspaceKey, ({ organization, workspace }) =>
      removeWorkspace(state.hcpTerraform, workspaceNamed(state, organization, workspace)),
    ),

    /** Sets the flat tags of a workspace (`tag-names`), its key-value tags, or both; what isn't named stays. */
    setWorkspaceTags: command(
      workspaceKey.extend({
        tagNames: z.array(z.string()).optional(),
        tagBindings: z.record(z.string(), z.string()).optional(),
      }),
      ({ organization, workspace, tagNames, tagBindings }) => {
        const found = workspaceNamed(state, organization, workspace);
        found.tagNames = tagNames ?? found.tagNames;
        if (tagBindings !== undefined) {
          found.tagBindings = Object.entries(tagBindings).map(([key, value]) => ({ key, value }));
        }
      },
    ),

    /** Renames a project; its id stays. */
    renameProject: command(
      z.strictObject({ organization: z.string(), project: z.string(), name: z.string().min(1) }),
      ({ organization, project, ...changes }) => {
        projectNamed(state, organization, project).name = changes.name;
      },
    ),

    /** Queues a run that takes an agent so many seconds; it is for the pool that its workspace uses. */
    queueRun: command(
      workspaceKey.extend({
        status: z.string().default("plan_queued"),
        planOnly: z.boolean().default(false),
        isDestroy: z.boolean().default(false),
        seconds: z.number().nonnegative().default(1),
      }),
      ({ organization, workspace, ...run }) => {
        const { id } = newRun(state.hcpTerraform, workspaceNamed(state, organization, workspace), run);
        return { id };
      },
    ),

    /** Moves a run on; a status that it doesn't leave any more (`applied`, `errored`, …) ends its work. */
    updateRun: command(z.strictObject({ id: z.string(), status: z.string() }), ({ id, status }) => {
      const run = required(
        state.hcpTerraform.runs.find((known) => known.id === id),
        `run ${id}`,
      );
      run.status = status;
      if (finalStatuses.has(status)) endWork(run.work);
    }),
  };
}

/** The workspace with this name, or an error that names it. */
export function workspaceNamed(
  state: EmulatorState,
  organization: string,
  workspace: string,
): HcpTerraformWorkspace {
  return required(
    state.hcpTerraform.workspaces.find(
      (known) => known.organization === organization && known.name === workspace,
    ),
    `workspace ${organization}/${workspace}`,
  );
}

/** The project with this name, or an error that names it. */
export function projectNamed(
  state: EmulatorState,
  organization: string,
  project: string,
): HcpTerraformProject {
  return required(
    state.hcpTerraform.projects.find(
      (known) => known.organization === organization && known.name === project,
    ),
    `project ${organization}/${project}`,
  );
}

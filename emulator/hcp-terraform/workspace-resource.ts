import type { JsonObject } from "../exchange";
import { settingsOfWorkspace } from "./execution-settings";
import { type Resource, toMany, toOne } from "./json-api";
import type { HcpTerraformState, HcpTerraformWorkspace } from "./state";
import { effectiveBindings } from "./workspace-filters";

/** Attributes that a client may write and reads back, with what they are until then (workspaces API). */
export const writableWorkspaceAttributes: JsonObject = {
  "allow-destroy-plan": true,
  "assessments-enabled": false,
  "auto-apply": false,
  "auto-apply-run-trigger": false,
  "auto-destroy-activity-duration": null,
  "auto-destroy-at": null,
  description: "",
  "file-triggers-enabled": true,
  "global-remote-state": false,
  "hyok-enabled": false,
  "inherits-project-auto-destroy": true,
  "migration-environment": "",
  "project-remote-state": false,
  "queue-all-runs": false,
  "source-name": null,
  "source-url": null,
  "speculative-enabled": true,
  "structured-run-output-enabled": true,
  "terraform-version": "1.13.0",
  "trigger-patterns": [],
  "trigger-prefixes": [],
  "vcs-repo": null,
  "working-directory": "",
};

/** A workspace as a JSON:API resource. */
export function workspaceResource(state: HcpTerraformState, workspace: HcpTerraformWorkspace): Resource {
  const settings = settingsOfWorkspace(state, workspace);
  const currentRun = state.runs.findLast((run) => run.workspaceId === workspace.id);
  return {
    id: workspace.id,
    type: "workspaces",
    attributes: {
      ...writableWorkspaceAttributes,
      ...workspace.attributes,
      name: workspace.name,
      actions: { "is-destroyable": true },
      "can-queue-destroy-plan": true,
      "created-at": workspace.createdAt,
      "updated-at": workspace.updatedAt,
      environment: "default",
      "execution-mode": settings.executionMode,
      // The older spelling of the mode: true wherever runs happen remotely.
      operations: settings.executionMode !== "local",
      locked: false,
      permissions: permissions,
      "resource-count": 0,
      "run-failures": null,
      "policy-check-failures": null,
      "apply-duration-average": null,
      "plan-duration-average": null,
      "workspace-kpis-runs-count": null,
      "setting-overwrites": {
        "execution-mode": workspace.settings.overwrites.executionMode,
        "agent-pool": workspace.settings.overwrites.agentPool,
      },
      source: "tfe-api",
      "tag-names": workspace.tagNames,
    },
    relationships: {
      organization: toOne("organizations", workspace.organization),
      project: toOne("projects", workspace.projectId),
      "agent-pool": toOne("agent-pools", settings.agentPoolId),
      "current-run": toOne("runs", currentRun?.id),
      "current-state-version": { data: null },
      "ssh-key": { data: null },
      "effective-tag-bindings": toMany(
        "effective-tag-bindings",
        effectiveBindings(state, workspace).map(({ key }) => `${workspace.id}-${key}`),
      ),
      outputs: toMany("workspace-outputs", []),
    },
    links: { self: `/api/v2/organizations/${workspace.organization}/workspaces/${workspace.name}` },
  };
}

const permissions = {
  "can-update": true,
  "can-destroy": true,
  "can-force-delete": true,
  "can-queue-run": true,
  "can-queue-apply": true,
  "can-queue-destroy": true,
  "can-read-settings": true,
  "can-read-variable": true,
  "can-update-variable": true,
  "can-lock": true,
  "can-unlock": true,
  "can-force-unlock": true,
  "can-read-state-versions": true,
  "can-create-state-versions": true,
  "can-manage-run-tasks": true,
};

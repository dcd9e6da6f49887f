import { z } from "zod";
import type { Answer } from "../exchange";
import { newHcpTerraformId } from "../identifiers";
import { changedSettings, checkedPool, settingsOfProject } from "./execution-settings";
import { includesOf, listAnswer, type Resource, sorted, toMany, toOne } from "./json-api";
import {
  dataOf,
  document,
  type HcpOperationEntry,
  type HcpRequest,
  hcpRefusal,
  invalidAttribute,
  organizationOf,
  projectOf,
  requireWriting,
} from "./requests";
import { changeExecution } from "./run-jobs";
import type { HcpTerraformProject, HcpTerraformState } from "./state";
import { effectiveTagBindings, tagBindingsOf } from "./tags";

const ofOrganization = "/api/v2/organizations/:organization/projects";
const one = "/api/v2/projects/:projectId";

/** Projects and their default execution settings (projects API). */
export const projectOperations: HcpOperationEntry[] = [
  { id: "listProjects", method: "GET", path: ofOrganization, handle: list },
  { id: "createProject", method: "POST", path: ofOrganization, handle: create },
  { id: "getProject", method: "GET", path: one, handle: get },
  { id: "updateProject", method: "PATCH", path: one, handle: update },
  { id: "deleteProject", method: "DELETE", path: one, handle: remove },
];

const overwrite = z.boolean().nullish();
const projectData = z.object({
  attributes: z
    .looseObject({
      name: z.string().optional(),
      description: z.string().nullish(),
      "default-execution-mode": z.enum(["remote", "local", "agent"]).optional(),
      "default-agent-pool-id": z.string().nullish(),
      "auto-destroy-activity-duration": z.string().nullish(),
      "setting-overwrites": z
        .looseObject({ "default-execution-mode": overwrite, "default-agent-pool": overwrite })
        .optional(),
    })
    .default({}),
  relationships: z
    .looseObject({
      "default-agent-pool": z.looseObject({ data: z.looseObject({ id: z.string() }).nullable() }).optional(),
    })
    .default({}),
});

function list(request: HcpRequest): Answer {
  const { name: organization } = organizationOf(request);
  const names = request.query.get("filter[names]")?.split(",");
  const wanted = (request.query.get("q") ?? "").toLowerCase();
  const matching = request.state.projects.filter(
    (project) =>
      project.organization === organization &&
      (names === undefined || names.includes(project.name)) &&
      project.name.toLowerCase().includes(wanted),
  );
  const keys = { name: (project: HcpTerraformProject) => project.name };
  const resources = sorted(request, matching, keys).map((project) => projectResource(request.state, project));
  return listAnswer(request, resources);
}

function create(request: HcpRequest): Answer {
  const { name: organization } = organizationOf(request);
  requireWriting(request);
  const project: HcpTerraformProject = {
    id: newHcpTerraformId("prj"),
    organization,
    name: "",
    createdAt: new Date().toISOString(),
    settings: { executionMode: "remote", overwrites: { executionMode: false, agentPool: false } },
    attributes: {},
    tagBindings: [],
  };
  write(request, project);
  request.state.projects.push(project);
  return document({ data: projectResource(request.state, project) }, 201);
}

function get(request: HcpRequest): Answer {
  const project = projectOf(request);
  return document({
    data: projectResource(request.state, project),
    ...(includesOf(request).has("effective_tag_bindings") && {
      included: effectiveTagBindings(request.state, project),
    }),
  });
}

function update(request: HcpRequest): Answer {
  const project = projectOf(request);
  requireWriting(request);
  changeExecution(request.state, () => write(request, project));
  return document({ data: projectResource(request.state, project) });
}

function remove(request: HcpRequest): Answer {
  const project = projectOf(request);
  requireWriting(request);
  const { state } = request;
  if (state.organizations.some(({ defaultProjectId }) => defaultProjectId === project.id)) {
    throw hcpRefusal(422, "unprocessable entity", "The default project can't be deleted");
  }
  if (state.workspaces.some(({ projectId }) => projectId === project.id)) {
    // GUESS: the text; the documentation says that only an empty project can be deleted.
    throw hcpRefusal(422, "unprocessable entity", "The project still has workspaces or Stacks");
  }
  state.projects = state.projects.filter((known) => known !== project);
  for (const pool of state.agentPools) {
    pool.allowedProjectIds = pool.allowedProjectIds.filter((id) => id !== project.id);
  }
  return { status: 204 };
}

function write(request: HcpRequest, project: HcpTerraformProject): void {
  const { attributes, relationships } = dataOf(request, "projects", projectData);
  const name = attributes.name ?? project.name;
  if (name === "") throw invalidAttribute("Name can't be blank", "name");
  const taken = request.state.projects.some(
    (known) => known.organization === project.organization && known.name === name && known.id !== project.id,
  );
  if (taken) throw invalidAttribute("Name has already been taken", "name");
  const overwrites = attributes["setting-overwrites"];
  const poolRelationship = relationships["default-agent-pool"];
  const settings = changedSettings(project.settings, {
    executionMode: attributes["default-execution-mode"],
    agentPoolId: poolRelationship ? (poolRelationship.data?.id ?? null) : attributes["default-agent-pool-id"],
    ...(overwrites && {
      overwrites: {
        executionMode: overwrites["default-execution-mode"] ?? undefined,
        agentPool: overwrites["default-agent-pool"] ?? undefined,
      },
    }),
  });
  checkedPool(request.state, project.organization, settings, "default-agent-pool-id");
  project.name = name;
  project.settings = settings;
  project.tagBindings = tagBindingsOf(request, project.tagBindings);
  for (const key of ["description", "auto-destroy-activity-duration"] as const) {
    if (attributes[key] !== undefined) project.attributes[key] = attributes[key];
  }
}

function projectResource(state: HcpTerraformState, project: HcpTerraformProject): Resource {
  const settings = settingsOfProject(state, project);
  const self = `/api/v2/projects/${project.id}`;
  return {
    id: project.id,
    type: "projects",
    attributes: {
      description: "",
      "auto-destroy-activity-duration": null,
      ...project.attributes,
      name: project.name,
      "created-at": project.createdAt,
      "is-unified": false,
      "default-execution-mode": settings.executionMode,
      "setting-overwrites": {
        "default-execution-mode": project.settings.overwrites.executionMode,
        "default-agent-pool": project.settings.overwrites.agentPool,
      },
      "workspace-count": state.workspaces.filter(({ projectId }) => projectId === project.id).length,
      "team-count": 0,
      permissions: {
        "can-read": true,
        "can-update": true,
        "can-destroy": true,
        "can-create-workspace": true,
      },
    },
    relationships: {
      organization: toOne("organizations", project.organization),
      "default-agent-pool": toOne("agent-pools", settings.agentPoolId),
      "effective-tag-bindings": toMany(
        "effective-tag-bindings",
        project.tagBindings.map(({ key }) => `${project.id}-${key}`),
      ),
      "tag-bindings": { links: { related: `${self}/tag-bindings` } },
    },
    links: { self },
  };
}

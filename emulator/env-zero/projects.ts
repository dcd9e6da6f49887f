import { z } from "zod";
import { mayWrite } from "../credentials";
import type { Answer } from "../exchange";
import { newUuid } from "../identifiers";
import {
  bodyOf,
  type EnvZeroOperationEntry,
  type EnvZeroRequest,
  envZeroRefusal,
  forbidden,
  ok,
  organizationOf,
  projectOf,
} from "./requests";
import type { EnvZeroProject } from "./state";

/** Projects: operations `findByOrganizationId` to `archive`, and moving as the provider does it. */
export const projectOperations: EnvZeroOperationEntry[] = [
  { id: "findByOrganizationId", method: "GET", path: "/projects", handle: list },
  { id: "createProject", method: "POST", path: "/projects", handle: create },
  { id: "findById", method: "GET", path: "/projects/:projectId", handle: get },
  { id: "update", method: "PUT", path: "/projects/:projectId", handle: update },
  { id: "archive", method: "DELETE", path: "/projects/:projectId", handle: archive },
  { id: "moveProject", method: "POST", path: "/projects/:projectId/move", handle: move },
];

const tags = z.array(z.string()).nullish();
const createBody = z.object({
  organizationId: z.string().min(1),
  name: z.string().min(1),
  description: z.string().optional(),
  parentProjectId: z.string().optional(),
  tags,
});
const updateBody = z.object({ name: z.string().min(1), description: z.string().optional(), tags });

function list(request: EnvZeroRequest): Answer {
  const { id } = organizationOf(request, request.query.get("organizationId"));
  const projects = request.state.projects.filter((known) => known.organizationId === id && !known.isArchived);
  return ok(projects.map((project) => projectBody(request, project)));
}

function create(request: EnvZeroRequest): Answer {
  const body = bodyOf(request, createBody);
  const { id: organizationId } = organizationOf(request, body.organizationId);
  if (!mayWrite(request.caller)) throw forbidden();
  const { parentProjectId } = body;
  const siblings = request.state.projects.filter(
    (known) => known.organizationId === organizationId && known.parentProjectId === parentProjectId,
  );
  if (siblings.some((known) => known.name === body.name && !known.isArchived)) {
    throw envZeroRefusal(400, `A project named ${body.name} already exists`);
  }
  const now = new Date().toISOString();
  const project: EnvZeroProject = {
    id: newUuid(),
    organizationId,
    name: body.name,
    description: body.description ?? "",
    ...(parentProjectId !== undefined && { parentProjectId }),
    tags: body.tags ?? [],
    isArchived: false,
    createdAt: now,
    updatedAt: now,
    createdBy: request.caller.login,
  };
  request.state.projects.push(project);
  return ok(projectBody(request, project));
}

function get(request: EnvZeroRequest): Answer {
  return ok(projectBody(request, projectOf(request)));
}

function update(request: EnvZeroRequest): Answer {
  const project = writableProjectOf(request);
  const body = bodyOf(request, updateBody);
  project.name = body.name;
  project.description = body.description ?? project.description;
  project.tags = body.tags ?? project.tags;
  project.updatedAt = new Date().toISOString();
  return ok(projectBody(request, project));
}

function archive(request: EnvZeroRequest): Answer {
  const project = writableProjectOf(request);
  project.isArchived = true;
  delete project.agentId;
  return { status: 204 };
}

function move(request: EnvZeroRequest): Answer {
  const project = writableProjectOf(request);
  const { targetProjectId } = bodyOf(request, z.object({ targetProjectId: z.string().nullable() }));
  if (targetProjectId === null) delete project.parentProjectId;
  else project.parentProjectId = targetProjectId;
  return ok({});
}

function writableProjectOf(request: EnvZeroRequest): EnvZeroProject {
  const project = projectOf(request);
  if (!mayWrite(request.caller)) throw forbidden();
  return project;
}

function projectBody(request: EnvZeroRequest, project: EnvZeroProject): object {
  const { agentId: _agentId, ...shown } = project;
  return {
    ...shown,
    role: request.caller.kind === "admin" ? "Admin" : "Planner",
    hierarchy: hierarchyOf(request, project).join("|"),
    createdByUser: { user_id: project.createdBy, name: project.createdBy, email: "", picture: "" },
  };
}

/** Ids from the topmost parent down to the project itself. */
function hierarchyOf(request: EnvZeroRequest, project: EnvZeroProject): string[] {
  const parent = request.state.projects.find((known) => known.id === project.parentProjectId);
  return parent === undefined ? [project.id] : [...hierarchyOf(request, parent), project.id];
}

import { z } from "zod";
import { mayAdminister, mayWrite } from "../credentials";
import { type Answer, type EmulatedRequest, type Operation, Refusal } from "../exchange";
import type {
  HcpTerraformAgentPool,
  HcpTerraformOrganization,
  HcpTerraformProject,
  HcpTerraformState,
  HcpTerraformWorkspace,
} from "./state";

/** A request to HCP Terraform. */
export type HcpRequest = EmulatedRequest<HcpTerraformState>;

/** An operation of HCP Terraform. */
export type HcpOperationEntry = Operation<HcpTerraformState>;

/** Media type of every document (JSON:API). */
export const jsonApiMediaType = "application/vnd.api+json";

/** A refusal as a JSON:API error document. */
export function hcpRefusal(status: number, title: string, detail?: string, pointer?: string): Refusal {
  const error = {
    status: String(status),
    title,
    ...(detail && { detail }),
    ...(pointer && { source: { pointer } }),
  };
  return new Refusal({ status, body: { errors: [error] } });
}

/** 404, for what is missing as for what the caller may not touch. */
export function notFound(): Refusal {
  return hcpRefusal(404, "not found");
}

/** 422 about one attribute. */
export function invalidAttribute(detail: string, attribute: string): Refusal {
  return hcpRefusal(422, "invalid attribute", detail, `/data/attributes/${attribute}`);
}

/** An answer with a JSON:API document. */
export function document(body: object, status = 200): Answer {
  return { status, body };
}

/** The organization of the path, or 404. */
export function organizationOf(request: HcpRequest): HcpTerraformOrganization {
  const name = request.params["organization"] ?? "";
  const organization = request.state.organizations.find((known) => known.name === name);
  if (organization === undefined || !isVisible(request, name)) throw notFound();
  return organization;
}

/** Refuses, as if nothing were there, callers that may not manage agent pools or the organization. */
export function requireAdministration(request: HcpRequest): void {
  if (!mayAdminister(request.caller)) throw notFound();
}

/**
 * Refuses, as if nothing were there, callers to whom agent pools, their agents and tokens don't show. GUESS: that is
 * everybody without the permission to manage agent pools, save those that may look at everything.
 */
export function requirePoolReading(request: HcpRequest): void {
  if (request.caller.kind === "member") throw notFound();
}

/** Refuses, as if nothing were there, callers that may not change workspaces and projects. */
export function requireWriting(request: HcpRequest): void {
  if (!mayWrite(request.caller)) throw notFound();
}

/** The pool of the path, or 404. */
export function agentPoolOf(request: HcpRequest): HcpTerraformAgentPool {
  requirePoolReading(request);
  return found(request, request.state.agentPools, request.params["agentPoolId"]);
}

/** The workspace of the path, by id or by organization and name, or 404. */
export function workspaceOf(request: HcpRequest): HcpTerraformWorkspace {
  const { workspaceId, workspaceName } = request.params;
  if (workspaceId !== undefined) return found(request, request.state.workspaces, workspaceId);
  const { name: organization } = organizationOf(request);
  const workspace = request.state.workspaces.find(
    (known) => known.organization === organization && known.name === workspaceName,
  );
  if (workspace === undefined) throw notFound();
  return workspace;
}

/** The project of the path, or 404. */
export function projectOf(request: HcpRequest): HcpTerraformProject {
  return found(request, request.state.projects, request.params["projectId"]);
}

/** True for an organization that the caller belongs to. */
export function isVisible(request: HcpRequest, organization: string): boolean {
  return request.caller.organizations.includes(organization);
}

/** The parsed `data` of the body, or a JSON:API refusal. */
export function dataOf<Schema extends z.ZodType>(
  request: HcpRequest,
  type: string | readonly string[],
  schema: Schema,
): z.output<Schema> {
  const types = typeof type === "string" ? [type] : type;
  const envelope = z.object({ data: z.looseObject({ type: z.enum(types as [string, ...string[]]) }) });
  const outer = envelope.safeParse(request.body);
  if (!outer.success) {
    throw hcpRefusal(400, "bad request", `the body must be a JSON:API document of type ${types[0]}`);
  }
  const result = schema.safeParse(outer.data.data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String) ?? [];
  throw hcpRefusal(
    422,
    "invalid attribute",
    `${path.at(-1) ?? "data"} ${issue?.message ?? "is invalid"}`,
    `/data/${path.join("/")}`,
  );
}

function found<Item extends { id: string; organization: string }>(
  request: HcpRequest,
  items: readonly Item[],
  id: string | undefined,
): Item {
  const item = items.find((known) => known.id === id);
  if (item === undefined || !isVisible(request, item.organization)) throw notFound();
  return item;
}

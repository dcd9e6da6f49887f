import type { z } from "zod";
import { mayAdminister } from "../credentials";
import { type Answer, type EmulatedRequest, type Operation, Refusal } from "../exchange";
import type { EnvZeroAgent, EnvZeroOrganization, EnvZeroProject, EnvZeroState } from "./state";

/** A request to env zero. */
export type EnvZeroRequest = EmulatedRequest<EnvZeroState>;

/** An operation of env zero. */
export type EnvZeroOperationEntry = Operation<EnvZeroState>;

/** A refusal in the shape `{message}`, the only one that env zero's provider knows about (`client/errors.go`). */
export function envZeroRefusal(status: number, message: string): Refusal {
  return new Refusal({ status, body: { message } });
}

/** 200 with a JSON body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The parsed body, or 400. */
export function bodyOf<Schema extends z.ZodType>(request: EnvZeroRequest, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw envZeroRefusal(400, `${issue?.path.join(".") || "body"}: ${issue?.message ?? "invalid"}`);
}

/** The organization that a call is for, given by id in the query or the body; 400 without one, 403 for another's. */
export function organizationOf(request: EnvZeroRequest, id: string | null): EnvZeroOrganization {
  if (!id) throw envZeroRefusal(400, "organizationId is required");
  const organization = request.state.organizations.find((known) => known.id === id);
  // GUESS: env zero answers 403 rather than masking, since its errors list both.
  if (organization === undefined || !request.caller.organizations.includes(id)) throw forbidden();
  return organization;
}

/** Refuses callers without the permission "Edit Organization Settings", which covers pools, secrets, assignments. */
export function requireOrganizationSettings(request: EnvZeroRequest): void {
  const reads = request.method === "GET" && request.caller.kind === "read-only";
  if (!reads && !mayAdminister(request.caller)) throw forbidden();
}

/** What names an agent pool in assignments: its id, or the key of a pool that is older than self-service. */
export function keyOf(agent: EnvZeroAgent): string {
  return agent.agentKey ?? agent.id;
}

/** The pool with this id or key. GUESS: where env zero takes an id, it still takes the key of an older pool. */
export function findAgent(state: EnvZeroState, idOrKey: string | undefined): EnvZeroAgent | undefined {
  return (
    state.agents.find(({ id }) => id === idOrKey) ?? state.agents.find((agent) => keyOf(agent) === idOrKey)
  );
}

/** The agent of the path, or 404. */
export function agentOf(request: EnvZeroRequest): EnvZeroAgent {
  requireOrganizationSettings(request);
  const id = request.params["agentId"];
  const agent = findAgent(request.state, id);
  if (agent === undefined || !request.caller.organizations.includes(agent.organizationId)) {
    throw envZeroRefusal(404, `Agent ${id} not found`);
  }
  return agent;
}

/** The project of the path, or 404. Archived projects can still be read. */
export function projectOf(request: EnvZeroRequest): EnvZeroProject {
  const id = request.params["projectId"];
  const project = request.state.projects.find((known) => known.id === id);
  if (project === undefined || !request.caller.organizations.includes(project.organizationId)) {
    throw envZeroRefusal(404, `Project ${id} not found`);
  }
  return project;
}

/** 403 `{message}`. */
export function forbidden(): Refusal {
  return envZeroRefusal(403, "Forbidden");
}

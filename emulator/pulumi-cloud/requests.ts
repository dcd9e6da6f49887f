import type { z } from "zod";
import { mayAdminister, mayWrite } from "../credentials";
import { type Answer, type EmulatedRequest, type Operation, Refusal } from "../exchange";
import type { PulumiAgentPool, PulumiCloudState, PulumiOrganization, PulumiStack } from "./state";

/** A request to Pulumi Cloud. */
export type PulumiRequest = EmulatedRequest<PulumiCloudState>;

/** An operation of Pulumi Cloud. */
export type PulumiOperationEntry = Operation<PulumiCloudState>;

/** A refusal in the shape `{code, message}` of `apitype.ErrorResponse` in pulumi/pulumi. */
export function pulumiRefusal(status: number, message: string): Refusal {
  return new Refusal({ status, body: { code: status, message } });
}

/** 200 with a JSON body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The parsed body, or 400. */
export function bodyOf<Schema extends z.ZodType>(request: PulumiRequest, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".");
  throw pulumiRefusal(
    400,
    `Bad Request: ${path ? `${path}: ` : ""}${issue?.message ?? "invalid request body"}`,
  );
}

/** The organization of the path; 404 when it doesn't exist or the caller can't see it, with the same words. */
export function organizationOf(request: PulumiRequest): PulumiOrganization {
  const name = request.params["orgName"] ?? "";
  const organization = request.state.organizations.find((known) => known.name === name);
  if (organization === undefined || !request.caller.organizations.includes(name)) {
    throw pulumiRefusal(404, `Not Found: Organization '${name}' not found`);
  }
  return organization;
}

/** The organization of the path, for somebody who may change its settings; else 403. */
export function administeredOrganizationOf(request: PulumiRequest): PulumiOrganization {
  const organization = organizationOf(request);
  const reads = request.method === "GET" && request.caller.kind === "read-only";
  if (!reads && !mayAdminister(request.caller)) throw forbidden();
  return organization;
}

/** The organization of the path, for somebody who may work with its agent pools. */
export function poolsOrganizationOf(request: PulumiRequest): PulumiOrganization {
  const organization = organizationOf(request);
  const { agentPools } = request.caller;
  if (agentPools === 403) throw forbidden();
  // GUESS: a service that hides pools answers as if the organization weren't there.
  if (agentPools === 404)
    throw pulumiRefusal(404, `Not Found: Organization '${organization.name}' not found`);
  return administeredOrganizationOf(request);
}

/** The pool of the path, or 404. */
export function agentPoolOf(request: PulumiRequest, organization: PulumiOrganization): PulumiAgentPool {
  const id = request.params["poolId"];
  const pool = organization.agentPools.find((known) => known.id === id);
  // The description gives this 404 the bare message "AgentPool".
  if (pool === undefined) throw pulumiRefusal(404, `Not Found: AgentPool '${id}' not found`);
  return pool;
}

/** The stack of the path, or 404. */
export function stackOf(request: PulumiRequest): { organization: PulumiOrganization; stack: PulumiStack } {
  const organization = organizationOf(request);
  const { projectName, stackName } = request.params;
  const stack = findStack(organization, projectName ?? "", stackName ?? "");
  if (stack === undefined || !maySee(request, organization, stack)) {
    throw pulumiRefusal(404, `Not Found: Stack '${organization.name}/${projectName}/${stackName}' not found`);
  }
  return { organization, stack };
}

/** The stack of the path, for somebody who may change it; else 403. */
export function writableStackOf(request: PulumiRequest): {
  organization: PulumiOrganization;
  stack: PulumiStack;
} {
  const found = stackOf(request);
  if (!mayWrite(request.caller)) throw forbidden();
  return found;
}

/**
 * True for a stack that the caller has access to: all of them for administrators, else those that the admin API says. A
 * stack that is gone (undefined) shows in what is left of it to those without a restriction.
 */
export function maySee(
  request: PulumiRequest,
  organization: PulumiOrganization,
  stack: PulumiStack | undefined,
): boolean {
  const accessible = organization.stackAccess[request.caller.login];
  return accessible === undefined || mayAdminister(request.caller) || accessible.includes(stack?.id ?? "");
}

/** The stack with these names, if any. */
export function findStack(
  organization: PulumiOrganization,
  project: string,
  name: string,
): PulumiStack | undefined {
  return organization.stacks.find((stack) => stack.project === project && stack.name === name);
}

/** 403 in the words of a missing permission. */
export function forbidden(): Refusal {
  return pulumiRefusal(403, "Forbidden: You do not have permission to perform this action");
}

/** A user as other answers mention one. */
export function userInfo(login: string): { name: string; githubLogin: string; avatarUrl: string } {
  return { name: login, githubLogin: login, avatarUrl: `https://example.invalid/avatars/${login}` };
}

import { z } from "zod";
import { mayWrite } from "../credentials";
import type { Answer } from "../exchange";
import { newUuid } from "../identifiers";
import {
  bodyOf,
  findStack,
  forbidden,
  maySee,
  ok,
  organizationOf,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
  stackOf,
  writableStackOf,
} from "./requests";
import type { PulumiOrganization, PulumiStack } from "./state";

const project = "/api/stacks/:orgName/:projectName";
const stackPath = `${project}/:stackName`;

/** Stacks and their tags: `ListUserStacks` to `UpdateStackTags`. */
export const stackOperations: PulumiOperationEntry[] = [
  { id: "ListUserStacks", method: "GET", path: "/api/user/stacks", handle: listStacks },
  { id: "ProjectExists", method: "HEAD", path: project, handle: projectExists },
  { id: "CreateStack", method: "POST", path: project, handle: createStack },
  { id: "GetStack", method: "GET", path: stackPath, handle: getStack },
  { id: "ExportStack", method: "GET", path: `${stackPath}/export`, handle: exportStack },
  { id: "DeleteStack", method: "DELETE", path: stackPath, handle: deleteStack },
  { id: "UpdateStackTags", method: "PATCH", path: `${stackPath}/tags`, handle: replaceTags },
  { id: "AddStackTag", method: "POST", path: `${stackPath}/tags`, handle: addTag },
  { id: "UpdateStackTag", method: "PATCH", path: `${stackPath}/tags/:tagName`, handle: updateTag },
  { id: "DeleteStackTag", method: "DELETE", path: `${stackPath}/tags/:tagName`, handle: deleteTag },
];

/** Stack and project names: letters, digits, `_`, `-`, `.`, at most 100 (pulumi/pulumi, `tokens.ValidateStackName`). */
const namePattern = /^[A-Za-z0-9_.-]{1,100}$/;

// GUESS: the page size is not published; small enough that clients with a few hundred stacks have to follow the token.
const pageSize = 100;

function listStacks(request: PulumiRequest): Answer {
  const { query, caller, state } = request;
  const organizationName = query.get("organization");
  if (organizationName !== null && !caller.organizations.includes(organizationName)) {
    throw pulumiRefusal(404, `Not Found: Organization '${organizationName}' not found`);
  }
  const stacks = state.organizations
    .filter(({ name }) => caller.organizations.includes(name))
    .filter(({ name }) => organizationName === null || name === organizationName)
    .flatMap((organization) => organization.stacks.map((stack) => ({ organization, stack })))
    .filter(
      ({ organization, stack }) =>
        maySee(request, organization, stack) &&
        matchesTag(stack, query) &&
        (query.get("project") ?? stack.project) === stack.project,
    );
  const start = offsetOf(query.get("continuationToken"));
  const size = Math.min(Number(query.get("maxResults") ?? pageSize) || pageSize, 1000);
  const end = start + size;
  return ok({
    stacks: stacks.slice(start, end).map(({ organization, stack }) => stackSummary(organization, stack)),
    ...(end < stacks.length && { continuationToken: Buffer.from(`stacks:${end}`).toString("base64url") }),
  });
}

function projectExists(request: PulumiRequest): Answer {
  const organization = organizationOf(request);
  const exists = organization.stacks.some(
    (stack) => stack.project === request.params["projectName"] && maySee(request, organization, stack),
  );
  if (!exists) throw pulumiRefusal(404, `Not Found: Project '${request.params["projectName"]}' not found`);
  return { status: 200 };
}

function createStack(request: PulumiRequest): Answer {
  const organization = organizationOf(request);
  if (!mayWrite(request.caller)) throw forbidden();
  const projectName = request.params["projectName"] ?? "";
  const body = z.object({
    stackName: z.string(),
    tags: z.record(z.string(), z.string()).nullish(),
    teams: z.array(z.string()).nullish(),
  });
  const { stackName, tags } = bodyOf(request, body);
  if (!namePattern.test(stackName) || !namePattern.test(projectName)) {
    throw pulumiRefusal(400, "Bad Request: a stack name may contain only letters, digits, '_', '-' and '.'");
  }
  if (findStack(organization, projectName, stackName) !== undefined) {
    throw pulumiRefusal(409, `Conflict: Stack '${stackName}' already exists`);
  }
  const stack = newStack(projectName, stackName, tags ?? {});
  organization.stacks.push(stack);
  // Whoever makes a stack may see it.
  organization.stackAccess[request.caller.login]?.push(stack.id);
  return ok({});
}

/** A stack without deployment settings. */
export function newStack(projectName: string, name: string, tags: Record<string, string> = {}): PulumiStack {
  return {
    id: newUuid(),
    project: projectName,
    name,
    tags: { "pulumi:project": projectName, ...tags },
    settingsVersion: 0,
    paused: false,
  };
}

function getStack(request: PulumiRequest): Answer {
  const { organization, stack } = stackOf(request);
  return ok({
    id: stack.id,
    orgName: organization.name,
    projectName: stack.project,
    stackName: stack.name,
    activeUpdate: "",
    tags: stack.tags,
    version: 0,
  });
}

function exportStack(request: PulumiRequest): Answer {
  stackOf(request);
  // No updates are emulated, so every stack is as empty as on its first day.
  return ok({ version: 3, deployment: {} });
}

function deleteStack(request: PulumiRequest): Answer {
  const { organization, stack } = writableStackOf(request);
  organization.stacks = organization.stacks.filter((known) => known !== stack);
  return { status: 204 };
}

function replaceTags(request: PulumiRequest): Answer {
  const { stack } = writableStackOf(request);
  const tags = bodyOf(request, z.record(z.string(), z.string()));
  if (tags["pulumi:project"] !== undefined && tags["pulumi:project"] !== stack.project) {
    throw pulumiRefusal(400, "Bad Request: Cannot change project's name");
  }
  stack.tags = { ...tags, "pulumi:project": stack.project };
  return { status: 204 };
}

function addTag(request: PulumiRequest): Answer {
  const { stack } = writableStackOf(request);
  const { name, value } = bodyOf(request, z.object({ name: z.string().min(1), value: z.string() }));
  if (stack.tags[name] !== undefined) throw pulumiRefusal(400, `Bad Request: tag '${name}' already exists`);
  stack.tags[name] = value;
  return { status: 204 };
}

function updateTag(request: PulumiRequest): Answer {
  const { stack, name } = customTagOf(request);
  stack.tags[name] = bodyOf(request, z.object({ name: z.string().optional(), value: z.string() })).value;
  return { status: 204 };
}

function deleteTag(request: PulumiRequest): Answer {
  const { stack, name } = customTagOf(request);
  delete stack.tags[name];
  return { status: 204 };
}

function customTagOf(request: PulumiRequest): { stack: PulumiStack; name: string } {
  const { stack } = writableStackOf(request);
  const name = request.params["tagName"] ?? "";
  if (name === "pulumi:project") throw pulumiRefusal(400, "Bad Request: built-in tags cannot be changed");
  if (stack.tags[name] === undefined) throw pulumiRefusal(404, `Not Found: tag '${name}' not found`);
  return { stack, name };
}

function matchesTag(stack: PulumiStack, query: URLSearchParams): boolean {
  const name = query.get("tagName");
  if (name === null) return true;
  const value = query.get("tagValue");
  return value === null ? stack.tags[name] !== undefined : stack.tags[name] === value;
}

function offsetOf(token: string | null): number {
  if (token === null) return 0;
  const match = /^stacks:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match === null) throw pulumiRefusal(400, "Bad Request: Invalid continuation token");
  return Number(match[1]);
}

function stackSummary(organization: PulumiOrganization, stack: PulumiStack): object {
  return { id: stack.id, orgName: organization.name, projectName: stack.project, stackName: stack.name };
}

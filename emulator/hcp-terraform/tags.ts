import { z } from "zod";
import type { Answer } from "../exchange";
import { listAnswer, type Resource } from "./json-api";
import {
  type HcpOperationEntry,
  type HcpRequest,
  hcpRefusal,
  projectOf,
  requireWriting,
  workspaceOf,
} from "./requests";
import type { HcpTerraformProject, HcpTerraformState, HcpTerraformWorkspace, TagBinding } from "./state";
import { effectiveBindings } from "./workspace-filters";

const workspace = "/api/v2/workspaces/:workspaceId";
const project = "/api/v2/projects/:projectId";
const consumers = `${workspace}/relationships/remote-state-consumers`;

/**
 * What the vendor's provider reads and writes around a workspace or project on its way: tags, tag bindings, consumers
 * of remote state. None of it has a meaning here beyond being kept.
 */
export const tagOperations: HcpOperationEntry[] = [
  { id: "listWorkspaceTags", method: "GET", path: `${workspace}/relationships/tags`, handle: listTags },
  { id: "addWorkspaceTags", method: "POST", path: `${workspace}/relationships/tags`, handle: addTags },
  {
    id: "removeWorkspaceTags",
    method: "DELETE",
    path: `${workspace}/relationships/tags`,
    handle: removeTags,
  },
  { id: "listWorkspaceTagBindings", method: "GET", path: `${workspace}/tag-bindings`, handle: listBindings },
  {
    id: "updateWorkspaceTagBindings",
    method: "PATCH",
    path: `${workspace}/tag-bindings`,
    handle: writeBindings,
  },
  {
    id: "listWorkspaceEffectiveTagBindings",
    method: "GET",
    path: `${workspace}/effective-tag-bindings`,
    handle: listEffectiveBindings,
  },
  { id: "listProjectTagBindings", method: "GET", path: `${project}/tag-bindings`, handle: listBindings },
  { id: "updateProjectTagBindings", method: "PATCH", path: `${project}/tag-bindings`, handle: writeBindings },
  {
    id: "listProjectEffectiveTagBindings",
    method: "GET",
    path: `${project}/effective-tag-bindings`,
    handle: listEffectiveBindings,
  },
  { id: "listWorkspaceRemoteStateConsumers", method: "GET", path: consumers, handle: listConsumers },
  { id: "addWorkspaceRemoteStateConsumers", method: "POST", path: consumers, handle: addConsumers },
  { id: "replaceWorkspaceRemoteStateConsumers", method: "PATCH", path: consumers, handle: replaceConsumers },
  { id: "removeWorkspaceRemoteStateConsumers", method: "DELETE", path: consumers, handle: removeConsumers },
];

const tag = z.looseObject({
  id: z.string().optional(),
  attributes: z.looseObject({ name: z.string() }).optional(),
});
const binding = z.looseObject({
  attributes: z.looseObject({ key: z.string(), value: z.string().nullish() }),
});

/** What can have tag bindings. */
type Tagged = HcpTerraformWorkspace | HcpTerraformProject;

/** The tag bindings in a workspace's or project's `relationships`, or those that it had. */
export function tagBindingsOf(request: HcpRequest, before: TagBinding[]): TagBinding[] {
  const body = z.object({
    data: z.object({ relationships: z.object({ "tag-bindings": z.object({ data: z.array(binding) }) }) }),
  });
  const result = body.safeParse(request.body);
  return result.success ? result.data.data.relationships["tag-bindings"].data.map(bindingOf) : before;
}

/** The tag names in a workspace's `relationships`, or those that it had. */
export function tagNamesOf(request: HcpRequest, before: string[]): string[] {
  const body = z.object({
    data: z.object({ relationships: z.object({ tags: z.object({ data: z.array(tag) }) }) }),
  });
  const result = body.safeParse(request.body);
  return result.success ? result.data.data.relationships.tags.data.flatMap(tagNameOf) : before;
}

/** The bindings of a workspace or project as resources of `?include=effective_tag_bindings`. */
export function effectiveTagBindings(state: HcpTerraformState, tagged: Tagged): Resource[] {
  const tagBindings = "projectId" in tagged ? effectiveBindings(state, tagged) : tagged.tagBindings;
  return bindingResources("effective-tag-bindings", { id: tagged.id, tagBindings });
}

function listTags(request: HcpRequest): Answer {
  const resources = workspaceOf(request).tagNames.map((name) => ({
    id: `tag-${name}`,
    type: "tags",
    attributes: { name },
  }));
  return listAnswer(request, resources);
}

function addTags(request: HcpRequest): Answer {
  const found = workspaceOf(request);
  requireWriting(request);
  found.tagNames = [...new Set([...found.tagNames, ...namedTags(request)])];
  return { status: 204 };
}

function removeTags(request: HcpRequest): Answer {
  const found = workspaceOf(request);
  requireWriting(request);
  const names = new Set(namedTags(request));
  found.tagNames = found.tagNames.filter((name) => !names.has(name));
  return { status: 204 };
}

function listBindings(request: HcpRequest): Answer {
  return listAnswer(request, bindingResources("tag-bindings", taggedOf(request)));
}

function listEffectiveBindings(request: HcpRequest): Answer {
  return listAnswer(request, effectiveTagBindings(request.state, taggedOf(request)));
}

function writeBindings(request: HcpRequest): Answer {
  const tagged = taggedOf(request);
  requireWriting(request);
  const wanted = parsed(request, z.object({ data: z.array(binding) })).data.map(bindingOf);
  const kept = tagged.tagBindings.filter(({ key }) => !wanted.some((change) => change.key === key));
  tagged.tagBindings = [...kept, ...wanted];
  return listAnswer(request, bindingResources("tag-bindings", tagged));
}

function listConsumers(request: HcpRequest): Answer {
  const ids = workspaceOf(request).remoteStateConsumerIds;
  return listAnswer(
    request,
    ids.map((id) => ({ id, type: "workspaces", attributes: {} })),
  );
}

function addConsumers(request: HcpRequest): Answer {
  return changeConsumers(request, (before, named) => [...new Set([...before, ...named])]);
}

function replaceConsumers(request: HcpRequest): Answer {
  return changeConsumers(request, (_before, named) => named);
}

function removeConsumers(request: HcpRequest): Answer {
  return changeConsumers(request, (before, named) => before.filter((id) => !named.includes(id)));
}

function changeConsumers(
  request: HcpRequest,
  change: (before: string[], named: string[]) => string[],
): Answer {
  const found = workspaceOf(request);
  requireWriting(request);
  const { data } = parsed(request, z.object({ data: z.array(z.looseObject({ id: z.string() })) }));
  found.remoteStateConsumerIds = change(
    found.remoteStateConsumerIds,
    data.map(({ id }) => id),
  );
  return { status: 204 };
}

function taggedOf(request: HcpRequest): Tagged {
  return request.params["projectId"] === undefined ? workspaceOf(request) : projectOf(request);
}

function namedTags(request: HcpRequest): string[] {
  return parsed(request, z.object({ data: z.array(tag) })).data.flatMap(tagNameOf);
}

function tagNameOf({ id, attributes }: z.output<typeof tag>): string | [] {
  return attributes?.name ?? id?.replace(/^tag-/, "") ?? [];
}

function parsed<Schema extends z.ZodType>(request: HcpRequest, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(request.body);
  if (!result.success) throw hcpRefusal(400, "bad request", "the body must be a JSON:API document");
  return result.data;
}

function bindingOf({ attributes }: z.output<typeof binding>): TagBinding {
  return { key: attributes.key, value: attributes.value ?? "" };
}

function bindingResources(type: string, tagged: { id: string; tagBindings: TagBinding[] }): Resource[] {
  return tagged.tagBindings.map(({ key, value }) => ({
    id: `${tagged.id}-${key}`,
    type,
    attributes: { key, value },
  }));
}

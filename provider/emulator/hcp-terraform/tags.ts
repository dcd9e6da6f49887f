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
import type { TagBinding } from "./state";

const workspace = "/api/v2/workspaces/:workspaceId";
const project = "/api/v2/projects/:projectId";

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
  {
    id: "listRemoteStateConsumers",
    method: "GET",
    path: `${workspace}/relationships/remote-state-consumers`,
    handle: listConsumers,
  },
  {
    id: "updateRemoteStateConsumers",
    method: "PATCH",
    path: `${workspace}/relationships/remote-state-consumers`,
    handle: writeConsumers,
  },
];

const binding = z.looseObject({
  attributes: z.looseObject({ key: z.string(), value: z.string().nullish() }),
});

/** The tag bindings in a workspace's or project's `relationships`, or those that it had. */
export function tagBindingsOf(request: HcpRequest, before: TagBinding[]): TagBinding[] {
  const body = z.object({
    data: z.object({ relationships: z.object({ "tag-bindings": z.object({ data: z.array(binding) }) }) }),
  });
  const result = body.safeParse(request.body);
  return result.success ? result.data.data.relationships["tag-bindings"].data.map(bindingOf) : before;
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
  found.tagNames = [...new Set([...found.tagNames, ...tagNamesOf(request)])];
  return { status: 204 };
}

function removeTags(request: HcpRequest): Answer {
  const found = workspaceOf(request);
  requireWriting(request);
  const names = new Set(tagNamesOf(request));
  found.tagNames = found.tagNames.filter((name) => !names.has(name));
  return { status: 204 };
}

function listBindings(request: HcpRequest): Answer {
  return listAnswer(request, bindingResources("tag-bindings", taggedOf(request).tagBindings));
}

function listEffectiveBindings(request: HcpRequest): Answer {
  return listAnswer(request, bindingResources("effective-tag-bindings", taggedOf(request).tagBindings));
}

function writeBindings(request: HcpRequest): Answer {
  const tagged = taggedOf(request);
  requireWriting(request);
  const wanted = parsed(request, z.object({ data: z.array(binding) })).data.map(bindingOf);
  const kept = tagged.tagBindings.filter(({ key }) => !wanted.some((change) => change.key === key));
  tagged.tagBindings = [...kept, ...wanted];
  return listAnswer(request, bindingResources("tag-bindings", tagged.tagBindings));
}

function listConsumers(request: HcpRequest): Answer {
  const ids = workspaceOf(request).remoteStateConsumerIds;
  return listAnswer(
    request,
    ids.map((id) => ({ id, type: "workspaces", attributes: {} })),
  );
}

function writeConsumers(request: HcpRequest): Answer {
  const found = workspaceOf(request);
  requireWriting(request);
  const { data } = parsed(request, z.object({ data: z.array(z.looseObject({ id: z.string() })) }));
  found.remoteStateConsumerIds = data.map(({ id }) => id);
  return { status: 204 };
}

function taggedOf(request: HcpRequest): { tagBindings: TagBinding[] } {
  return request.params["projectId"] === undefined ? workspaceOf(request) : projectOf(request);
}

function tagNamesOf(request: HcpRequest): string[] {
  const tag = z.looseObject({
    id: z.string().optional(),
    attributes: z.looseObject({ name: z.string() }).optional(),
  });
  const { data } = parsed(request, z.object({ data: z.array(tag) }));
  return data.flatMap(({ id, attributes }) => attributes?.name ?? id?.replace(/^tag-/, "") ?? []);
}

function parsed<Schema extends z.ZodType>(request: HcpRequest, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(request.body);
  if (!result.success) throw hcpRefusal(400, "bad request", "the body must be a JSON:API document");
  return result.data;
}

function bindingOf({ attributes }: z.output<typeof binding>): TagBinding {
  return { key: attributes.key, value: attributes.value ?? "" };
}

function bindingResources(type: string, bindings: readonly TagBinding[]): Resource[] {
  return bindings.map(({ key, value }) => ({ id: `tb-${key}`, type, attributes: { key, value } }));
}

import { z } from "zod";

/**
 * JSON:API documents of HCP Terraform: strict about what we read, silent about what the vendor adds. The vendor's
 * description marks little as required; what every decision rests on is required here: its absence is a broken answer.
 */

const reference = z.object({ id: z.string() });
const toMany = z.object({ data: z.array(reference).nullish() }).nullish();
const toOne = z.object({ data: reference.nullish() }).nullish();

export const poolResource = z.object({
  id: z.string(),
  attributes: z.object({
    name: z.string(),
    /** Never assumed: it is written back with every change, and `true` opens the pool to everybody. */
    "organization-scoped": z.boolean(),
    "created-at": z.string().nullish(),
  }),
  relationships: z
    .object({
      "allowed-workspaces": toMany,
      "allowed-projects": toMany,
      "excluded-workspaces": toMany,
    })
    .partial()
    .default({}),
});

export const tokenResource = z.object({
  id: z.string(),
  attributes: z.object({
    description: z.string().nullish(),
    "created-at": z.string().nullish(),
    "last-used-at": z.string().nullish(),
  }),
});

export const createdTokenResource = tokenResource.extend({
  attributes: tokenResource.shape.attributes.extend({ token: z.string().min(1) }),
});

export const workspaceResource = z.object({
  id: z.string(),
  attributes: z.object({
    name: z.string(),
    "execution-mode": z.string(),
    "setting-overwrites": z
      .object({ "execution-mode": z.boolean().nullish(), "agent-pool": z.boolean().nullish() })
      .nullish(),
  }),
  relationships: z
    .object({ "agent-pool": toOne, organization: toOne, project: toOne, "current-run": toOne })
    .partial()
    .default({}),
});

export const projectResource = z.object({
  id: z.string(),
  attributes: z.object({
    name: z.string(),
    "default-execution-mode": z.string().nullish(),
    "setting-overwrites": z
      .object({
        "default-execution-mode": z.boolean().nullish(),
        "default-agent-pool": z.boolean().nullish(),
      })
      .nullish(),
  }),
  relationships: z.object({ "default-agent-pool": toOne, organization: toOne }).partial().default({}),
});

export const organizationResource = z.object({
  id: z.string(),
  attributes: z.object({
    "default-execution-mode": z.string().nullish(),
    /** What the credential may do in the organization. */
    permissions: z.record(z.string(), z.unknown()).nullish(),
  }),
  relationships: z.object({ "default-agent-pool": toOne }).partial().default({}),
});

export const agentResource = z.object({
  id: z.string(),
  attributes: z.object({
    name: z.string().nullish(),
    status: z.string(),
    "last-ping-at": z.string().nullish(),
  }),
});

export const runResource = z.object({
  id: z.string(),
  attributes: z.object({ status: z.string(), "plan-only": z.boolean().nullish() }),
  relationships: z.object({ workspace: toOne }).partial().default({}),
});

export type OrganizationResource = z.output<typeof organizationResource>;
export type PoolResource = z.output<typeof poolResource>;
export type TokenResource = z.output<typeof tokenResource>;
export type WorkspaceResource = z.output<typeof workspaceResource>;
export type ProjectResource = z.output<typeof projectResource>;

/** A to-many relationship in a request body. */
export function references(type: string, ids: Iterable<string>) {
  return { data: [...ids].map((id) => ({ id, type })) };
}

/** A document with one resource. */
export function one<Resource extends z.ZodType>(resource: Resource) {
  return z.object({ data: resource });
}

/** One page of a list. */
export function page<Resource extends z.ZodType>(resource: Resource) {
  return z.object({
    data: z.array(resource),
    meta: z
      .object({
        pagination: z
          .object({ "next-page": z.number().nullish(), "total-pages": z.number().nullish() })
          .nullish(),
      })
      .nullish(),
  });
}

const errorBody = z.object({
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          title: z.string().nullish(),
          detail: z.string().nullish(),
          source: z.object({ pointer: z.string().nullish() }).nullish(),
        }),
      ]),
    )
    .min(1),
});

/** The texts of a JSON:API error document, joined. */
export function errorMessage(body: unknown): string | undefined {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return undefined;
  return parsed.data.errors
    .map((error) => {
      if (typeof error === "string") return error;
      const text = error.detail ?? error.title ?? "an error without a text";
      return error.source?.pointer ? `${text} (${error.source.pointer})` : text;
    })
    .join("; ");
}

import { z } from "zod";

/**
 * JSON:API documents of HCP Terraform: strict about what we read, silent about what the vendor adds. The vendor's
 * description marks little as required; what every decision rests on is required here: its absence is a broken answer.
 */

const reference = z.object({ id: z.string() });
const toMany = z.object({ data: z.array(reference).nullish() }).nullish();
const toOne = z.object({ data: reference.nullish() }).nullish();

/** A field that is required because of what another one says. */
function requireField(context: z.RefinementCtx, isThere: boolean, path: string[], reason: string): void {
  if (!isThere) context.addIssue({ code: "custom", path, message: reason });
}

export const poolResource = z
  .object({
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
  })
  .superRefine(requireLists);

type Lists = { readonly [list: string]: { readonly data?: unknown } | null | undefined };

/**
 * The lists that decide who may use a pool: a missing one is not an empty one. Lists of workspaces are as old as scopes
 * are (Terraform Enterprise v202207-1); lists of projects and of exclusions came together in 2025, so a service that
 * knows one of them knows both.
 */
function requireLists(
  pool: { readonly attributes: { readonly "organization-scoped": boolean }; readonly relationships: Lists },
  context: z.RefinementCtx,
): void {
  const has = (list: string) => Array.isArray(pool.relationships[list]?.data);
  const require = (list: string, reason: string) =>
    requireField(context, has(list), ["relationships", list, "data"], reason);
  const pair = ["allowed-projects", "excluded-workspaces"] as const;
  if (has(pair[0])) require(pair[1], `although the answer has ${pair[0]}`);
  if (pool.attributes["organization-scoped"]) return;
  if (has(pair[1])) require(pair[0], `although the answer has ${pair[1]}`);
  require("allowed-workspaces", "although the pool is not organization-scoped");
}

export const tokenResource = z.object({
  id: z.string(),
  attributes: z.object({
    description: z.string().nullish(),
    "created-at": z.string().nullish(),
    /** Null: never used. Never assumed: a token without this time would count as unused, and be revoked. */
    "last-used-at": z.string().nullable(),
  }),
});

export const createdTokenResource = tokenResource.extend({
  attributes: tokenResource.shape.attributes.extend({
    token: z.string().min(1),
    // Its value is shown this once, and must not get lost for want of what is known of every new token.
    "last-used-at": z
      .string()
      .nullish()
      .transform((time) => time ?? null),
  }),
});

/** Whether the mode or the pool comes from above. An installation that does not know overwrites has no inheritance either. */
export function isInherited(
  overwrites: Readonly<Record<string, boolean | null | undefined>> | null | undefined,
): boolean {
  return Object.values(overwrites ?? {}).includes(false);
}

export const workspaceResource = z
  .object({
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
  })
  .superRefine(({ attributes, relationships }, context) => {
    if (isInherited(attributes["setting-overwrites"])) return;
    requirePool(context, "agent-pool", "execution-mode", attributes["execution-mode"], relationships);
  });

export const projectResource = z
  .object({
    id: z.string(),
    attributes: z.object({
      name: z.string(),
      /** Absent, like all that belongs to it, where the service knows no defaults of projects (before 2025-07). */
      "default-execution-mode": z.string().nullish(),
      "setting-overwrites": z
        .object({
          "default-execution-mode": z.boolean().nullish(),
          "default-agent-pool": z.boolean().nullish(),
        })
        .nullish(),
    }),
    relationships: z.object({ "default-agent-pool": toOne, organization: toOne }).partial().default({}),
  })
  .superRefine(({ attributes, relationships }, context) => {
    const { "default-execution-mode": mode, "setting-overwrites": own } = attributes;
    const knowsDefaults = Boolean(own) || relationships["default-agent-pool"] !== undefined;
    const path = ["attributes", "default-execution-mode"];
    requireField(context, Boolean(mode) || !knowsDefaults, path, "although the answer has other defaults");
    if (isInherited(own)) return;
    requirePool(context, "default-agent-pool", "default-execution-mode", mode, relationships);
  });

export const organizationResource = z
  .object({
    id: z.string(),
    attributes: z.object({
      "default-execution-mode": z.string(),
      /** What the credential may do in the organization. */
      permissions: z.record(z.string(), z.unknown()).nullish(),
    }),
    relationships: z.object({ "default-agent-pool": toOne }).partial().default({}),
  })
  .superRefine(({ attributes, relationships }, context) => {
    const mode = attributes["default-execution-mode"];
    requirePool(context, "default-agent-pool", "default-execution-mode", mode, relationships);
  });

/**
 * What runs on agents says on which pool (API: "Workspaces", "Projects", "Organizations"), or by null that it has none. An
 * answer that leaves this out is broken, and does not say "no pool".
 */
function requirePool(
  context: z.RefinementCtx,
  pool: string,
  modeName: string,
  mode: string | null | undefined,
  relationships: { readonly [name: string]: z.output<typeof toOne> },
): void {
  const said = relationships[pool];
  const isThere = mode !== "agent" || said === null || said?.data !== undefined;
  requireField(context, isThere, ["relationships", pool, "data"], `although ${modeName} is agent`);
}

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

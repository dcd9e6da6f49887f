import { z } from "zod";

/** Wire shapes of the env zero API: strict about what we read, silent about what the vendor adds. */

export const organization = z.object({ id: z.string(), name: z.string() });

/** A pool as the operations on one pool show it. */
export const pool = z.object({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().nullish(),
  agentKey: z.string().nullish(),
  logs: z
    .object({
      dynamo: z
        .object({
          selfHosted: z
            .object({ accountId: z.string(), region: z.string(), externalId: z.string() })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** Agents that the vendor's support made before pools could be: the list shows their key and nothing else. */
const legacyAgent = z
  .object({ id: z.null().optional(), agentKey: z.string().min(1), name: z.string().optional() })
  .transform(({ agentKey, name }) => ({ id: agentKey, agentKey, name: name ?? agentKey }));

export const listedPool: z.ZodType<PoolResource> = z.union([pool, legacyAgent]);

export const secret = z.object({
  id: z.string(),
  description: z.string().nullish(),
  createdAt: z.string().nullish(),
});

export const createdSecret = secret.extend({ secret: z.string().min(1) });

/** Values are ids of pools or, in organizations that had agents before 2026, keys of agents. */
export const assignments = z.object({
  defaultAgent: z.string().nullable(),
  projectsAgents: z.record(z.string(), z.string().nullable()),
});

export const project = z.object({
  id: z.string(),
  name: z.string(),
  isArchived: z.boolean().nullish(),
});

/** The value that, written for a project, ends its assignment; and the default of organizations without one of theirs. */
export const unassigned = "ENV0_DEFAULT";

const errorBody = z.object({ message: z.union([z.string(), z.array(z.string())]) });

/** Only `{message}` is known of error bodies. */
export function errorMessage(body: unknown): string | undefined {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return undefined;
  return [parsed.data.message].flat().join("; ");
}

export type PoolResource = z.output<typeof pool>;
export type SecretResource = z.output<typeof secret>;

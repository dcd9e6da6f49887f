import { z } from "zod";

/** Wire shapes of the env zero API: strict about what we read, silent about what the vendor adds. */

export const organization = z.object({ id: z.string(), name: z.string() });

export const pool = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
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

export const secret = z.object({
  id: z.string(),
  description: z.string().nullish(),
  createdAt: z.string().nullish(),
});

export const createdSecret = secret.extend({ secret: z.string().min(1) });

export const assignments = z.object({
  defaultAgent: z.string().nullish(),
  projectsAgents: z.record(z.string(), z.unknown()),
});

export const project = z.object({ id: z.string(), name: z.string() });

/** The value that, written for a project, ends its assignment. */
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

import { z } from "zod";

/**
 * Wire shapes of the Pulumi Cloud REST API. Lists that the vendor's description requires are required here too: an answer
 * without one is broken, and not an empty list. What the vendor adds is ignored.
 */

export const poolList = z.object({
  agentPools: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string().nullish(),
      created: z.number().nullish(),
    }),
  ),
  /** "Omitted if the organization uses the Pulumi Hosted Pool." */
  defaultAgentPoolID: z.string().nullish(),
});

export const createdPool = z.object({ id: z.string().min(1), tokenValue: z.string().min(1) });

export const updatedPool = z.object({ name: z.string(), description: z.string().nullish() });

export const poolDetail = z.object({
  agents: z.array(
    z.object({
      hostname: z.string(),
      pid: z.union([z.string(), z.number()]).nullish(),
      version: z.string().nullish(),
      lastSeen: z.number().nullish(),
      status: z.string(),
    }),
  ),
});

/** Of a stack's deployment settings only the one key that is ours. */
export const deploymentSettings = z.object({ agentPoolID: z.string().nullish() });

export const stackList = z.object({
  stacks: z.array(z.object({ orgName: z.string(), projectName: z.string(), stackName: z.string() })),
  continuationToken: z.string().nullish(),
});

export const insightsAccount = z.object({
  name: z.string(),
  agentPoolID: z.string().nullish(),
  providerEnvRef: z.string().nullish(),
});

/** The one list that the description does not require: absent where there are no accounts. */
export const insightsAccountList = z.object({
  accounts: z.array(z.object({ name: z.string(), agentPoolID: z.string().nullish() })).nullish(),
  nextToken: z.string().nullish(),
});

const policyGroupMode = z.enum(["audit", "preventative"]);

export const policyGroup = z.object({
  name: z.string(),
  mode: policyGroupMode,
  agentPoolId: z.string().nullish(),
});

export const policyGroupList = z.object({
  policyGroups: z.array(z.object({ name: z.string(), mode: policyGroupMode })),
});

/** Counts "may be more than the requesting user has permission to see". */
export const organizationMetadata = z.object({
  userRole: z.string(),
  stackCount: z.number(),
  accountCount: z.number(),
});

const deployment = z.object({
  id: z.string(),
  status: z.string(),
  created: z.string().nullish(),
  agentPool: z.object({ id: z.string() }).nullish(),
});

export type Deployment = z.output<typeof deployment>;

export const deploymentList = z.object({ deployments: z.array(deployment) });

export const deploymentCounts = z.object({
  deploymentCounts: z.object({ notStarted: z.number(), accepted: z.number(), running: z.number() }),
});

const errorBody = z.object({
  message: z.string(),
  errors: z
    .array(
      z.object({
        resource: z.string().nullish(),
        attribute: z.string().nullish(),
        errorType: z.string().nullish(),
        customMessage: z.string().nullish(),
      }),
    )
    .nullish(),
});

/** The service's message with the details that name an attribute. */
export function errorMessage(body: unknown): string | undefined {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return undefined;
  const details = (parsed.data.errors ?? []).map((error) =>
    [error.resource, error.attribute, error.errorType, error.customMessage].filter(Boolean).join(" "),
  );
  return [parsed.data.message.replace(/^\[\d+\]\s*/, ""), ...details].filter(Boolean).join("; ");
}

/** A Unix time in seconds or, as some answers have it, milliseconds; as ISO 8601. */
export function toIsoTime(time: number | null | undefined): string | undefined {
  if (!time) return undefined;
  return new Date(time > 1e11 ? time : time * 1000).toISOString();
}

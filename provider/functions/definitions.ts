import { z } from "zod";
import { controlPlane, controlPlaneOfPool, poolReference } from "../resources/common-inputs";

/** One function, described once, as resources are: validation, package schema and TypeScript are made from it. */
export interface FunctionDefinition {
  /** Name of the function, for example `getRunnerPool`. */
  readonly name: string;
  /** What it tells, in Markdown. */
  readonly description: string;
  readonly inputs: z.ZodObject;
  readonly outputs: z.ZodObject;
}

const runnerPoolFields = {
  id: z.string().describe("Id as a `RunnerPool` has it, for arguments named `pool` and for `pulumi import`."),
  poolId: z.string().describe("The control plane's own id of the pool."),
  controlPlane: controlPlane.describe("The organization that the pool belongs to."),
  name: z.string().describe("Name of the pool."),
  description: z
    .string()
    .optional()
    .describe("What the pool is for, where the control plane has such a field."),
  createdAt: z
    .string()
    .optional()
    .describe("When the pool was made (ISO 8601), where the control plane says it."),
  isDefault: z.boolean().describe("It is the organization's default pool."),
};

export const getRunnerPool = {
  name: "getRunnerPool",
  description:
    "Finds one runner pool of an organization, by its id or by its name. It fails where there is none, or more than one of that name.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference.optional(),
    name: z.string().min(1, "must not be empty").optional().describe("Name of the pool, instead of `pool`."),
  }),
  outputs: z.object(runnerPoolFields),
} satisfies FunctionDefinition;

export const getRunnerPools = {
  name: "getRunnerPools",
  description: "Lists the runner pools of an organization, sorted by name.",
  inputs: z.strictObject({
    controlPlane,
    namePattern: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe("Only pools of such names; `*` stands for any characters."),
  }),
  outputs: z.object({
    pools: z
      .array(
        z
          .object(runnerPoolFields)
          .describe("A runner pool as its control plane shows it.")
          .meta({ typeName: "RunnerPoolSummary" }),
      )
      .describe("The pools."),
  }),
} satisfies FunctionDefinition;

export const getAgents = {
  name: "getAgents",
  description:
    "Lists the agents that are or were connected to a pool. Not on env zero, whose API shows no single agents.",
  inputs: z.strictObject({ controlPlane: controlPlaneOfPool, pool: poolReference }),
  outputs: z.object({
    agents: z
      .array(
        z
          .object({
            id: z
              .string()
              .describe("The control plane's id of the agent; host and process id on Pulumi Cloud."),
            name: z.string().describe("Name of the agent."),
            status: z.string().describe("Its state, in the control plane's own word."),
            online: z.boolean().describe("It is connected and takes work, or is at work."),
            lastSeenAt: z.string().optional().describe("When it last reported (ISO 8601)."),
            version: z.string().optional().describe("Version of the agent, where the control plane says it."),
          })
          .describe("An agent as its control plane shows it.")
          .meta({ typeName: "AgentSummary" }),
      )
      .describe("The agents."),
    onlineCount: z.int().describe("How many of them are online."),
  }),
} satisfies FunctionDefinition;

export const getDemand = {
  name: "getDemand",
  description:
    "Tells how many agents a pool could use right now: work that waits for one, and work that runs. Work that waits for a person counts for none. Not on env zero, which has no queue API.",
  inputs: z.strictObject({ controlPlane: controlPlaneOfPool, pool: poolReference }),
  outputs: z.object({
    waiting: z.int().describe("Agents that work waits for."),
    running: z.int().describe("Agents that are at work."),
    total: z.int().describe("Both together: how many agents the pool could use now."),
  }),
} satisfies FunctionDefinition;

/** Every function of the package. */
export const functionDefinitions: readonly FunctionDefinition[] = [
  getRunnerPool,
  getRunnerPools,
  getAgents,
  getDemand,
];

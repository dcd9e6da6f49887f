import { z } from "zod";
import { controlPlane, poolReference } from "../common-inputs";
import { defineResource } from "../definition";

export const agentsOnline = defineResource({
  name: "AgentsOnline",
  description:
    "Waits until agents really serve a pool, so that a deployment succeeds only then. It owns nothing. An agent counts once it was seen to report while this waits: what the control plane remembers of agents that are gone does not. Not on env zero, whose API shows no single agents.",
  inputs: z.strictObject({
    controlPlane,
    pool: poolReference,
    count: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe("How many agents must be online."),
    timeoutSeconds: z
      .int("must be a whole number of seconds")
      .min(1, "must be at least 1")
      .default(600)
      .describe("How long to wait for them, in seconds, before the deployment fails."),
    names: z
      .array(z.string().min(1, "must not be empty"))
      .optional()
      .describe("Names of agents that must be among them."),
    triggers: z
      .array(z.string())
      .optional()
      .describe(
        "Texts whose change makes it wait anew, for example the ids of the machines that run the agents.",
      ),
    waitOnCreate: z
      .boolean()
      .optional()
      .describe(
        "Whether it waits when it is made, too. With `false` only a change makes it wait: an update of a fleet then goes on only once an agent is back, and nothing slows its first deployment. Default: true.",
      ),
  }),
  outputs: z.object({
    agents: z.array(z.string()).describe("Names of the agents that were online when the wait ended, sorted."),
  }),
  replaceOn: ["controlPlane", "pool"],
  example: `new AgentsOnline("builders", { controlPlane, pool, count: 3, timeoutSeconds: 300 }, { dependsOn: [fleet] });`,
});

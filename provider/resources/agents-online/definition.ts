import { z } from "zod";
import { controlPlaneOfPool, poolReference } from "../common-inputs";
import { defineResource } from "../framework/definition";

/** Definition of `AgentsOnline`. */
export const agentsOnline = defineResource({
  name: "AgentsOnline",
  description:
    "Waits until agents serve a pool, so that a deployment succeeds only then. It makes and changes nothing on the control plane. An agent counts once it reports while this resource waits; agents that the control plane only remembers do not count. Not on env zero, whose API shows no single agents.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
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
        "Strings; when one changes, the resource waits again, for example the ids of the machines that run the agents.",
      ),
    waitOnCreate: z
      .boolean()
      .optional()
      .describe(
        "Whether it also waits when it is created. With `false` it waits only when one of its arguments changes, so that the first deployment of a fleet is not slowed down, and an update goes on only once an agent is back. Default: true.",
      ),
  }),
  outputs: z.object({
    agents: z.array(z.string()).describe("Names of the agents that were online when the wait ended, sorted."),
  }),
  replaceOn: ["controlPlane", "pool"],
  example: `new AgentsOnline("builders", { pool, count: 3, timeoutSeconds: 300 }, { dependsOn: [fleet] });`,
});

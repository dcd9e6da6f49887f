import { z } from "zod";
import { controlPlane, poolReference } from "../common-inputs";
import { defineResource } from "../definition";
import { pinnedOutputs } from "../service-pin";

export const poolToken = defineResource({
  name: "PoolToken",
  description:
    "A static token with which agents join a pool. HCP Terraform has any number of them, env zero two at a time (it calls them secrets), Pulumi Cloud exactly one that is issued with the pool: there this resource only surfaces `initialToken`. The value is read once, when the token is made, and kept in state as a secret.",
  inputs: z.strictObject({
    controlPlane,
    pool: poolReference,
    description: z
      .string()
      .min(1, "must not be empty")
      .describe(
        "What the token is for. The control plane's console shows it followed by a mark of its own (`builders #1f3a9c`), by which a token is found again whose answer was lost. A change is shown with the next generation, since no control plane can change the description of a token. Default: the name of the resource.",
      )
      .meta({ defaultsToResourceName: true }),
    initialToken: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe("Pulumi Cloud only: the pool's `initialToken`. Filled in where `pool` is a `RunnerPool`.")
      // A pool that was adopted or imported has none.
      .meta({ secret: true, absent: true }),
    generation: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe(
        "Raise it by one to replace the token by a new one: the new one is made first. Not on Pulumi Cloud, where the `generation` of the `RunnerPool` is raised instead.",
      ),
    whenInUse: z
      .enum(["refuse", "wait", "revoke"], { error: "must be refuse, wait or revoke" })
      .optional()
      .describe(
        "HCP Terraform: what happens when a token is to be revoked that an agent used in the last five minutes, while its pool stays. `refuse`: the deployment fails and the token lives. `wait`: it is revoked once it was not used for a minute, which a fleet needs that moves to the new token in the same deployment. `revoke`: it is revoked, and tfc-agents that hold it exit with their jobs. Default: `refuse`.",
      )
      .meta({ typeName: "TokenInUse" }),
  }),
  outputs: z.object({
    tokenId: z
      .string()
      .describe("The control plane's id of the token; `initial` on Pulumi Cloud.")
      .meta({ stable: true }),
    value: z
      .string()
      .optional()
      .describe("The token. Absent after an import, since control planes show a token once.")
      .meta({ secret: true }),
    createdAt: z
      .string()
      .optional()
      .describe("When the token was made (ISO 8601), where the control plane says it.")
      .meta({ stable: true }),
    ...pinnedOutputs,
  }),
  replaceOn: ["controlPlane", "pool", "generation"],
  example: `const token = new PoolToken("builders", { controlPlane, pool });
export const value = token.value; // shown as [secret]`,
  importId: "`hcp-terraform/acme/apool-…/at-…`; the token's value is then not known",
});

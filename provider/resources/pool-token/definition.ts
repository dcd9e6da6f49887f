import { z } from "zod";
import { controlPlane, poolReference } from "../common-inputs";
import { defineResource } from "../definition";

export const poolToken = defineResource({
  name: "PoolToken",
  description:
    "A static token with which agents join a pool. HCP Terraform has any number of them, env zero two at a time (it calls them secrets), Pulumi Cloud exactly one that is born with the pool: there this resource only surfaces `initialToken`. The value is read once, when the token is made, and kept in state as a secret.",
  inputs: z.strictObject({
    controlPlane,
    pool: poolReference,
    description: z
      .string()
      .min(1, "must not be empty")
      .describe(
        "What the token is for; it is shown in the control plane's console. Default: the name of the resource.",
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
        "Raise it to replace the token by a new one: the new one is made first. Not on Pulumi Cloud, whose pools cannot have another token.",
      ),
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
  }),
  replaceOn: ["controlPlane", "pool", "description", "generation"],
  example: `const token = new PoolToken("builders", { controlPlane, pool });
export const value = token.value; // shown as [secret]`,
  importId: "`hcp-terraform/acme/apool-…/at-…`; the token's value is then not known",
});

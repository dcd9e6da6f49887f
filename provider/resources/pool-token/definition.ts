import { z } from "zod";
import { controlPlaneOfPool, poolReference, whenInUse } from "../common-inputs";
import { defineResource } from "../framework/definition";
import { pinnedOutputs } from "../ownership/service-pin";

/** Definition of `PoolToken`. */
export const poolToken = defineResource({
  name: "PoolToken",
  description:
    "A static token with which agents join a pool. A pool has any number of them on HCP Terraform, two at a time on env zero (which calls them secrets), and exactly one on Pulumi Cloud, which is issued with the pool: there this resource only passes on `initialToken`. The value is read once, when the token is made, and kept in state as a secret.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference,
    description: z
      .string()
      .min(1, "must not be empty")
      .describe(
        "What the token is for. The control plane's console shows it with a mark behind it (`builders #1f3a9c`), by which this package recognizes a token whose creation was interrupted. No control plane can change the description of a token, so a new text is used from the next generation on. Default: the name of the resource.",
      )
      .meta({ defaultsToResourceName: true }),
    initialToken: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe(
        "Pulumi Cloud only: the `initialToken` of the pool. In TypeScript it is filled in where `pool` is a `RunnerPool`.",
      )
      // A pool that was adopted or imported has none.
      .meta({ secret: true, absent: true }),
    generation: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe(
        "Raise it by one to replace the token: the new token is made first, then the old one is revoked. Not on Pulumi Cloud, where the `generation` of the `RunnerPool` is raised instead.",
      ),
    whenInUse,
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
    declaredAs: z
      .string()
      .optional()
      .describe(
        "The resource of the program. What it says about tokens in use counts for those whose place it takes, also in a later deployment.",
      ),
    ...pinnedOutputs,
  }),
  replaceOn: ["controlPlane", "pool", "generation"],
  example: `const token = new PoolToken("builders", { pool });
export const value = token.value; // shown as [secret]`,
  importId: "`hcp-terraform/acme/apool-…/at-…`; the token's value is then not known",
});

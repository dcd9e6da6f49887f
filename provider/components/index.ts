import { z } from "zod";
import { controlPlaneOfPool, poolReference, whenInUse } from "../resources/common-inputs";
import { dockerFleet } from "./docker-fleet";

/** One component, described once. What it consists of is the code's business. */
export interface ComponentDefinition {
  /** Name of the class and last part of the type token. */
  readonly name: string;
  /** What the component is, in Markdown. */
  readonly description: string;
  readonly inputs: z.ZodObject;
  readonly outputs: z.ZodObject;
}

export const rotatingPoolToken = {
  name: "RotatingPoolToken",
  description:
    "A pool token that can be replaced without a gap: the tokens of this generation and of the one before are both valid, so that a fleet can move from one to the other. Raising `generation` by one revokes the token before the last and makes a new one in its place. Two tokens are enough, as many as env zero allows. Not on Pulumi Cloud, where the `generation` of the `RunnerPool` is raised instead.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference,
    description: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe(
        "What the tokens are for; the control plane's console shows it with the generation. Default: the name of the resource.",
      ),
    generation: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe(
        "Raise it by one to rotate. Any other change is refused: it would replace a token that agents may hold.",
      )
      .meta({ plain: true }),
    whenInUse,
  }),
  outputs: z.object({
    tokenId: z.string().describe("The control plane's id of the token of this generation."),
    value: z.string().describe("The token of this generation.").meta({ secret: true }),
    previousValue: z
      .string()
      .optional()
      .describe("The token of the generation before, which is still valid. Absent in the first generation.")
      .meta({ secret: true }),
  }),
} satisfies ComponentDefinition;

/** Every component of the package. */
export const componentDefinitions: readonly ComponentDefinition[] = [rotatingPoolToken, dockerFleet];

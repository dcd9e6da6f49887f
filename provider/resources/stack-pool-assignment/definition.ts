import { z } from "zod";
import {
  activeWorkTimeoutSeconds,
  controlPlaneOfPool,
  onDestroy,
  overwrite,
  poolId,
  poolReference,
} from "../common-inputs";
import { defineResource } from "../framework/definition";
import { pinnedOutputs } from "../ownership/service-pin";
import { describeKind, targetKinds } from "../targets/targets";

const targets: Record<string, z.ZodOptional<z.ZodString>> = Object.fromEntries(
  [...targetKinds.keys()].map((kind) => [
    kind,
    z.string().min(1, "must not be empty").optional().describe(describeKind(kind)),
  ]),
);

/** Definition of `StackPoolAssignment`. */
export const stackPoolAssignment = defineResource({
  name: "StackPoolAssignment",
  description:
    "Sends the work of one target (a stack, workspace, project, ...) to a runner pool. It owns exactly one setting of the target, its pool. Destroying it ends that setting only if it still names this pool and no other resource of the program declares the target.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference,
    target: z
      .strictObject(targets)
      .describe("What is assigned: exactly one of these, of a kind that the control plane has.")
      .meta({ typeName: "AssignmentTarget", exactlyOne: true }),
    overwrite,
    onDestroy,
    activeWorkTimeoutSeconds,
  }),
  outputs: z.object({
    poolId,
    targetId: z
      .string()
      .optional()
      .describe(
        "The control plane's own id of the target. On HCP Terraform and env zero it stays the same when the target is renamed.",
      ),
    accessGranted: z
      .boolean()
      .describe(
        "HCP Terraform: whether this assignment put the target into the list of those that may use the pool. It takes out only what it put in.",
      ),
    leaving: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "The target that the assignment gave up when it took the place of another one, as `kind:id`, with the control plane's id of its pool, which the program does not manage. It is released at the end of the deployment; where that was cut off, another resource of the program may take it from there all the same. The next update or refresh ends this.",
      ),
    accessLost: z
      .boolean()
      .optional()
      .describe(
        "HCP Terraform: the last refresh found the target outside of the list of those that may use the pool. The next update puts it in again.",
      ),
    ...pinnedOutputs,
  }),
  replaceOn: ["controlPlane"],
  example: `new StackPoolAssignment("network-prod", { pool, target: { stack: "network/prod" } });`,
  importId: "`pulumi-cloud/acme/stack/network/prod`",
});

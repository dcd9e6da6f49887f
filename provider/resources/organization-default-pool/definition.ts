import { z } from "zod";
import { controlPlane, overwrite, poolId, poolReference } from "../common-inputs";
import { defineResource } from "../definition";
import { pinnedOutputs } from "../service-pin";

/** Definition of `OrganizationDefaultPool`. */
export const organizationDefaultPool = defineResource({
  name: "OrganizationDefaultPool",
  description:
    "Makes a runner pool the default of its organization: work without an assignment runs there. Destroying it gives the organization back to the vendor's hosted runners, with a warning, if the default is still this pool and no other resource of the program declares the default. Not on env zero, whose API cannot set a default.",
  inputs: z.strictObject({
    controlPlane,
    pool: poolReference,
    overwrite: overwrite.describe(
      "Whether a default that is a pool which this program does not manage may be replaced. With `false` the deployment then fails with the names of both pools.",
    ),
  }),
  outputs: z.object({ poolId, ...pinnedOutputs }),
  replaceOn: ["controlPlane"],
  example: `new OrganizationDefaultPool("default", { controlPlane, pool });`,
  importId: "`pulumi-cloud/acme/default-pool`",
});

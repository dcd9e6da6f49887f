import { z } from "zod";
import { controlPlane, overwrite, poolId, poolReference } from "../common-inputs";
import { defineResource } from "../definition";
import { pinnedOutputs } from "../service-pin";

export const organizationDefaultPool = defineResource({
  name: "OrganizationDefaultPool",
  description:
    "Makes a runner pool the default of its organization: what has no assignment of its own runs there. Destroying it gives the organization back to the vendor's hosted runners, if the default is still this pool and no other resource of the program declares it. Not on env zero, whose API cannot set it.",
  inputs: z.strictObject({ controlPlane, pool: poolReference, overwrite }),
  outputs: z.object({ poolId, ...pinnedOutputs }),
  replaceOn: ["controlPlane"],
  example: `new OrganizationDefaultPool("default", { controlPlane, pool });`,
  importId: "`pulumi-cloud/acme/default-pool`",
});

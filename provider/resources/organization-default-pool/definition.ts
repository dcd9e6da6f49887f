import { z } from "zod";
import {
  activeWorkTimeoutSeconds,
  controlPlaneOfPool,
  overwrite,
  poolId,
  poolReference,
} from "../common-inputs";
import { defineResource } from "../framework/definition";
import { pinnedOutputs } from "../ownership/service-pin";

/** Definition of `OrganizationDefaultPool`. */
export const organizationDefaultPool = defineResource({
  name: "OrganizationDefaultPool",
  description:
    "Makes a runner pool the default of its organization: work without an assignment runs there. Destroying it gives the organization back to the vendor's hosted runners, with a warning, if the default is still this pool and no other resource of the program declares the default. Not on env zero, whose API cannot set a default.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference,
    overwrite: overwrite.describe(
      "Whether a default that is a pool which this program does not manage may be replaced. With `false` the deployment then fails with the names of both pools.",
    ),
    activeWorkTimeoutSeconds: activeWorkTimeoutSeconds.describe(
      "HCP Terraform only: how long to wait, in seconds, for runs that are under way in workspaces that inherit the default, before it is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once.",
    ),
  }),
  outputs: z.object({ poolId, ...pinnedOutputs }),
  replaceOn: ["controlPlane"],
  example: `new OrganizationDefaultPool("default", { pool });`,
  importId: "`pulumi-cloud/acme/default-pool`",
});

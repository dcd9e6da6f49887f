import { z } from "zod";
import { controlPlane } from "../common-inputs";
import { defineResource } from "../definition";
import { pinnedOutputs } from "../service-pin";

const workspaceIds = z.array(z.string().regex(/^ws-/, "must be the id of a workspace (ws-…)"));
const projectIds = z.array(z.string().regex(/^prj-/, "must be the id of a project (prj-…)"));

export const runnerPool = defineResource({
  name: "RunnerPool",
  description:
    "A runner pool (agent pool): the group that work is sent to and that agents belong to. The name and the description are updated in place; a change of `controlPlane` or `generation` makes a new pool. What is not declared is left as it is found.",
  inputs: z.strictObject({
    controlPlane,
    name: z
      .string()
      .min(1, "must not be empty")
      .max(255, "must have at most 255 characters")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
      .regex(/^[^\u0000-\u001f\u007f]*$/, "must not contain control characters")
      .refine((name) => name === name.trim(), "must not start or end with a space")
      .optional()
      .describe(
        "Name of the pool, unique in the organization. HCP Terraform allows letters, digits, hyphens and underscores. Default: the name of the resource; with `adopt`, the name that the pool has.",
      )
      .meta({ defaultsToResourceName: true, unlessGiven: "adopt" }),
    description: z
      .string()
      .optional()
      .describe("What the pool is for. Pulumi Cloud and env zero only; HCP Terraform has no such field."),
    scope: z
      .strictObject({
        mode: z
          .enum(["organization", "assigned", "listed"], {
            error: "must be organization, assigned or listed",
          })
          .describe(
            "`assigned`: only targets that are assigned to the pool may use it. `organization`: every workspace may, except `excludedWorkspaces`. `listed`: exactly those in `allowedWorkspaces` and `allowedProjects`.",
          )
          .meta({ typeName: "PoolScopeMode" }),
        allowedWorkspaces: workspaceIds.optional().describe("Ids of workspaces, with mode `listed`."),
        allowedProjects: projectIds.optional().describe("Ids of projects, with mode `listed`."),
        excludedWorkspaces: workspaceIds.optional().describe("Ids of workspaces, with mode `organization`."),
      })
      .optional()
      .describe(
        'HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`, where each assignment adds its own target and takes it away again; with `adopt`, what the pool has.',
      )
      .meta({ typeName: "PoolScope" }),
    logHosting: z
      .strictObject({
        accountId: z
          .string()
          .regex(/^\d{12}$/, "must be an AWS account id of twelve digits")
          .describe("AWS account of the DynamoDB table."),
        region: z.string().min(1, "must not be empty").describe("AWS region of the table."),
        externalId: z
          .string()
          .optional()
          .describe("External id of the role that env zero assumes. Default: the organization's id."),
      })
      .optional()
      .describe("env zero only: keep deployment logs in a DynamoDB table of your own.")
      .meta({ typeName: "LogHosting" }),
    forceDestroy: z
      .boolean()
      .default(false)
      .describe(
        "Pulumi Cloud only: delete the pool even while stacks use it. Their work then moves to the vendor's hosted runners, outside your network, and a warning says so.",
      ),
    adopt: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe(
        "The control plane's id of an existing pool that this resource takes over instead of making one. What is declared here is changed, the rest stays as it is. Destroying the resource deletes the pool, unless another resource of the program adopts it.",
      ),
    generation: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe(
        "Pulumi Cloud only, where a pool has one token that cannot be changed: raise it by one to replace the pool by one with a new token. The new pool is made first, assignments and fleets of the program move to it, then the old one is deleted. From the second generation on the control plane shows the name with the generation (`builders-g2`).",
      ),
  }),
  outputs: z.object({
    poolId: z.string().describe("The control plane's own id of the pool.").meta({ stable: true }),
    initialToken: z
      .string()
      .optional()
      .describe(
        "Pulumi Cloud only: the token that is issued with the pool, the only one it ever has. Absent for a pool that was adopted or imported, since the control plane shows it once.",
      )
      .meta({ secret: true, stable: true }),
    ...pinnedOutputs,
  }),
  replaceOn: ["controlPlane", "generation"],
  example: `const pool = new RunnerPool("builders", {
  controlPlane: { kind: "pulumi-cloud", organization: "acme" },
  description: "Deployments inside the production network",
});`,
  importId:
    "`hcp-terraform/acme/apool-…`: the control plane, the organization, the control plane's id of the pool",
});

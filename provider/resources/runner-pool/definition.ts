import { z } from "zod";
import { controlPlane } from "../common-inputs";
import { defineResource } from "../framework/definition";
import { pinnedOutputs } from "../ownership/service-pin";

const workspaces = z.array(
  z.string().regex(/^[A-Za-z0-9_-]+$/, {
    error: ({ input }) =>
      `"${input}" is not a workspace: use its name (letters, digits, hyphens and underscores) or its id (ws-…)`,
  }),
);
const projects = z.array(
  z.string().regex(/^[A-Za-z0-9_-]+(?: +[A-Za-z0-9_-]+)*$/, {
    error: ({ input }) =>
      `"${input}" is not a project: use its name (letters, digits, hyphens, underscores, and spaces between them) or its id (prj-…)`,
  }),
);

/** Definition of `RunnerPool`. */
export const runnerPool = defineResource({
  name: "RunnerPool",
  description:
    "A runner pool (agent pool): the group that work is sent to and that agents belong to. A change of `controlPlane` or `generation` replaces the pool; everything else is updated in place. Settings that the program does not declare are left as they are found.",
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
        "Name of the pool, unique in the organization. HCP Terraform allows letters, digits, hyphens and underscores. While a pool is being made it is called `<name>-pending-` and a mark of six hexadecimal digits (`builders-pending-1f3a9c`), by which this package recognizes a pool whose creation was interrupted. Default: the name of the resource; with `adopt`, the name that the pool has.",
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
            "`assigned`: only what is assigned to the pool; each assignment adds its own target and takes it away again. `organization`: every workspace except `excludedWorkspaces`. `listed`: exactly `allowedWorkspaces` and `allowedProjects`, which must then contain every target that is assigned.",
          )
          .meta({ typeName: "PoolScopeMode" }),
        allowedWorkspaces: workspaces
          .optional()
          .describe("Names or ids (`ws-…`) of workspaces, with mode `listed`."),
        allowedProjects: projects
          .optional()
          .describe("Names or ids (`prj-…`) of projects, with mode `listed`."),
        excludedWorkspaces: workspaces
          .optional()
          .describe(
            "Names or ids (`ws-…`) of workspaces that may not use the pool, with mode `organization`.",
          ),
      })
      .optional()
      .describe(
        'HCP Terraform only: who may use the pool. Default: `{ mode: "assigned" }`; with `adopt`, what the pool has.',
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
          .describe("External id for the role that env zero assumes. Default: the id of the organization."),
      })
      .optional()
      .describe("env zero only: keep deployment logs in a DynamoDB table of your own.")
      .meta({ typeName: "LogHosting" }),
    forceDestroy: z
      .boolean()
      .default(false)
      .describe(
        "Pulumi Cloud only: whether the pool is deleted even while it is in use or the organization's default. That work then moves to the vendor's hosted runners, outside your network, and a warning says so.",
      ),
    adopt: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .describe(
        "The control plane's id of an existing pool that this resource takes over instead of making one. What is declared here is changed, the rest stays as it is. Once the pool is taken over, it may be left out; that changes nothing. Destroying the resource deletes the pool, unless another resource of the program adopts it.",
      ),
    generation: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe(
        "Pulumi Cloud only, where the one token of a pool cannot be changed: raise it by one to replace the pool by one with a new token. The new pool is made first, assignments and fleets of the program move to it, then the old pool is deleted. From the second generation on the control plane shows the name with the generation (`builders-g2`).",
      ),
  }),
  outputs: z.object({
    poolId: z.string().describe("The control plane's own id of the pool.").meta({ stable: true }),
    initialToken: z
      .string()
      .optional()
      .describe(
        "Pulumi Cloud only: the token that is issued with the pool, the only one that it ever has. Absent for a pool that was adopted or imported, since the control plane shows it once.",
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

import { z } from "zod";
import { controlPlane, poolReference } from "../common-inputs";
import { defineResource } from "../definition";

const stackName = z
  .string()
  .regex(/^([^/\s]+\/)?[^/\s]+\/[^/\s]+$/, "must be project/stack or organization/project/stack")
  .describe("Pulumi Cloud: a stack, as `project/stack`.");
const insightsAccount = z
  .string()
  .min(1)
  .describe("Pulumi Cloud: name of an Insights account, for its scans.");
const policyGroup = z
  .string()
  .min(1)
  .describe("Pulumi Cloud: name of an audit policy group, for its evaluations.");
const project = z
  .string()
  .min(1)
  .describe(
    "env zero: id of a project. HCP Terraform: name or id of a project, whose workspaces then inherit the pool.",
  );
const workspace = z.string().min(1).describe("HCP Terraform: name or id of a workspace.");

const onDestroy = z
  .enum(["inherit", "hosted"], { error: "must be inherit or hosted" })
  .default("inherit")
  .describe(
    "What the target uses once the assignment is destroyed: `inherit` (what its project or organization says; the vendor's hosted runners where they say nothing) or, on HCP Terraform only, `hosted` (explicitly the vendor's runners).",
  )
  .meta({ typeName: "Fallback" });

const poolId = z.string().describe("The control plane's own id of the pool.");

export const stackPoolAssignment = defineResource({
  name: "StackPoolAssignment",
  description:
    "Sends the work of one target (a stack, workspace, project, ...) to a runner pool. It owns exactly one key of the target's settings, and gives it back on destroy only while it still holds this pool.",
  inputs: z.strictObject({
    controlPlane,
    pool: poolReference,
    target: z
      .strictObject({
        stack: stackName.optional(),
        insightsAccount: insightsAccount.optional(),
        policyGroup: policyGroup.optional(),
        project: project.optional(),
        workspace: workspace.optional(),
      })
      .describe("What is assigned: exactly one of these, of a kind that the control plane has.")
      .meta({ typeName: "AssignmentTarget" }),
    onDestroy,
  }),
  outputs: z.object({
    poolId,
    accessGranted: z
      .boolean()
      .describe(
        "HCP Terraform: the target is in the list of those that may use the pool, and leaves it on destroy.",
      ),
  }),
  replaceOn: ["controlPlane", "target"],
  example: `new StackPoolAssignment("network-prod", { controlPlane, pool, target: { stack: "network/prod" } });`,
  importId: "`pulumi-cloud/acme/stack/network/prod`",
});

const names = (what: string) =>
  z
    .array(z.string().min(1, "must not be empty"))
    .optional()
    .describe(`${what}; \`*\` stands for any characters but a slash.`);

export const stackPoolAssignments = defineResource({
  name: "StackPoolAssignments",
  description:
    "Sends the work of many targets to a runner pool: one resource for an organization with thousands of stacks. Names may hold `*`; what matches is found anew at each update and refresh. Targets that leave the set are given back, as with `StackPoolAssignment`.",
  inputs: z.strictObject({
    controlPlane,
    pool: poolReference,
    targets: z
      .strictObject({
        stacks: names("Pulumi Cloud: stacks as `project/stack`, for example `network-*/prod`"),
        insightsAccounts: names("Pulumi Cloud: names of Insights accounts"),
        policyGroups: names("Pulumi Cloud: names of audit policy groups"),
        projects: names("env zero: ids of projects; HCP Terraform: names or ids of projects"),
        workspaces: names("HCP Terraform: names or ids of workspaces"),
      })
      .describe("What is assigned: at least one name or pattern, of kinds that the control plane has.")
      .meta({ typeName: "AssignmentTargets" }),
    onDestroy,
  }),
  outputs: z.object({
    poolId,
    assigned: z.array(z.string()).describe("What is assigned to the pool now, as `kind:name`, sorted."),
    accessGranted: z
      .array(z.string())
      .describe("HCP Terraform: those of `assigned` that are in the list of those that may use the pool."),
  }),
  replaceOn: ["controlPlane", "pool"],
  example: `new StackPoolAssignments("production", {
  controlPlane,
  pool,
  targets: { stacks: ["network/prod*", "app/prod"] },
});`,
  importId: "`pulumi-cloud/acme/assignments/<poolId>`",
});

export const organizationDefaultPool = defineResource({
  name: "OrganizationDefaultPool",
  description:
    "Makes a runner pool the default of its organization: what has no assignment of its own runs there. Destroying it gives the organization back to the vendor's hosted runners, if the default is still this pool. Not on env zero, whose API cannot set it.",
  inputs: z.strictObject({ controlPlane, pool: poolReference }),
  outputs: z.object({ poolId }),
  replaceOn: ["controlPlane"],
  example: `new OrganizationDefaultPool("default", { controlPlane, pool });`,
  importId: "`pulumi-cloud/acme/default-pool`",
});

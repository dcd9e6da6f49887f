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
import { describeKind, pluralOf, targetKinds } from "../targets/targets";

const texts = (description: string) =>
  z.array(z.string().min(1, "must not be empty")).optional().describe(description);

/** For each kind a list of names and patterns, and of tags and projects where the planes can select by those. */
const selection: Record<string, ReturnType<typeof texts>> = Object.fromEntries(
  [...targetKinds].flatMap(([kind, described]) => {
    const filters = described.flatMap(({ target }) => target.filters);
    const plural = pluralOf(kind);
    return [
      [plural, texts(`${describeKind(kind)} \`*\` stands for any characters but a slash.`)],
      ...(filters.includes("tag")
        ? [
            [
              `${kind}Tags`,
              texts(
                `All ${plural} that have at least one of these tags, each given as \`name\` or \`name=value\`.`,
              ),
            ],
          ]
        : []),
      ...(filters.includes("project")
        ? [[`${kind}Projects`, texts(`All ${plural} of these projects, given by name.`)]]
        : []),
    ] as const;
  }),
);

const exclusion: Record<string, ReturnType<typeof texts>> = Object.fromEntries(
  [...targetKinds.keys()].map((kind) => [
    pluralOf(kind),
    texts(`Names, ids or patterns of ${pluralOf(kind)} that are left out of \`targets\`.`),
  ]),
);

/** Definition of `StackPoolAssignments`. */
export const stackPoolAssignments = defineResource({
  name: "StackPoolAssignments",
  description:
    "Sends the work of many targets to a runner pool: one resource for an organization with thousands of stacks. Targets are named, matched by `*`, or selected by tag or project. At each preview and update the selection is looked up again: new targets are assigned, and those that left the set are released as by `StackPoolAssignment`, unless another resource of the program declares them. A set that loses targets is shown as replaced: the new one takes over what it keeps, and the rest is released at the end of the deployment, when everything that the program declares is known.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference,
    targets: z
      .strictObject(selection)
      .describe(
        "What is assigned: at least one name, pattern, tag or project. Only kinds that the control plane has.",
      )
      .meta({ typeName: "AssignmentTargets" }),
    exclude: z
      .strictObject(exclusion)
      .optional()
      .describe("What is left out of `targets`.")
      .meta({ typeName: "AssignmentExclusions" }),
    maxReleases: z
      .int("must be a whole number")
      .min(0, "must be at least 0")
      .optional()
      .describe(
        "How many targets a set that goes on may release at a time. More are not released, and the deployment fails and lists them. It guards against a typing error in a pattern, and against a credential that sees fewer targets than before. Targets that move to another resource of the program do not count. Default: 10, or a tenth of the set where that is more.",
      ),
    overwrite,
    onDestroy,
    activeWorkTimeoutSeconds,
  }),
  outputs: z.object({
    poolId,
    assigned: z.array(z.string()).describe("What is assigned to the pool now, as `kind:name`, sorted."),
    targetIds: z
      .record(z.string(), z.string())
      .optional()
      .describe("The control plane's own ids of those of `assigned` whose id is not their name."),
    elsewhere: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Targets of the set that the last refresh found at another pool, as `kind:name`, with the control plane's id of that pool. The next update takes them back.",
      ),
    leaving: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Targets that the set gave up when it took the place of another one, as `kind:name`, with the control plane's ids of their pools, which the program does not manage. They are released at the end of the deployment; where that was cut off, another resource of the program may take them from there all the same. The next update or refresh ends this.",
      ),
    accessGranted: z
      .array(z.string())
      .describe(
        "HCP Terraform: those of `assigned` that this resource put into the list of those that may use the pool. It takes out only what it put in.",
      ),
    declaredAs: z
      .string()
      .optional()
      .describe("The resource of the program; a set that takes the place of another one is known by it."),
    ...pinnedOutputs,
  }),
  replaceOn: ["controlPlane", "pool"],
  example: `new StackPoolAssignments("production", {
  pool,
  targets: { stacks: ["network/prod*", "app/prod"] },
});`,
  importId: "`pulumi-cloud/acme/assignments/<poolId>`",
});

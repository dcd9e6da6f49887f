import type * as pulumi from "@pulumi/pulumi";
import { type StackPoolAssignmentsArgs, StackPoolAssignmentsProperties } from "./generated/resources";
import { poolInput } from "./pool-input";

/**
 * Sends the work of many targets, also by pattern, to a runner pool.
 *
 * @example
 * ```ts
 * new StackPoolAssignments("production", { controlPlane, pool, targets: { stacks: ["network/prod*", "app/prod"] } });
 * ```
 */
export class StackPoolAssignments extends StackPoolAssignmentsProperties {
  constructor(name: string, args: StackPoolAssignmentsArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "StackPoolAssignments",
      name,
      { ...args, pool: poolInput(args?.pool) },
      ["poolId", "assigned", "accessGranted"],
      [],
      options,
    );
  }

  /**
   * One that is not managed by this program.
   * @param id for example `pulumi-cloud/acme/assignments/<poolId>`.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): StackPoolAssignments {
    return new StackPoolAssignments(name, {} as StackPoolAssignmentsArgs, { ...options, id });
  }
}

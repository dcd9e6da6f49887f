import type * as pulumi from "@pulumi/pulumi";
import { type StackPoolAssignmentArgs, StackPoolAssignmentProperties } from "./generated/resources";
import { poolInput } from "./pool-input";

/**
 * Sends the work of one target to a runner pool. It owns exactly one key of the target's settings.
 *
 * @example
 * ```ts
 * new StackPoolAssignment("network-prod", { controlPlane, pool, target: { stack: "network/prod" } });
 * ```
 */
export class StackPoolAssignment extends StackPoolAssignmentProperties {
  constructor(name: string, args: StackPoolAssignmentArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "StackPoolAssignment",
      name,
      { ...args, pool: poolInput(args?.pool) },
      ["poolId", "accessGranted"],
      [],
      options,
    );
  }

  /**
   * One that is not managed by this program.
   * @param id for example `pulumi-cloud/acme/stack/network/prod`.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): StackPoolAssignment {
    return new StackPoolAssignment(name, {} as StackPoolAssignmentArgs, { ...options, id });
  }
}

import type * as pulumi from "@pulumi/pulumi";
import { type OrganizationDefaultPoolArgs, OrganizationDefaultPoolProperties } from "./generated/resources";
import { poolInput } from "./pool-input";

/**
 * Makes a runner pool the default of its organization (Pulumi Cloud, HCP Terraform).
 *
 * @example
 * ```ts
 * new OrganizationDefaultPool("default", { controlPlane, pool });
 * ```
 */
export class OrganizationDefaultPool extends OrganizationDefaultPoolProperties {
  constructor(name: string, args: OrganizationDefaultPoolArgs, options: pulumi.CustomResourceOptions = {}) {
    super("OrganizationDefaultPool", name, { ...args, pool: poolInput(args?.pool) }, ["poolId"], [], options);
  }

  /**
   * One that is not managed by this program.
   * @param id for example `pulumi-cloud/acme/default-pool`.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): OrganizationDefaultPool {
    return new OrganizationDefaultPool(name, {} as OrganizationDefaultPoolArgs, { ...options, id });
  }
}

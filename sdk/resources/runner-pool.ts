import type * as pulumi from "@pulumi/pulumi";
import { type RunnerPoolArgs, RunnerPoolProperties } from "./generated/resources";

/**
 * A runner pool (agent pool) on Pulumi Cloud, env zero or HCP Terraform: the group that work is sent to and that agents
 * belong to.
 *
 * @example
 * ```ts
 * const pool = new RunnerPool("builders", {
 *   controlPlane: { kind: "pulumi-cloud", organization: "acme" },
 *   description: "Deployments inside the production network",
 * });
 * ```
 */
export class RunnerPool extends RunnerPoolProperties {
  /** @param args `name` defaults to the name of the resource. */
  constructor(name: string, args: RunnerPoolArgs, options: pulumi.CustomResourceOptions = {}) {
    super(
      "RunnerPool",
      name,
      // Only get() comes without arguments: an existing pool keeps its name.
      { ...args, name: args?.name ?? (options.id === undefined ? name : undefined) },
      ["poolId", "initialToken"],
      ["initialToken"],
      options,
    );
  }

  /**
   * A pool that is not managed by this program.
   * @param id for example `hcp-terraform/acme/apool-…`: control plane, organization, the control plane's id of the pool.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): RunnerPool {
    return new RunnerPool(name, {} as RunnerPoolArgs, { ...options, id });
  }
}

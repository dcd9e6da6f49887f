import type * as pulumi from "@pulumi/pulumi";
import { call, callWithInputs } from "./call";
import type { GetDemandArgs, GetDemandOutputArgs, GetDemandResult } from "./generated/functions";

/**
 * Tells how many agents a pool could use right now (Pulumi Cloud, HCP Terraform).
 *
 * @example
 * ```ts
 * export const wanted = getDemandOutput({ controlPlane, pool }).total;
 * ```
 */
export function getDemand(args: GetDemandArgs): Promise<GetDemandResult> {
  return call("getDemand", args);
}

/** {@link getDemand} with arguments that may come from resources. */
export function getDemandOutput(args: GetDemandOutputArgs): pulumi.Output<GetDemandResult> {
  return callWithInputs("getDemand", args);
}

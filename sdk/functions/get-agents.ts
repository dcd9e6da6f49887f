import type * as pulumi from "@pulumi/pulumi";
import { call, callWithInputs } from "./call";
import type { GetAgentsArgs, GetAgentsOutputArgs, GetAgentsResult } from "./generated/functions";

/**
 * Lists the agents that are or were connected to a pool (Pulumi Cloud, HCP Terraform).
 *
 * @example
 * ```ts
 * const { onlineCount } = await getAgents({ controlPlane, pool: "pulumi-cloud/acme/…" });
 * ```
 */
export function getAgents(args: GetAgentsArgs): Promise<GetAgentsResult> {
  return call("getAgents", args);
}

/** {@link getAgents} with arguments that may come from resources. */
export function getAgentsOutput(args: GetAgentsOutputArgs): pulumi.Output<GetAgentsResult> {
  return callWithInputs("getAgents", args);
}

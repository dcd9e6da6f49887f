import type * as pulumi from "@pulumi/pulumi";
import { call, callWithInputs } from "./call";
import type {
  GetRunnerPoolsArgs,
  GetRunnerPoolsOutputArgs,
  GetRunnerPoolsResult,
} from "./generated/functions";

/**
 * Lists the runner pools of an organization, sorted by name.
 *
 * @example
 * ```ts
 * const { pools } = await getRunnerPools({ controlPlane, namePattern: "team-*" });
 * ```
 */
export function getRunnerPools(args: GetRunnerPoolsArgs): Promise<GetRunnerPoolsResult> {
  return call("getRunnerPools", args);
}

/** {@link getRunnerPools} with arguments that may come from resources. */
export function getRunnerPoolsOutput(args: GetRunnerPoolsOutputArgs): pulumi.Output<GetRunnerPoolsResult> {
  return callWithInputs("getRunnerPools", args);
}

import type * as pulumi from "@pulumi/pulumi";
import { call, callWithInputs } from "./call";
import type { GetRunnerPoolArgs, GetRunnerPoolOutputArgs, GetRunnerPoolResult } from "./generated/functions";

/**
 * Finds one runner pool of an organization, by its id or by its name.
 *
 * @example
 * ```ts
 * const pool = await getRunnerPool({ controlPlane, name: "builders" });
 * ```
 */
export function getRunnerPool(args: GetRunnerPoolArgs): Promise<GetRunnerPoolResult> {
  return call("getRunnerPool", args);
}

/** {@link getRunnerPool} with arguments that may come from resources. */
export function getRunnerPoolOutput(args: GetRunnerPoolOutputArgs): pulumi.Output<GetRunnerPoolResult> {
  return callWithInputs("getRunnerPool", args);
}

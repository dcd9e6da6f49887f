import * as pulumi from "@pulumi/pulumi";
import type { RunnerPool } from "./generated/resources";

/**
 * The id that stands for a pool; everything that is no resource is handed through. Unlike other outputs the id is known
 * in previews of a pool that exists.
 */
export function poolInput(pool: pulumi.Input<string> | RunnerPool): pulumi.Input<string> {
  return pulumi.CustomResource.isInstance(pool) ? pool.id : pool;
}

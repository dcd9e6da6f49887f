import type * as pulumi from "@pulumi/pulumi";
import { RunnerPool } from "./runner-pool";

/** The id that stands for a pool. Unlike other outputs it is known in previews of a pool that exists. */
export function poolInput(pool: pulumi.Input<string> | RunnerPool): pulumi.Input<string> {
  return pool instanceof RunnerPool ? pool.id : pool;
}

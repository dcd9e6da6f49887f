import type * as pulumi from "@pulumi/pulumi";
import { type AgentsOnlineArgs, AgentsOnlineProperties } from "./generated/resources";
import { poolInput } from "./pool-input";

/**
 * Waits until agents really serve a pool: the deployment succeeds only then, and says which agents were seen otherwise.
 *
 * @example
 * ```ts
 * new AgentsOnline("builders", { controlPlane, pool, count: 3, timeoutSeconds: 300 }, { dependsOn: [fleet] });
 * ```
 */
export class AgentsOnline extends AgentsOnlineProperties {
  constructor(name: string, args: AgentsOnlineArgs, options: pulumi.CustomResourceOptions = {}) {
    super("AgentsOnline", name, { ...args, pool: poolInput(args.pool) }, ["agents"], [], options);
  }
}

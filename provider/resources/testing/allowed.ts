import type { TestResource, World } from "./world.ts";

/** Ids of the workspaces that may use a pool of HCP Terraform, as the service has them. */
export async function allowedOf(world: World, pool: TestResource): Promise<readonly string[]> {
  const found = await world.outsider("hcp-terraform").pools.find(String(pool.state["poolId"]));
  return found?.scope?.allowedWorkspaces ?? [];
}

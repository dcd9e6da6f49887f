import { emulatorIds } from "../../emulator/index.ts";

const project = emulatorIds.envZeroProjects.network;

/**
 * Program text with every resource, on the planes that have it. `address` is what `programWith` puts before it. What has a
 * pool leaves its control plane to that.
 */
export function everyResource(poolName: string): string {
  return `
    const names = { pulumi: "${poolName}", envZero: "${poolName}", hcp: "${poolName}" };
    const pool = (plane) => new pools.RunnerPool(plane, { controlPlane: address[plane], name: names[plane] });
    const pulumiPool = pool("pulumi"), envZeroPool = pool("envZero");
    const hcpPool = new pools.RunnerPool("hcp", { controlPlane: address.hcp, name: names.hcp });
    new pools.PoolToken("pulumi", { pool: pulumiPool });
    new pools.PoolToken("envZero", { pool: envZeroPool });
    new pools.PoolToken("hcp", { pool: hcpPool });
    new pools.StackPoolAssignment("stack", { pool: pulumiPool, target: { stack: "network/prod" } });
    new pools.StackPoolAssignment("project", { pool: envZeroPool, target: { project: "${project}" } });
    new pools.StackPoolAssignment("workspace", { pool: hcpPool, target: { workspace: "network-prod" } });
    new pools.StackPoolAssignments("set", { pool: pulumiPool, targets: { stacks: ["app/dev", "app/prod"] } });
    new pools.OrganizationDefaultPool("default", { pool: pulumiPool });
  `;
}

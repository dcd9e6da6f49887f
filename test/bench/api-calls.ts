import { emulatorIds, type Seed } from "../../dist/emulator/index.js";
import type { Engine } from "../engine/engine.ts";
import { type OperationFigures, type Plane, withMeasuredStack } from "./measured-stack.ts";

/** Deploys `count` pools, each with a token and an assignment, and counts the calls of each operation. */
export async function measureCalls(
  engine: Engine,
  plane: Plane,
  count: number,
): Promise<Record<string, OperationFigures & { perResource: number }>> {
  const program = (url: string) => programOf(plane, url, count);
  return withMeasuredStack(
    { engine, plane, seed: targets(count), program },
    async ({ stack, emulator, measure }) => {
      // The limits of HCP Terraform would add waiting, not calls.
      emulator.admin.setRateLimits({ hcpTerraform: null });
      const each = async (operation: Parameters<typeof measure>[0]) => {
        const figures = await measure(operation);
        return { ...figures, perResource: Math.round((figures.calls / (3 * count)) * 100) / 100 };
      };
      return {
        up: await each(() => stack.up()),
        "up without changes": await each(() => stack.up({ expectNoChanges: true })),
        refresh: await each(() => stack.refresh()),
        destroy: await each(() => stack.destroy()),
      };
    },
  );
}

function targets(count: number): Seed {
  const names = Array.from({ length: count }, (_, index) => `bench-${index}`);
  return {
    pulumiCloud: [{ organization: "acme", stacks: names.map((name) => `${name}/prod`) }],
    hcpTerraform: [{ organization: "acme", workspaces: names.map((name) => ({ name })) }],
    envZero: [
      {
        organizationId: emulatorIds.envZeroOrganizationId,
        organization: "acme",
        projects: names.map((name) => ({ id: name, name })),
      },
    ],
  };
}

function programOf(plane: Plane, url: string, count: number): string {
  const target = {
    "pulumi-cloud": '{ stack: "bench-" + i + "/prod" }',
    "env-zero": '{ project: "bench-" + i }',
    "hcp-terraform": '{ workspace: "bench-" + i }',
  }[plane];
  return `
    const controlPlane = { kind: "${plane}", organization: "acme", url: "${url}" };
    for (let i = 0; i < ${count}; i++) {
      const pool = new pools.RunnerPool(\`pool-\${i}\`, { controlPlane });
      new pools.PoolToken(\`token-\${i}\`, { controlPlane, pool });
      new pools.StackPoolAssignment(\`assignment-\${i}\`, { controlPlane, pool, target: ${target} });
    }`;
}

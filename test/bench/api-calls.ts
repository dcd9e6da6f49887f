import { emulatorEnvironment, emulatorIds, type Seed, startEmulator } from "../../dist/emulator/index.js";
import type { Engine, OperationResult } from "../engine/engine.ts";
import { writeProject } from "../programs/project-folder.ts";

type Plane = "pulumi-cloud" | "env-zero" | "hcp-terraform";

/** What one operation cost on a control plane. */
export interface CallFigures {
  seconds: number;
  calls: number;
  perResource: number;
  /** What calls were made, the most frequent first. */
  operations: string;
}

/** Deploys `count` pools, each with a token and an assignment, and counts the calls of each operation. */
export async function measureCalls(
  engine: Engine,
  plane: Plane,
  count: number,
): Promise<Record<string, CallFigures>> {
  const emulator = await startEmulator();
  emulator.admin.seed(targets(count));
  // The limits of HCP Terraform would add waiting, not calls.
  emulator.admin.setRateLimits({ hcpTerraform: null });
  const project = writeProject(program(plane, emulator.url, count));
  const stack = await engine.createStack({
    program: project.path,
    environment: emulatorEnvironment(emulator.url),
  });
  const figures: Record<string, CallFigures> = {};
  const measure = async (name: string, operation: () => Promise<OperationResult>) => {
    emulator.admin.clearJournal();
    const { result, diagnostics, durationMs } = await operation();
    if (result === "failed") throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    const { total, operations } = emulator.admin.journalCounts()[plane];
    figures[name] = {
      seconds: Math.round(durationMs / 100) / 10,
      calls: total,
      perResource: Math.round((total / (3 * count)) * 100) / 100,
      operations: Object.entries(operations)
        .toSorted(([, a], [, b]) => b - a)
        .map(([operation, calls]) => `${operation} ${calls}`)
        .join(", "),
    };
  };
  try {
    await measure("up", () => stack.up());
    await measure("up without changes", () => stack.up({ expectNoChanges: true }));
    await measure("refresh", () => stack.refresh());
    await measure("destroy", () => stack.destroy());
    return figures;
  } finally {
    await stack.dispose();
    await emulator.stop();
    project.remove();
  }
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

function program(plane: Plane, url: string, count: number): string {
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

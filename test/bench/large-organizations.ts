import { emulatorIds, type Seed } from "../../dist/emulator/index.js";
import type { Engine } from "../engine/engine.ts";
import { type OperationFigures, type Plane, withMeasuredStack } from "./measured-stack.ts";

/** Number of stacks, or workspaces, of the organization. */
const size = Number(process.env["BENCH_TARGETS"] ?? 5_000);

/** Patterns of the set; together they match everything. */
const patterns = 25;

/** What an operation would cost that reads the whole list for each pattern, and writes each target by itself. */
interface Naive {
  callsOneByOne: number;
}

/** One set that selects all stacks by 25 patterns. */
export function measureStackSet(engine: Engine): Promise<Record<string, OperationFigures & Naive>> {
  const names = Array.from({ length: size }, (_, index) => `team-${index % patterns}/stack-${index}`);
  const seed: Seed = { pulumiCloud: [{ organization: "acme", stacks: names }] };
  const targets = `{ stacks: Array.from({ length: ${patterns} }, (_, index) => "team-" + index + "/*") }`;
  return measureSet(engine, "pulumi-cloud", seed, targets);
}

/** One set that selects all workspaces. */
export function measureWorkspaceSet(engine: Engine): Promise<Record<string, OperationFigures & Naive>> {
  const names = Array.from({ length: size }, (_, index) => `team-${index % patterns}-workspace-${index}`);
  const seed: Seed = {
    hcpTerraform: [{ organization: "acme", workspaces: names.map((name) => ({ name })) }],
  };
  const targets = `{ workspaces: Array.from({ length: ${patterns} }, (_, index) => "team-" + index + "-*") }`;
  return measureSet(engine, "hcp-terraform", seed, targets);
}

async function measureSet(engine: Engine, plane: Plane, seed: Seed, targets: string) {
  const program = (url: string) => `
    const controlPlane = { kind: "${plane}", organization: "acme", url: "${url}" };
    const pool = new pools.RunnerPool("builders", { controlPlane });
    new pools.StackPoolAssignments("all", { controlPlane, pool, targets: ${targets} });`;
  return withMeasuredStack({ engine, plane, seed, program }, async ({ stack, emulator, measure }) => {
    // The limits would add waiting, not calls: the next figures show them.
    emulator.admin.setRateLimits({ hcpTerraform: null });
    const lists = patterns * Math.ceil(size / 100);
    const each = async (operation: Parameters<typeof measure>[0], callsOneByOne: number) => ({
      ...(await measure(operation)),
      callsOneByOne,
    });
    return {
      preview: await each(() => stack.preview(), lists),
      up: await each(() => stack.up(), lists + 2 * size),
      "up without changes": await each(() => stack.up({ expectNoChanges: true }), lists),
      refresh: await each(() => stack.refresh(), size),
    };
  });
}

/** Many single assignments, within the rate limits that the vendors document. */
export function measureWithinLimits(
  engine: Engine,
  plane: "env-zero" | "hcp-terraform",
  count: number,
  parallel: number,
): Promise<Record<string, OperationFigures & { refusedShare: string }>> {
  const names = Array.from({ length: count }, (_, index) => `bench-${index}`);
  const seed: Seed =
    plane === "hcp-terraform"
      ? { hcpTerraform: [{ organization: "acme", workspaces: names.map((name) => ({ name })) }] }
      : {
          envZero: [
            {
              organizationId: emulatorIds.envZeroOrganizationId,
              organization: "acme",
              projects: names.map((name) => ({ id: name, name })),
            },
          ],
        };
  const target = plane === "hcp-terraform" ? "workspace" : "project";
  const program = (url: string) => `
    const controlPlane = { kind: "${plane}", organization: "acme", url: "${url}" };
    const pool = new pools.RunnerPool("builders", { controlPlane });
    for (let i = 0; i < ${count}; i++) {
      new pools.StackPoolAssignment("assignment-" + i, { controlPlane, pool, target: { ${target}: "bench-" + i } });
    }`;
  return withMeasuredStack({ engine, plane, seed, program, parallel }, async ({ stack, measure }) => {
    const each = async (operation: Parameters<typeof measure>[0]) => {
      const figures = await measure(operation);
      return { ...figures, refusedShare: `${((100 * figures.refused) / figures.calls).toFixed(1)} %` };
    };
    return { up: await each(() => stack.up()), refresh: await each(() => stack.refresh()) };
  });
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../emulator/default-seed.ts";
import type { ControlPlaneKind } from "../../provider/control-planes/planes.ts";
import { openWorld, type World } from "../../provider/resources/testing/world.ts";
import { checkJournal } from "./check-exchange.ts";
import { descriptionsAvailable } from "./descriptions.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
  world.emulator.admin.recordBodies({ enabled: true });
});

afterEach(() => world.close());

const targets: Readonly<Record<ControlPlaneKind, Record<string, string>[]>> = {
  "pulumi-cloud": [
    { stack: "network/prod" },
    { insightsAccount: "aws-production" },
    { policyGroup: "default-policy-group" },
  ],
  "env-zero": [{ project: emulatorIds.envZeroProjects.network }],
  "hcp-terraform": [{ workspace: "network-prod" }, { project: "platform" }],
};

/** Every request that a client makes: all resources through their whole life. */
async function useEverything(kind: ControlPlaneKind): Promise<void> {
  const { controlPlane } = world.plane(kind);
  const pool = await world.resource("RunnerPool", { controlPlane, name: "builders" }).create();
  await pool.refresh();
  pool.declare({ name: "renamed" });
  await pool.update();
  if (kind !== "pulumi-cloud") {
    const token = await world
      .resource("PoolToken", { controlPlane, pool: pool.id, description: "x" })
      .create();
    world.nextDeployment();
    await token.refresh();
    await token.delete();
  }
  for (const target of targets[kind]) {
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.nextDeployment();
    await assignment.refresh();
    await assignment.delete();
  }
  if (kind !== "env-zero") {
    const wide = kind === "hcp-terraform" ? { scope: { mode: "organization" } } : {};
    const open = await world.resource("RunnerPool", { controlPlane, name: "open", ...wide }).create();
    const byDefault = await world
      .resource("OrganizationDefaultPool", { controlPlane, pool: open.id })
      .create();
    await byDefault.refresh();
    await byDefault.delete();
    await open.delete();
  }
  await pool.delete();
}

describe.skipIf(!descriptionsAvailable)(
  "our clients' requests (skipped without the vendors' API descriptions beside the repository)",
  () => {
    it.each(["pulumi-cloud", "env-zero", "hcp-terraform"] as const)(
      "are as %s describes them",
      async (kind) => {
        await useEverything(kind);
        const entries = world.emulator.admin.journal({ plane: kind });
        expect(entries.length).toBeGreaterThan(10);
        expect(checkJournal(entries)).toEqual([]);
      },
    );
  },
);

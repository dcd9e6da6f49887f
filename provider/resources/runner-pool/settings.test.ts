import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe("RunnerPool, where only some planes have a setting", () => {
  it("keeps the description of planes that have one, and clears it", async () => {
    for (const kind of ["pulumi-cloud", "env-zero"] as const) {
      const { controlPlane } = world.plane(kind);
      const pool = await world
        .resource("RunnerPool", { controlPlane, name: "described", description: "first" })
        .create();
      await pool.declare({ description: undefined });
      await pool.update();
      world.nextDeployment();
      await pool.refresh();
      expect(pool.inputs).not.toHaveProperty("description");
      expect(await pool.pendingChanges()).toEqual([]);
    }
  });

  it("refuses to delete a pool in use on Pulumi Cloud, and says what forcing would mean", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const pool = await world.resource("RunnerPool", { controlPlane, name: "used" }).create();
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await expect(pool.delete()).rejects.toThrow(
      /HTTP 400: .*configured to use.*Pool "used" is kept\..*hosted runners, set forceDestroy: true/s,
    );
    await assignment.delete();
    await pool.delete();
    expect(await world.poolsNamed("pulumi-cloud", "used")).toEqual([]);
  });

  it("deletes a pool in use when forced", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const pool = await world
      .resource("RunnerPool", { controlPlane, name: "used", forceDestroy: true })
      .create();
    await world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target }).create();
    await pool.delete();
    expect(await world.poolsNamed("pulumi-cloud", "used")).toEqual([]);
  });

  it("owns listed workspaces exactly on HCP Terraform, in any order", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const ids = await workspaceIds();
    const listed = { mode: "listed", allowedWorkspaces: [ids["network-prod"], ids["app-prod"]] };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "scoped", scope: listed }).create();
    await pool.refresh();
    expect(await pool.pendingChanges()).toEqual([]);
    await pool.declare({ scope: { mode: "listed", allowedWorkspaces: [ids["app-prod"]] } });
    await pool.update();
    world.nextDeployment();
    await pool.refresh();
    expect(pool.inputs["scope"]).toEqual({ mode: "listed", allowedWorkspaces: [ids["app-prod"]] });
    await pool.declare({ scope: { mode: "organization" } });
    await pool.update();
    world.nextDeployment();
    await pool.refresh();
    expect(await pool.pendingChanges()).toEqual([]);
  });

  it("keeps log hosting on env zero, with the organization as external id", async () => {
    const { controlPlane } = world.plane("env-zero");
    const logHosting = { accountId: "123456789012", region: "eu-west-1" };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "logged", logHosting }).create();
    world.nextDeployment();
    await pool.refresh();
    expect(await pool.pendingChanges()).toEqual([]);
    await pool.declare({ logHosting: undefined });
    await pool.update();
    world.nextDeployment();
    await pool.refresh();
    expect(pool.inputs).not.toHaveProperty("logHosting");
  });
});

async function workspaceIds(): Promise<Record<string, string>> {
  const response = await fetch(`${world.emulator.url}/api/v2/organizations/acme/workspaces`, {
    headers: { authorization: `Bearer ${emulatorCredentials.hcpTerraformToken}` },
  });
  const { data } = (await response.json()) as { data: { id: string; attributes: { name: string } }[] };
  return Object.fromEntries(data.map(({ id, attributes }) => [attributes.name, id]));
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** Makes a pool the default of the organization, as somebody does in the console. */
function makeDefault(kind: ControlPlaneKind, poolId: unknown): void {
  const { admin } = world.emulator;
  const { organization, envZeroOrganizationId } = emulatorIds;
  const agentPoolId = String(poolId);
  if (kind === "pulumi-cloud") admin.pulumiCloud.setDefaultAgentPool({ organization, agentPoolId });
  if (kind === "hcp-terraform") admin.hcpTerraform.setDefaultAgentPool({ organization, agentPoolId });
  if (kind === "env-zero")
    admin.envZero.setDefaultAgent({ organizationId: envZeroOrganizationId, agentId: agentPoolId });
}

describe.each(controlPlaneKinds)("the default pool of an organization on %s", (kind) => {
  it("is not deleted: work would move to hosted runners", async () => {
    const pool = await world.poolOn(kind);
    // What this deployment has read before is no longer so.
    await world.poolOn(kind, "other");
    makeDefault(kind, pool.state["poolId"]);
    await expect(pool.delete()).rejects.toThrow(
      /: pool "builders" was not deleted: it is the default of organization acme, .*Make another pool the default first\./,
    );
    await expect(pool.delete()).rejects.toThrow(
      kind === "pulumi-cloud" ? /set forceDestroy: true, run `pulumi up`/ : /default first\.$/,
    );
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
    expect(world.warnings).toEqual([]);
  });

  it("does not keep another pool", async () => {
    const other = await world.poolOn(kind, "other");
    makeDefault(kind, other.state["poolId"]);
    const pool = await world.poolOn(kind);
    await pool.delete();
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
  });
});

describe.each(["hcp-terraform", "env-zero"] as const)("a pool in use on %s", (kind) => {
  it("is kept, with the reason and what to do", async () => {
    const { controlPlane, target } = world.plane(kind);
    const pool = await world.poolOn(kind);
    await world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target }).create();
    const error = await pool.delete().catch((reason: Error) => reason.message);
    const reason = kind === "hcp-terraform" ? "HTTP 422: " : "project network uses it, ";
    expect(error).toContain(reason);
    expect(error).toContain(
      kind === "hcp-terraform" ? "workspace network-prod uses it. Pool" : "project network",
    );
    expect(error).toMatch(/Pool "builders" is kept\. Take it from everything that uses it first/);
    expect(error).not.toContain("forceDestroy");
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });
});

it("a pool of HCP Terraform in use is kept for that reason also where nobody may list who uses it", async () => {
  const { controlPlane, target } = world.plane("hcp-terraform");
  const pool = await world.poolOn("hcp-terraform");
  await world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target }).create();
  world.emulator.admin.addFault({
    kind: "status",
    status: 403,
    method: "GET",
    path: "/api/v2/organizations/acme/workspaces",
  });
  const error = await pool.delete().catch((reason: Error) => reason.message);
  expect(error).toMatch(/HTTP 422: .*[^.]\. Pool "builders" is kept/);
});

it("does not take a refusal of the credential for a pool in use", async () => {
  const pool = await world.poolOn("pulumi-cloud");
  world.emulator.admin.addFault({ kind: "status", status: 403, method: "DELETE" });
  const error = await pool.delete().catch((reason: Error) => reason.message);
  expect(error).toContain("HTTP 403");
  expect(error).not.toContain("is kept");
});

describe("forceDestroy on Pulumi Cloud", () => {
  const forced = () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    return world.resource("RunnerPool", { controlPlane, name: "builders", forceDestroy: true }).create();
  };

  it("says nothing of a pool that nothing uses", async () => {
    await (await forced()).delete();
    expect(await world.poolsNamed("pulumi-cloud", "builders")).toEqual([]);
    expect(world.warnings).toEqual([]);
  });

  it("announces that work moves to hosted runners, with what used the pool", async () => {
    const pool = await forced();
    const { controlPlane, target } = world.plane("pulumi-cloud");
    await world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target }).create();
    await pool.delete();
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^Pulumi Cloud: pool "builders" was deleted while in use, as forceDestroy says: that work now runs on the vendor's hosted runners\. .*configured to use/,
      ),
    ]);
  });

  it("announces that the organization's default is gone", async () => {
    const pool = await forced();
    makeDefault("pulumi-cloud", pool.state["poolId"]);
    await pool.delete();
    expect(await world.poolsNamed("pulumi-cloud", "builders")).toEqual([]);
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^Pulumi Cloud: pool "builders" was the default of organization acme: work without/,
      ),
    ]);
  });

  it("announces nothing where the deletion fails", async () => {
    const pool = await forced();
    makeDefault("pulumi-cloud", pool.state["poolId"]);
    world.emulator.admin.addFault({ kind: "status", status: 403, method: "DELETE" });
    const error = await pool.delete().catch((reason: Error) => reason.message);
    expect(error).toContain("HTTP 403");
    expect(error).not.toContain("is kept");
    expect(world.warnings).toEqual([]);
  });
});

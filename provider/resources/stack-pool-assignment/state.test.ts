import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import { controlPlaneKinds } from "../../control-planes/planes.ts";
import type { Properties } from "../framework/lifecycle.ts";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const target = { workspace: "network-prod" };

/** Assigns a workspace of HCP Terraform to a pool. */
async function assigned(
  scope?: object,
  more: Properties = {},
): Promise<{ pool: TestResource; assignment: TestResource }> {
  const { controlPlane } = world.plane("hcp-terraform");
  const pool = await world
    .resource("RunnerPool", { controlPlane, name: "builders", ...(scope && { scope }) })
    .create();
  const inputs = { controlPlane, pool: pool.id, target, ...more };
  const assignment = await world.resource("StackPoolAssignment", inputs).create();
  world.nextDeployment();
  return { pool, assignment };
}

const workspaceId = async () =>
  (await world.outsider("hcp-terraform").assignments.find({ kind: "workspace", name: "network-prod" }))?.id;

describe.each(controlPlaneKinds)("an assignment on %s", (kind) => {
  const assign = async () => {
    const { controlPlane, target: named } = world.plane(kind);
    const pool = await world.poolOn(kind);
    const inputs = { controlPlane, pool: pool.id, target: named };
    const assignment = await world.resource("StackPoolAssignment", inputs).create();
    world.nextDeployment();
    return { pool, assignment };
  };

  it("is in a refresh what it was", async () => {
    const { assignment } = await assign();
    const { state } = assignment;
    expect(await assignment.refresh()).toBe(true);
    expect(assignment.state).toEqual(state);
  });

  it("is not looked at by an update that leaves its pool", async () => {
    const { assignment } = await assign();
    const { state } = assignment;
    await assignment.declare({ overwrite: true });
    world.emulator.admin.clearJournal();
    await assignment.update();
    expect(world.emulator.admin.journal()).toEqual([]);
    expect(assignment.state).toEqual({ ...state, overwrite: true });
  });

  it("is at the same pool where the id of that writes the organization in another way", async () => {
    const { pool, assignment } = await assign();
    if (kind === "env-zero") return;
    const other = pool.id.replace("acme", "ACME");
    await assignment.declare({ pool: other });
    await assignment.update();
    await assignment.refresh();
    expect(assignment.inputs["pool"]).toBe(other);
  });

  it("goes to the pool that a refresh has found, where the program names that now and nobody has changed it back", async () => {
    const { assignment } = await assign();
    const { target: named } = world.plane(kind);
    const foreign = await world.poolOn(kind, "foreign");
    await world.repoint(kind, named, foreign);
    world.nextDeployment();
    await assignment.refresh();
    await world.repoint(kind, named, null);
    await assignment.declare({ pool: foreign.id });
    await assignment.update();
    expect(await world.poolOfTarget(kind, named)).toBe(foreign.state["poolId"]);
    expect(assignment.state["poolId"]).toBe(foreign.state["poolId"]);
  });
});

describe("the access of a workspace", () => {
  it("is not the assignment's own where others gave it, also after a refresh", async () => {
    const scope = { mode: "listed", allowedWorkspaces: [await workspaceId()] };
    const { assignment } = await assigned(scope);
    await assignment.refresh();
    expect(assignment.state["accessGranted"]).toBe(false);
  });

  it.each([
    ["is what an import takes back where the pool lists the workspace", "assigned", true],
    ["is nothing to take back for an import where everybody may use the pool", "organization", false],
  ])("%s", async (_what, mode, accessGranted) => {
    const { assignment } = await assigned({ mode });
    world.nextDeployment({ ...emulatorCredentials, hcpTerraformUrl: world.emulator.url });
    const found = await assignment.importedAs(assignment.id);
    expect(found?.state["accessGranted"]).toBe(accessGranted);
  });

  it("is taken back when the assignment ends while the workspace is at another pool", async () => {
    const { pool, assignment } = await assigned();
    const foreign = await world.poolOn("hcp-terraform", "foreign");
    await world.repoint("hcp-terraform", target, foreign);
    world.nextDeployment();
    await assignment.refresh();
    expect(assignment.state).toMatchObject({ poolId: pool.state["poolId"], accessGranted: true });
    expect(await allowedOf(world, pool)).toHaveLength(1);
    await assignment.delete(pool, foreign);
    expect(await allowedOf(world, pool)).toEqual([]);
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(foreign.state["poolId"]);
  });
});

describe("an assignment", () => {
  it("shows its workspace as it was declared, by name or by id", async () => {
    const workspace = await workspaceId();
    const { assignment } = await assigned(undefined, { target: { workspace } });
    await assignment.refresh();
    expect(assignment.inputs["target"]).toEqual({ workspace });
  });

  it("keeps its pool in the program: no token of that which is in use is revoked", async () => {
    const { pool, assignment } = await assigned();
    const { controlPlane } = world.plane("hcp-terraform");
    const token = await world
      .resource("PoolToken", { controlPlane, pool: pool.id, description: "builders" })
      .create();
    const lastUsedAt = new Date().toISOString();
    world.emulator.admin.hcpTerraform.updateAgentToken({ id: String(token.state["tokenId"]), lastUsedAt });
    await expect(token.delete(assignment)).rejects.toThrow("was not revoked: an agent used it");
  });

  it("is not dropped where the credential does not see its stack", async () => {
    const { controlPlane, target: stack } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: stack })
      .create();
    const { admin, url } = world.emulator;
    const pulumiCloudAccessToken = `pul-${"ab".repeat(20)}`;
    admin.addCredential({
      plane: "pulumi-cloud",
      value: pulumiCloudAccessToken,
      kind: "member",
      login: "alice",
      organizations: ["acme"],
    });
    admin.pulumiCloud.setStackAccess({ organization: "acme", login: "alice", stacks: ["app/prod"] });
    world.nextDeployment({ pulumiCloudAccessToken, pulumiCloudUrl: url });
    await expect(assignment.refresh()).rejects.toThrow("it sees 1 of");
  });

  it.each(["thing/x", "stack"])("is not imported by an id that names no target: %s", async (path) => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const assignment = world.resource("StackPoolAssignment", { controlPlane, pool: "1", target: {} });
    await expect(assignment.importedAs(`pulumi-cloud/acme/${path}`)).rejects.toThrow(
      `"pulumi-cloud/acme/${path}" names no target: expected for example pulumi-cloud/acme/stack/network/prod.`,
    );
  });
});

it("a refresh says why an assignment that somebody took away is gone", async () => {
  const { controlPlane, target } = world.plane("hcp-terraform");
  const pool = await world.poolOn("hcp-terraform");
  const single = await world
    .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
    .create();
  await world.repoint("hcp-terraform", target, null);
  world.nextDeployment();
  expect(await single.refresh()).toBe(false);
  expect(world.warnings.at(-1)).toEqual(
    expect.stringMatching(
      /: somebody took workspace network-prod from pool .* It has no pool of its own now, so its work may run on the vendor's hosted runners\. The next update assigns it again\.$/,
    ),
  );
});

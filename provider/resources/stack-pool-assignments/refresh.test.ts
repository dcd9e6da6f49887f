import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const organization = "acme";

async function setOf(
  kind: "pulumi-cloud" | "hcp-terraform",
  targets: Record<string, string[]>,
): Promise<{ pool: TestResource; set: TestResource }> {
  const { controlPlane } = world.plane(kind);
  const pool = await world.poolOn(kind);
  const set = await world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets }).create();
  world.nextDeployment();
  return { pool, set };
}

describe("a refresh of a set", () => {
  it.each([
    ["pulumi-cloud", { stacks: ["*/prod"], policyGroups: ["default-policy-group"] }],
    ["hcp-terraform", { workspaces: ["network-*"], projects: ["platform"] }],
  ] as const)("that is as it was changes nothing and says nothing, on %s", async (kind, targets) => {
    const { set } = await setOf(kind, structuredClone(targets) as never);
    const { state } = set;
    expect(await set.refresh()).toBe(true);
    expect(set.state).toEqual(state);
    expect(set.state).not.toHaveProperty("elsewhere");
    expect(world.warnings).toEqual([]);
  });

  it("keeps several that it may not read", async () => {
    const { set } = await setOf("pulumi-cloud", { stacks: ["*/prod"] });
    world.emulator.admin.addFault({ kind: "status", status: 403, method: "GET", path: "/prod/" });
    expect(await set.refresh()).toBe(true);
    expect(set.state["assigned"]).toEqual(["stack:app/prod", "stack:network/prod"]);
    expect(world.warnings).toEqual([
      expect.stringContaining(
        "may not read stack app/prod, stack network/prod; state keeps what it knew of them.",
      ),
    ]);
  });

  it("drops nothing that the credential does not see", async () => {
    const { set } = await setOf("pulumi-cloud", { stacks: ["*/prod"] });
    const { admin, url } = world.emulator;
    const pulumiCloudAccessToken = `pul-${"ab".repeat(20)}`;
    admin.addCredential({
      plane: "pulumi-cloud",
      value: pulumiCloudAccessToken,
      kind: "member",
      login: "alice",
      organizations: [organization],
    });
    admin.pulumiCloud.setStackAccess({ organization, login: "alice", stacks: ["app/prod"] });
    world.nextDeployment({ pulumiCloudAccessToken, pulumiCloudUrl: url });
    await expect(set.refresh()).rejects.toThrow("it sees 1 of");
    expect(set.state["assigned"]).toHaveLength(2);
  });

  it("claims no access that others gave", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const ids = await world.outsider("hcp-terraform").assignments.list("workspace");
    const allowedWorkspaces = ids.map(({ id }) => id);
    const scope = { mode: "listed", allowedWorkspaces };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders", scope }).create();
    const targets = { workspaces: ["network-*"] };
    const set = await world
      .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets })
      .create();
    world.nextDeployment();
    await set.refresh();
    expect(set.state).toMatchObject({
      assigned: ["workspace:network-dev", "workspace:network-prod"],
      accessGranted: [],
    });
    await set.delete(pool);
    expect(new Set(await allowedOf(world, pool))).toEqual(new Set(allowedWorkspaces));
  });

  it("keeps what it may not read, and says so", async () => {
    const { set } = await setOf("pulumi-cloud", { stacks: ["*/prod"] });
    world.emulator.admin.addFault({ kind: "status", status: 403, method: "GET", path: "/network/prod/" });
    await world.repoint("pulumi-cloud", { stack: "app/prod" }, null);
    expect(await set.refresh()).toBe(true);
    expect(set.state["assigned"]).toEqual(["stack:network/prod"]);
    expect(world.warnings).toEqual([
      expect.stringContaining(
        `${set.subject}: the credential may not read stack network/prod; state keeps what it knew of it. Pulumi Cloud:`,
      ),
    ]);
  });

  it("fails with what else goes wrong", async () => {
    const { set } = await setOf("pulumi-cloud", { stacks: ["*/prod"] });
    world.emulator.admin.addFault({ kind: "drop-before", method: "GET", path: "/network/prod/" });
    await expect(set.refresh()).rejects.toThrow("could not read the deployment settings");
    expect(set.state["assigned"]).toHaveLength(2);
  });

  it("drops what is gone, and keeps a set that holds nothing any more", async () => {
    const { pool, set } = await setOf("pulumi-cloud", { stacks: ["*/prod"] });
    world.emulator.admin.pulumiCloud.deleteStack({ organization, stack: "network/prod" });
    await world.repoint("pulumi-cloud", { stack: "app/prod" }, null);
    expect(await set.refresh()).toBe(true);
    expect(set.state["assigned"]).toEqual([]);
    await set.update();
    expect(set.state["assigned"]).toEqual(["stack:app/prod"]);
    expect(await world.poolOfTarget("pulumi-cloud", { stack: "app/prod" })).toBe(pool.state["poolId"]);
  });

  it("keeps a renamed workspace under its new name; a pattern keeps it, and a delete gives it back", async () => {
    const { pool, set } = await setOf("hcp-terraform", { workspaces: ["network-*"] });
    world.emulator.admin.hcpTerraform.renameWorkspace({
      organization,
      workspace: "network-prod",
      name: "network-live",
    });
    expect(await set.needsUpdate()).toBe(false);
    await set.refresh();
    expect(set.state["assigned"]).toEqual(["workspace:network-dev", "workspace:network-live"]);
    await set.delete(pool);
    expect(await world.poolOfTarget("hcp-terraform", { workspace: "network-live" })).toBeUndefined();
    expect(await allowedOf(world, pool)).toEqual([]);
  });

  it("is no precondition: an update and a delete know a renamed workspace by its id", async () => {
    const { pool, set } = await setOf("hcp-terraform", { workspaces: ["network-*"] });
    const { hcpTerraform } = world.emulator.admin;
    hcpTerraform.renameWorkspace({ organization, workspace: "network-prod", name: "network-live" });
    await set.declare({ targets: { workspaces: ["network-*", "app-prod"] } });
    await set.update();
    expect(set.state["assigned"]).toEqual([
      "workspace:app-prod",
      "workspace:network-dev",
      "workspace:network-live",
    ]);
    hcpTerraform.renameWorkspace({ organization, workspace: "network-live", name: "other" });
    await set.delete(pool);
    expect(await world.poolOfTarget("hcp-terraform", { workspace: "other" })).toBeUndefined();
  });

  it("finds access that was taken away, and the update grants it again", async () => {
    const { pool, set } = await setOf("hcp-terraform", { workspaces: ["network-*"] });
    const scope = { organizationScoped: false, allowedWorkspaces: [] };
    await world.outsider("hcp-terraform").pools.update(String(pool.state["poolId"]), { scope });
    await set.refresh();
    expect(set.state["assigned"]).toEqual([]);
    await set.update();
    expect(await allowedOf(world, pool)).toHaveLength(2);
    await set.delete(pool);
    expect(await allowedOf(world, pool)).toEqual([]);
  });
});

describe("an import of a set", () => {
  const imported = (set: TestResource) => {
    const { url } = world.emulator;
    world.nextDeployment({ ...emulatorCredentials, pulumiCloudUrl: url, hcpTerraformUrl: url });
    return set.importedAs(set.id);
  };

  it("finds everything that uses the pool, also where the organization has no Insights", async () => {
    const { pool, set } = await setOf("pulumi-cloud", {
      stacks: ["*/prod"],
      policyGroups: ["default-policy-group"],
    });
    world.emulator.admin.pulumiCloud.setInsightsAvailable({ organization, enabled: false });
    const found = await imported(set);
    expect(found?.inputs).toMatchObject({
      pool: pool.id,
      targets: { stacks: ["app/prod", "network/prod"], policyGroups: ["default-policy-group"] },
      overwrite: false,
      onDestroy: "inherit",
      activeWorkTimeoutSeconds: 900,
    });
    expect(found?.state).toMatchObject({ assigned: expect.arrayContaining(["stack:app/prod"]) });
  });

  it("knows what access it has to take back", async () => {
    const { set } = await setOf("hcp-terraform", { workspaces: ["network-prod"], projects: ["platform"] });
    const found = await imported(set);
    const both = ["project:platform", "workspace:network-prod"];
    expect(found?.inputs["targets"]).toEqual({ workspaces: ["network-prod"], projects: ["platform"] });
    expect(found?.state).toMatchObject({ assigned: both, accessGranted: both });
    expect(Object.keys(found?.state["targetIds"] as object)).toEqual(both);
  });

  it("claims no access where everybody may use the pool", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const scope = { mode: "organization" };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders", scope }).create();
    const targets = { workspaces: ["network-*"] };
    const set = await world
      .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets })
      .create();
    const found = await imported(set);
    expect(found?.state).toMatchObject({
      assigned: ["workspace:network-dev", "workspace:network-prod"],
      accessGranted: [],
    });
    expect(found?.state).not.toHaveProperty("declaredAs");
    expect(found?.state).not.toHaveProperty("elsewhere");
  });

  it("takes what is at the pool, and nothing is missing from that", async () => {
    const { pool, set } = await setOf("pulumi-cloud", { stacks: ["app/prod"] });
    const foreign = await world.poolOn("pulumi-cloud", "foreign");
    await world.repoint("pulumi-cloud", { stack: "network/prod" }, foreign);
    const found = await imported(set);
    expect(found?.inputs).toMatchObject({ pool: pool.id, targets: { stacks: ["app/prod"] } });
    expect(found?.state).not.toHaveProperty("elsewhere");
  });

  it("finds nothing where nothing uses the pool", async () => {
    const { set } = await setOf("pulumi-cloud", { stacks: ["*/prod"] });
    await set.delete();
    expect(await imported(set)).toBeUndefined();
    await expect(set.importedAs("pulumi-cloud/acme/assignments")).rejects.toThrow("assignments/<poolId>");
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import type { ControlPlaneKind } from "../../control-planes/planes.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const organization = emulatorIds.organization;

/** Somebody makes the pool the default of the organization. */
function makeDefault(kind: ControlPlaneKind, pool: TestResource): void {
  const { pulumiCloud, envZero, hcpTerraform } = world.emulator.admin;
  const id = String(pool.state["poolId"]);
  if (kind === "pulumi-cloud") pulumiCloud.setDefaultAgentPool({ organization, agentPoolId: id });
  else if (kind === "hcp-terraform") hcpTerraform.setDefaultAgentPool({ organization, agentPoolId: id });
  else envZero.setDefaultAgent({ organizationId: emulatorIds.envZeroOrganizationId, agentId: id });
}

describe.each([
  ["pulumi-cloud", "Pulumi Cloud", "stacks", ["network/prod", "app/prod"]],
  ["env-zero", "env zero", "projects", ["network", "app"]],
  ["hcp-terraform", "HCP Terraform", "workspaces", ["network-prod", "app-prod"]],
  ["hcp-terraform", "HCP Terraform", "projects", ["platform", "Default Project"]],
] as const)("work of %s (%s, %s) that goes to hosted runners", (kind, plane, plural, names) => {
  const targetKind = plural.slice(0, -1);
  const [name, other] = names;
  const single = (pool: TestResource, more: object = {}) =>
    world
      .resource("StackPoolAssignment", {
        controlPlane: world.plane(kind).controlPlane,
        pool: pool.id,
        target: { [targetKind]: name },
        ...more,
      })
      .create();
  const set = (pool: TestResource) =>
    world
      .resource("StackPoolAssignments", {
        controlPlane: world.plane(kind).controlPlane,
        pool: pool.id,
        targets: { [plural]: names },
      })
      .create();

  it("is announced when an assignment ends", async () => {
    const assignment = await single(await world.poolOn(kind));
    await assignment.delete();
    expect(world.warnings).toEqual([
      `${plane}: ${targetKind} ${name} has no runner pool any more, neither its own nor an inherited one: its work now runs on the vendor's hosted runners.`,
    ]);
  });

  it("is announced once for all targets of a set", async () => {
    const assignments = await set(await world.poolOn(kind));
    await assignments.delete();
    expect(world.warnings).toHaveLength(1);
    expect(world.warnings[0]).toContain(`${targetKind} ${name}`);
    expect(world.warnings[0]).toContain(`${targetKind} ${other}`);
    expect(world.warnings[0]).toContain("have no runner pool any more, neither their own");
  });

  it("is announced for a target that leaves a set", async () => {
    const assignments = await set(await world.poolOn(kind));
    world.nextDeployment();
    await assignments.declare({ targets: { [plural]: [name] } });
    await assignments.update();
    expect(world.warnings).toEqual([
      expect.stringContaining(`${plane}: ${targetKind} ${other} has no runner pool any more`),
    ]);
  });

  it("does not happen, and nothing is said, where a pool is inherited", async () => {
    const scope = kind === "hcp-terraform" ? { scope: { mode: "organization" } } : {};
    const { controlPlane } = world.plane(kind);
    const pool = await world.resource("RunnerPool", { controlPlane, name: "default", ...scope }).create();
    const assignment = await single(await world.poolOn(kind));
    makeDefault(kind, pool);
    world.nextDeployment();
    await assignment.delete();
    expect(await world.poolOfTarget(kind, { [targetKind]: name })).toBeUndefined();
    expect(world.warnings).toEqual([]);
  });
});

describe("what a target uses after its release", () => {
  it("is said not to be known where the service fails behind the release", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.emulator.admin.addFault({
      kind: "status",
      status: 403,
      method: "GET",
      path: "organizations/acme$",
    });
    await assignment.delete();
    expect(await world.poolOfTarget("hcp-terraform", target)).toBeUndefined();
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /workspace network-prod may have no runner pool any more.*HTTP 403.*hosted runners/s,
      ),
    ]);
  });

  it("is said not to be known where the service released it and then failed", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.emulator.admin.addFault({ kind: "status-after", status: 502, method: "POST", path: "settings$" });
    await expect(assignment.delete()).rejects.toThrow("502");
    expect(world.warnings).toEqual([
      expect.stringContaining("stack network/prod may have no runner pool any more"),
    ]);
  });
});

describe("hosted runners that are asked for on HCP Terraform", () => {
  it("are announced although another pool could be inherited", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const scope = { mode: "organization" };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "default", scope }).create();
    makeDefault("hcp-terraform", pool);
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target, onDestroy: "hosted" })
      .create();
    await assignment.delete();
    expect(world.warnings).toEqual([expect.stringContaining("workspace network-prod has no runner pool")]);
  });

  it("are not announced for a workspace whose project has a pool", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const assign = (to: object) =>
      world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: to }).create();
    const [workspace] = [await assign(target), await assign({ project: "platform" })];
    await workspace.delete();
    expect(world.warnings).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import type { ControlPlaneKind } from "../../control-planes/planes.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const organization = "acme";

async function select(
  kind: ControlPlaneKind,
  targets: Record<string, string[]>,
  exclude?: Record<string, string[]>,
): Promise<TestResource> {
  const pool = await world.poolOn(kind, `pool-${world.plans.length}`);
  return world
    .resource("StackPoolAssignments", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      targets,
      ...(exclude && { exclude }),
    })
    .create();
}

const assignedOf = (set: TestResource) => set.state["assigned"];

describe("a selection of stacks", () => {
  it("goes by a tag, with or without a value, and follows it", async () => {
    const { pulumiCloud } = world.emulator.admin;
    pulumiCloud.setStackTags({ organization, stack: "network/prod", tags: { tier: "gold" } });
    pulumiCloud.setStackTags({ organization, stack: "app/prod", tags: { tier: "iron" } });
    const set = await select("pulumi-cloud", { stackTags: ["tier"] });
    expect(assignedOf(set)).toEqual(["stack:app/prod", "stack:network/prod"]);
    world.nextDeployment();
    await set.declare({ targets: { stackTags: ["tier=gold"] } });
    await set.update();
    expect(assignedOf(set)).toEqual(["stack:network/prod"]);
    pulumiCloud.setStackTags({ organization, stack: "network/prod", tags: {} });
    pulumiCloud.setStackTags({ organization, stack: "app/dev", tags: { tier: "gold" } });
    world.nextDeployment();
    // What has left is given back by a replacement, which is no update.
    expect(await set.difference()).toMatchObject({
      changes: [{ path: "targets", replaces: true }],
      needsUpdate: false,
    });
    await set.update();
    expect(assignedOf(set)).toEqual(["stack:app/dev"]);
  });

  it("goes by project, less what is excluded by name or pattern, also with the organization in front", async () => {
    const byName = await select(
      "pulumi-cloud",
      { stackProjects: ["app"], stacks: ["*/dev", "acme/network/prod"] },
      { stacks: ["acme/app/prod", "net*/dev"] },
    );
    expect(assignedOf(byName)).toEqual(["stack:app/dev", "stack:network/prod"]);
    expect(byName.inputs["exclude"]).toEqual({ stacks: ["app/prod", "net*/dev"] });
  });

  it("takes a stack that the same deployment made a moment ago", async () => {
    const set = await select("pulumi-cloud", { stacks: ["app/*"] });
    const stack = `${organization}/app/new`;
    world.emulator.admin.pulumiCloud.createStack({ organization, stack: "app/new" });
    await set.declare({ targets: { stacks: ["app/*", "network/dev"] } });
    await set.update();
    expect(assignedOf(set)).toContain(`stack:${stack.slice(organization.length + 1)}`);
  });

  it("reads the list once, however many patterns there are", async () => {
    const set = await select("pulumi-cloud", { stacks: ["app/*"] });
    const before = world.emulator.admin.journal({ operation: "ListUserStacks" }).length;
    await set.declare({ targets: { stacks: ["app/*", "network/*", "*/dev", "*/prod", "none/*"] } });
    await set.update();
    expect(world.emulator.admin.journal({ operation: "ListUserStacks" }).length - before).toBe(1);
  });

  it("holds a stack once, however often it is selected", async () => {
    const set = await select("pulumi-cloud", { stacks: ["app/dev", "app/*", "*/dev", "app/dev"] });
    expect(assignedOf(set)).toEqual(["stack:app/dev", "stack:app/prod", "stack:network/dev"]);
  });

  it("announces what selects nothing at present, and goes on", async () => {
    const targets = { stacks: ["app/dev", "none/*"], stackTags: ["none"], stackProjects: ["app"] };
    const set = await select("pulumi-cloud", targets, { stacks: ["app/prod"] });
    expect(assignedOf(set)).toEqual(["stack:app/dev"]);
    expect(world.warnings).toEqual([
      `${set.subject}: targets.stacks[1] ("none/*") selects nothing at present.`,
      `${set.subject}: targets.stackTags[0] ("none") selects nothing at present.`,
    ]);
  });

  it("announces nothing where a name is left out that was given by itself", async () => {
    const set = await select("pulumi-cloud", { stacks: ["app/dev", "app/prod"] }, { stacks: ["app/prod"] });
    expect(assignedOf(set)).toEqual(["stack:app/dev"]);
    expect(world.warnings).toEqual([]);
  });

  it("asks nothing about the stacks that it has by name", async () => {
    const set = await select("pulumi-cloud", { stacks: ["app/dev", "app/prod"] });
    world.nextDeployment();
    world.emulator.admin.clearJournal();
    expect(await set.needsUpdate()).toBe(false);
    expect(world.emulator.admin.journal()).toEqual([]);
  });

  it("takes nothing from other pools unasked, and keeps what is free", async () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const theirs = await world.poolOn("pulumi-cloud", "theirs");
    await world.repoint("pulumi-cloud", { stack: "network/prod" }, theirs);
    world.nextDeployment();
    const pool = await world.poolOn("pulumi-cloud");
    const set = world.resource("StackPoolAssignments", {
      controlPlane,
      pool: pool.id,
      targets: { stacks: ["*/*"] },
    });
    await expect(set.create()).rejects.toThrow('stack network/prod is assigned to pool "theirs"');
    expect(assignedOf(set)).toEqual(["stack:app/dev", "stack:app/prod", "stack:network/dev"]);
    expect(await world.poolOfTarget("pulumi-cloud", { stack: "network/prod" })).toBe(theirs.state["poolId"]);
  });

  it("assigns no preventative policy group, by name or by pattern", async () => {
    world.emulator.admin.seed({
      pulumiCloud: [{ organization, policyGroups: [{ name: "default-guard", mode: "preventative" }] }],
    });
    const set = await select("pulumi-cloud", { policyGroups: ["default-*"] });
    expect(assignedOf(set)).toEqual(["policyGroup:default-policy-group"]);
    await expect(select("pulumi-cloud", { policyGroups: ["default-guard"] })).rejects.toThrow(
      "the group is preventative",
    );
    world.nextDeployment();
    const { controlPlane } = world.plane("pulumi-cloud");
    const single = world.resource("StackPoolAssignment", {
      controlPlane,
      pool: String(set.inputs["pool"]),
      target: { policyGroup: "default-guard" },
    });
    await expect(single.create()).rejects.toThrow("the group is preventative");
  });
});

describe("a selection on HCP Terraform", () => {
  it("goes by tag name, tag value and project", async () => {
    const { hcpTerraform } = world.emulator.admin;
    hcpTerraform.setWorkspaceTags({ organization, workspace: "network-prod", tagNames: ["live"] });
    hcpTerraform.setWorkspaceTags({ organization, workspace: "app-prod", tagBindings: { tier: "gold" } });
    const byTag = await select("hcp-terraform", { workspaceTags: ["live", "tier=gold"] });
    expect(assignedOf(byTag)).toEqual(["workspace:app-prod", "workspace:network-prod"]);
    await byTag.delete();
    world.nextDeployment();
    const byProject = await select(
      "hcp-terraform",
      { workspaceProjects: ["platform"] },
      { workspaces: ["*-dev"] },
    );
    expect(assignedOf(byProject)).toEqual(["workspace:app-prod", "workspace:network-prod"]);
    expect(world.warnings.filter((text) => text.includes("selects nothing"))).toEqual([]);
  });

  it("excludes what is of the same kind only", async () => {
    world.emulator.admin.seed({ hcpTerraform: [{ organization, workspaces: [{ name: "platform" }] }] });
    const set = await select("hcp-terraform", { workspaces: ["platform"] }, { projects: ["platform"] });
    expect(assignedOf(set)).toEqual(["workspace:platform"]);
  });

  it("asks nothing about the workspaces that it has by name", async () => {
    const set = await select("hcp-terraform", { workspaces: ["network-prod"] });
    world.nextDeployment();
    world.emulator.admin.clearJournal();
    expect(await set.needsUpdate()).toBe(false);
    expect(world.emulator.admin.journal()).toEqual([]);
  });

  it("excludes by id, too", async () => {
    const { assignments } = world.outsider("hcp-terraform");
    const id = (await assignments.find({ kind: "workspace", name: "network-prod" }))?.id ?? "";
    const set = await select(
      "hcp-terraform",
      { workspaces: ["*-prod"], projects: ["platform"] },
      { workspaces: [id] },
    );
    expect(assignedOf(set)).toEqual(["project:platform", "workspace:app-prod"]);
  });

  it("fails for a project that is not there, with those that are", async () => {
    await expect(select("hcp-terraform", { workspaceProjects: ["none"] })).rejects.toThrow(
      "It has Default Project, platform.",
    );
  });
});

it("a selection on env zero goes by name, id and pattern", async () => {
  const { network } = emulatorIds.envZeroProjects;
  const set = await select(
    "env-zero",
    { projects: [network, "a*", "sandbox", "*o*"] },
    { projects: ["sand*"] },
  );
  expect(assignedOf(set)).toEqual(["project:app", "project:network"]);
});

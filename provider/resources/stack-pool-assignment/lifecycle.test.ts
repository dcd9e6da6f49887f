import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials, emulatorIds } from "../../../emulator/default-seed.ts";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const everyTarget: [ControlPlaneKind, Readonly<Record<string, string>>, string][] = [
  ["pulumi-cloud", { stack: "network/prod" }, "stack/network/prod"],
  ["pulumi-cloud", { insightsAccount: "aws-production" }, "insights-account/aws-production"],
  ["pulumi-cloud", { policyGroup: "default-policy-group" }, "policy-group/default-policy-group"],
  [
    "env-zero",
    { project: emulatorIds.envZeroProjects.network },
    `project/${emulatorIds.envZeroProjects.network}`,
  ],
  ["hcp-terraform", { workspace: "network-prod" }, "workspace/network-prod"],
  ["hcp-terraform", { project: "platform" }, "project/platform"],
];

describe.each(everyTarget)("StackPoolAssignment on %s to %o", (kind, target, path) => {
  const assign = (pool: TestResource) =>
    world.resource("StackPoolAssignment", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      target,
    });

  it("points the target at the pool, stays as it is, and gives it back", async () => {
    const pool = await world.poolOn(kind);
    const assignment = await assign(pool).create();
    expect(assignment.id).toBe(`${kind}/acme/${path}`);
    expect(await world.poolOfTarget(kind, target)).toBe(pool.state["poolId"]);
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(true);
    expect(await assignment.pendingChanges()).toEqual([]);
    await assignment.delete();
    expect(await world.poolOfTarget(kind, target)).toBeUndefined();
    await assignment.delete();
    await pool.delete();
  });

  it("moves to another pool in place", async () => {
    const first = await world.poolOn(kind);
    const second = await world.poolOn(kind, "second");
    const assignment = await assign(first).create();
    expect(await assignment.declare({ pool: second.id })).toEqual(["pool"]);
    await assignment.update();
    expect(await world.poolOfTarget(kind, target)).toBe(second.state["poolId"]);
    await first.delete();
  });

  it("takes a target back that a refresh has found at another pool, and from no pool that nobody has seen", async () => {
    const pool = await world.poolOn(kind);
    const other = await world.poolOn(kind, "other");
    const assignment = await assign(pool).create();
    await world.repoint(kind, target, other);
    world.nextDeployment();
    await assignment.refresh();
    expect(await assignment.pendingChanges()).toEqual(["pool"]);
    await assignment.update();
    expect(await world.poolOfTarget(kind, target)).toBe(pool.state["poolId"]);

    const third = await world.poolOn(kind, "third");
    await world.repoint(kind, target, other);
    world.nextDeployment();
    await assignment.refresh();
    await world.repoint(kind, target, third);
    await expect(assignment.update()).rejects.toThrow(
      `is assigned to pool "third" (${third.state["poolId"]}), which this program does not manage, and was not moved to pool "builders" (${pool.state["poolId"]})`,
    );
    await assignment.delete();
    expect(await world.poolOfTarget(kind, target)).toBe(third.state["poolId"]);
  });

  it("leaves a target to the stranger who pointed it elsewhere, whether a refresh has seen that or not", async () => {
    const pool = await world.poolOn(kind);
    const foreign = await world.poolOn(kind, "foreign");
    const assignment = await assign(pool).create();
    await world.repoint(kind, target, foreign);
    await assignment.delete();
    expect(await world.poolOfTarget(kind, target)).toBe(foreign.state["poolId"]);
    world.nextDeployment();
    await assignment.refresh();
    await assignment.delete();
    expect(await world.poolOfTarget(kind, target)).toBe(foreign.state["poolId"]);
    expect(world.warnings).toEqual([]);
  });

  it("is gone when the target was given back behind our back", async () => {
    const pool = await world.poolOn(kind);
    const assignment = await assign(pool).create();
    await (await assign(pool).create()).delete();
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(false);
  });

  it("is made in spite of an answer that got lost", async () => {
    const pool = await world.poolOn(kind);
    const method = kind === "hcp-terraform" ? "PATCH" : undefined;
    world.emulator.admin.addFault({
      kind: "drop-after",
      plane: kind,
      ...(method && { method }),
      times: 1,
      skip: method ? 1 : 0,
    });
    const assignment = await assign(pool).create();
    expect(await world.poolOfTarget(kind, target)).toBe(pool.state["poolId"]);
    await assignment.delete();
    await pool.delete();
  });

  it("names the pools there are when its pool is not among them", async () => {
    const pool = await world.poolOn(kind);
    const stray = world.resource("StackPoolAssignment", {
      controlPlane: world.plane(kind).controlPlane,
      pool: "none",
      target,
    });
    await expect(stray.create()).rejects.toThrow(
      `there is no agent pool none in organization acme; there are: builders (${pool.state["poolId"]})`,
    );
  });

  it("is imported by its id alone", async () => {
    const pool = await world.poolOn(kind);
    const assignment = await assign(pool).create();
    const { url } = world.emulator;
    world.nextDeployment({
      ...emulatorCredentials,
      pulumiCloudUrl: url,
      hcpTerraformUrl: url,
      envZeroUrl: url,
    });
    const found = await assignment.importedAs(assignment.id);
    expect(found?.inputs).toMatchObject({ pool: pool.id, target, onDestroy: "inherit" });
  });
});

describe("StackPoolAssignment", () => {
  it("touches nothing of a stack's deployment settings but the pool", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const settings = `${world.emulator.url}/api/stacks/acme/network/prod/deployments/settings`;
    const headers = {
      authorization: `token ${emulatorCredentials.pulumiCloudAccessToken}`,
      accept: "application/vnd.pulumi+9",
      "content-type": "application/json",
    };
    const body = JSON.stringify({
      operationContext: { preRunCommands: ["make"] },
      sourceContext: { git: { branch: "main" } },
    });
    await fetch(settings, { method: "POST", headers, body });
    const pool = await world.poolOn("pulumi-cloud");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await assignment.delete();
    const after = (await (await fetch(settings, { headers })).json()) as Record<string, unknown>;
    expect(after).toMatchObject(JSON.parse(body));
    expect(after).not.toHaveProperty("agentPoolID");
  });

  it("warns when work goes to the vendor's hosted runners", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const pool = await world.poolOn("pulumi-cloud");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await assignment.delete();
    expect(world.warnings).toEqual([
      expect.stringContaining("stack network/prod has no runner pool any more"),
    ]);
  });

  it("sends a workspace to hosted runners where that is declared", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target, onDestroy: "hosted" })
      .create();
    await assignment.delete();
    const response = await fetch(`${world.emulator.url}/api/v2/organizations/acme/workspaces/network-prod`, {
      headers: { authorization: `Bearer ${emulatorCredentials.hcpTerraformToken}` },
    });
    const { data } = (await response.json()) as { data: { attributes: Record<string, unknown> } };
    expect(data.attributes).toMatchObject({
      "execution-mode": "remote",
      "setting-overwrites": { "execution-mode": true },
    });
  });

  it.each(controlPlaneKinds)("names a target that does not exist on %s", async (kind) => {
    const { controlPlane, target } = world.plane(kind);
    const [key = ""] = Object.keys(target);
    const pool = await world.poolOn(kind);
    const stray = world.resource("StackPoolAssignment", {
      controlPlane,
      pool: pool.id,
      target: { [key]: key === "stack" ? "no/such" : "nosuch" },
    });
    await expect(stray.create()).rejects.toThrow(/no.?such/);
  });
});

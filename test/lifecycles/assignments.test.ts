import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Connections } from "../../provider/control-planes/connect.ts";
import type { Target } from "../../provider/control-planes/control-plane.ts";
import { emulatorCredentials, emulatorIds } from "../../provider/emulator/default-seed.ts";
import type { PartialFailure } from "../../provider/resources/lifecycle.ts";
import { openWorld, type TestResource, type World } from "./world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const kinds = ["pulumi-cloud", "env-zero", "hcp-terraform"] as const;
type Kind = (typeof kinds)[number];

async function poolOn(kind: Kind, name = "builders"): Promise<TestResource> {
  return world.resource("RunnerPool", { controlPlane: world.plane(kind).controlPlane, name }).create();
}

/** The control plane as somebody else sees it. */
function outsider(kind: Kind) {
  return new Connections({ ...emulatorCredentials }).connect(world.plane(kind).controlPlane);
}

async function poolOfTarget(
  kind: Kind,
  target: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const [entry] = Object.entries(target);
  const [targetKind, name] = entry ?? [];
  return (await outsider(kind).findAssignment({ kind: targetKind, name } as Target))?.poolId;
}

const everyTarget: [Kind, Readonly<Record<string, string>>, string][] = [
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
    const pool = await poolOn(kind);
    const assignment = await assign(pool).create();
    expect(assignment.id).toBe(`${kind}/acme/${path}`);
    expect(await poolOfTarget(kind, target)).toBe(pool.state["poolId"]);
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(true);
    expect(assignment.pendingChanges()).toEqual([]);
    await assignment.delete();
    expect(await poolOfTarget(kind, target)).toBeUndefined();
    await assignment.delete();
    await pool.delete();
  });

  it("moves to another pool in place", async () => {
    const first = await poolOn(kind);
    const second = await poolOn(kind, "second");
    const assignment = await assign(first).create();
    expect(assignment.declare({ pool: second.id })).toEqual(["pool"]);
    await assignment.update();
    expect(await poolOfTarget(kind, target)).toBe(second.state["poolId"]);
    await first.delete();
  });

  it("finds and repairs a target that was pointed elsewhere, and leaves it to its new owner on delete", async () => {
    const pool = await poolOn(kind);
    const foreign = await poolOn(kind, "foreign");
    const assignment = await assign(pool).create();
    const theirs = await assign(foreign).create();
    world.nextDeployment();
    await assignment.refresh();
    expect(assignment.pendingChanges()).toEqual(["pool"]);
    await assignment.update();
    expect(await poolOfTarget(kind, target)).toBe(pool.state["poolId"]);
    await theirs.delete();
    expect(await poolOfTarget(kind, target)).toBe(pool.state["poolId"]);
  });

  it("is gone when the target was given back behind our back", async () => {
    const pool = await poolOn(kind);
    const assignment = await assign(pool).create();
    await (await assign(pool).create()).delete();
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(false);
  });

  it("is made in spite of an answer that got lost", async () => {
    const pool = await poolOn(kind);
    const method = kind === "hcp-terraform" ? "PATCH" : undefined;
    world.emulator.admin.addFault({
      kind: "drop-after",
      plane: kind,
      ...(method && { method }),
      times: 1,
      skip: method ? 1 : 0,
    });
    const assignment = await assign(pool).create();
    expect(await poolOfTarget(kind, target)).toBe(pool.state["poolId"]);
    await assignment.delete();
    await pool.delete();
  });

  it("names the pools there are when its pool is not among them", async () => {
    const pool = await poolOn(kind);
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
    const pool = await poolOn(kind);
    const assignment = await assign(pool).create();
    const { url } = world.emulator;
    world.nextDeployment({ ...emulatorCredentials, pulumiUrl: url, tfeUrl: url, env0Url: url });
    const found = await assignment.importedAs(assignment.id);
    expect(found?.inputs).toMatchObject({ pool: pool.id, target, onDestroy: "inherit" });
  });
});

describe("StackPoolAssignment", () => {
  it("touches nothing of a stack's deployment settings but the pool", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const settings = `${world.emulator.url}/api/stacks/acme/network/prod/deployments/settings`;
    const headers = {
      authorization: `token ${emulatorCredentials.pulumiAccessToken}`,
      accept: "application/vnd.pulumi+9",
      "content-type": "application/json",
    };
    const body = JSON.stringify({
      operationContext: { preRunCommands: ["make"] },
      sourceContext: { git: { branch: "main" } },
    });
    await fetch(settings, { method: "POST", headers, body });
    const pool = await poolOn("pulumi-cloud");
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
    const pool = await poolOn("pulumi-cloud");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await assignment.delete();
    expect(world.warnings).toEqual([
      expect.stringContaining("stack network/prod has no runner pool any more"),
    ]);
  });

  it("grants a workspace access to a pool and takes it away again, for many at a time", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const pool = await poolOn("hcp-terraform");
    const names = ["network-dev", "network-prod", "app-prod"];
    const assignments = await Promise.all(
      names.map((workspace) =>
        world
          .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: { workspace } })
          .create(),
      ),
    );
    const allowed = async () =>
      (await outsider("hcp-terraform").findPool(String(pool.state["poolId"])))?.scope?.allowedWorkspaces;
    expect(await allowed()).toHaveLength(3);
    await Promise.all(assignments.map((assignment) => assignment.delete()));
    expect(await allowed()).toEqual([]);
  });

  it("finds access that was taken away, and grants it again", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await poolOn("hcp-terraform");
    const make = () => world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target });
    const assignment = await make().create();
    const poolId = String(pool.state["poolId"]);
    await outsider("hcp-terraform").updatePool(poolId, {
      name: "builders",
      scope: { organizationScoped: false, allowedWorkspaces: [] },
    });
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(false);
    await make().create();
    expect((await outsider("hcp-terraform").findPool(poolId))?.scope?.allowedWorkspaces).toHaveLength(1);
  });

  it("keeps its access when the pool is no longer for everybody, and gives it back in the end", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const scope = { mode: "organization" };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "builders", scope }).create();
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    expect(assignment.state["accessGranted"]).toBe(false);
    pool.declare({ scope: { mode: "assigned" } });
    await pool.update();
    const allowed = async () =>
      (await outsider("hcp-terraform").findPool(String(pool.state["poolId"])))?.scope?.allowedWorkspaces;
    expect(await allowed()).toHaveLength(1);
    world.nextDeployment();
    expect(await assignment.refresh()).toBe(true);
    await assignment.delete();
    expect(await allowed()).toEqual([]);
  });

  it("warns of nothing when the target belongs to another pool by now", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const [first, second] = [await poolOn("pulumi-cloud"), await poolOn("pulumi-cloud", "second")];
    const ours = await world
      .resource("StackPoolAssignment", { controlPlane, pool: first.id, target })
      .create();
    await world.resource("StackPoolAssignment", { controlPlane, pool: second.id, target }).create();
    await ours.delete();
    expect(world.warnings).toEqual([]);
  });

  it("sends a workspace to hosted runners where that is declared", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await poolOn("hcp-terraform");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target, onDestroy: "hosted" })
      .create();
    await assignment.delete();
    const response = await fetch(`${world.emulator.url}/api/v2/organizations/acme/workspaces/network-prod`, {
      headers: { authorization: `Bearer ${emulatorCredentials.tfeToken}` },
    });
    const { data } = (await response.json()) as { data: { attributes: Record<string, unknown> } };
    expect(data.attributes).toMatchObject({
      "execution-mode": "remote",
      "setting-overwrites": { "execution-mode": true },
    });
  });

  it.each(kinds)("names a target that does not exist on %s", async (kind) => {
    const { controlPlane, target } = world.plane(kind);
    const [key = ""] = Object.keys(target);
    const pool = await poolOn(kind);
    const stray = world.resource("StackPoolAssignment", {
      controlPlane,
      pool: pool.id,
      target: { [key]: key === "stack" ? "no/such" : "nosuch" },
    });
    await expect(stray.create()).rejects.toThrow(/no.?such/);
  });
});

describe("StackPoolAssignments", () => {
  it("assigns a set, follows patterns, and gives back what leaves", async () => {
    const { controlPlane } = world.plane("pulumi-cloud");
    const pool = await poolOn("pulumi-cloud");
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: pool.id,
        targets: { stacks: ["*/prod", "app/dev"] },
      })
      .create();
    expect(set.state["assigned"]).toEqual(["stack:app/dev", "stack:app/prod", "stack:network/prod"]);
    expect(await set.outdated()).toBe(false);

    world.emulator.admin.seed({ pulumiCloud: [{ organization: "acme", stacks: ["data/prod"] }] });
    world.nextDeployment();
    expect(await set.outdated()).toBe(true);
    set.declare({ targets: { stacks: ["*/prod"] } });
    await set.update();
    expect(set.state["assigned"]).toEqual(["stack:app/prod", "stack:data/prod", "stack:network/prod"]);
    expect(await poolOfTarget("pulumi-cloud", { stack: "app/dev" })).toBeUndefined();

    await set.delete();
    expect(await poolOfTarget("pulumi-cloud", { stack: "data/prod" })).toBeUndefined();
    await pool.delete();
  });

  it("repairs what was pointed elsewhere", async () => {
    const { controlPlane, otherTarget } = world.plane("pulumi-cloud");
    const pool = await poolOn("pulumi-cloud");
    const foreign = await poolOn("pulumi-cloud", "foreign");
    const set = await world
      .resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets: { stacks: ["app/*"] } })
      .create();
    await world
      .resource("StackPoolAssignment", { controlPlane, pool: foreign.id, target: otherTarget })
      .create();
    world.nextDeployment();
    await set.refresh();
    expect(set.state["assigned"]).toEqual(["stack:app/dev"]);
    expect(await set.outdated()).toBe(true);
    await set.update();
    expect(await poolOfTarget("pulumi-cloud", otherTarget)).toBe(pool.state["poolId"]);
  });

  it("keeps what succeeded when some of a set fail, and says which failed", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const pool = await poolOn("hcp-terraform");
    const targets = { workspaces: ["network-dev", "nosuch"], projects: ["platform"] };
    const set = world.resource("StackPoolAssignments", { controlPlane, pool: pool.id, targets });
    const failure = (await set.create().catch((error: unknown) => error)) as PartialFailure;
    expect(failure.name).toBe("PartialFailure");
    expect(failure.reasons).toEqual([expect.stringContaining("there is no workspace nosuch")]);
    expect(failure.state["assigned"]).toEqual(["project:platform", "workspace:network-dev"]);
    Object.assign(set, { id: failure.id, inputs: failure.state, state: failure.state });
    set.declare({ targets: { workspaces: ["network-dev"], projects: ["platform"] } });
    await set.update();
    await set.delete();
    await pool.delete();
  });

  it("is imported by its id alone, with everything that uses the pool", async () => {
    const { controlPlane } = world.plane("env-zero");
    const pool = await poolOn("env-zero");
    const { network, app } = emulatorIds.envZeroProjects;
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: pool.id,
        targets: { projects: [network, app] },
      })
      .create();
    world.nextDeployment({ ...emulatorCredentials, env0Url: world.emulator.url });
    const found = await set.importedAs(set.id);
    expect(found?.inputs).toMatchObject({ pool: pool.id, targets: { projects: [network, app] } });
  });
});

describe.each(["pulumi-cloud", "hcp-terraform"] as const)("OrganizationDefaultPool on %s", (kind) => {
  it("is set, moved, repaired and given back, but only while it is ours", async () => {
    const { controlPlane } = world.plane(kind);
    const organizationWide = kind === "hcp-terraform" ? { scope: { mode: "organization" } } : {};
    const make = (name: string) =>
      world.resource("RunnerPool", { controlPlane, name, ...organizationWide }).create();
    const [first, second] = [await make("first"), await make("second")];
    const byDefault = await world
      .resource("OrganizationDefaultPool", { controlPlane, pool: first.id })
      .create();
    expect(byDefault.id).toBe(`${kind}/acme/default-pool`);
    world.nextDeployment();
    await byDefault.refresh();
    expect(byDefault.pendingChanges()).toEqual([]);

    await outsider(kind).setDefaultPool(String(second.state["poolId"]));
    world.nextDeployment();
    await byDefault.refresh();
    expect(byDefault.pendingChanges()).toEqual(["pool"]);
    await byDefault.update();
    expect(await outsider(kind).findDefaultPool()).toBe(first.state["poolId"]);

    await outsider(kind).setDefaultPool(String(second.state["poolId"]));
    world.nextDeployment();
    await byDefault.delete();
    expect(await outsider(kind).findDefaultPool()).toBe(second.state["poolId"]);
    await outsider(kind).setDefaultPool(String(first.state["poolId"]));
    world.nextDeployment();
    await byDefault.delete();
    expect(await outsider(kind).findDefaultPool()).toBeUndefined();
    expect(world.warnings).toHaveLength(1);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const kinds = ["pulumi-cloud", "env-zero", "hcp-terraform"] as const;
const plurals = { "pulumi-cloud": "stacks", "env-zero": "projects", "hcp-terraform": "workspaces" } as const;

const secondTargets = {
  "pulumi-cloud": { stack: "app/prod" },
  "env-zero": { project: "app" },
  "hcp-terraform": { workspace: "app-prod" },
};

describe.each(kinds)("a program of %s that words its assignments anew", (kind) => {
  const target = () => world.plane(kind).target;
  const single = (pool: TestResource, to: Readonly<Record<string, string>> = target()) =>
    world.resource("StackPoolAssignment", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      target: to,
    });
  const set = (pool: TestResource, ...names: string[]) =>
    world.resource("StackPoolAssignments", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      targets: { [plurals[kind]]: names },
    });
  const name = () => Object.values(target())[0] ?? "";
  const expectKept = async (pool: TestResource) => {
    expect(await world.poolOfTarget(kind, target())).toBe(pool.state["poolId"]);
    expect(world.warnings).toEqual([]);
    if (kind === "hcp-terraform") expect(await allowedOf(world, pool)).toHaveLength(1);
  };
  const made = async (make: (pool: TestResource) => TestResource) => {
    const pool = await world.poolOn(kind);
    const former = await make(pool).create();
    world.nextDeployment();
    await pool.pendingChanges();
    return { pool, former };
  };

  it("keeps the pool of a target whose resource was renamed", async () => {
    const { pool, former } = await made((pool) => single(pool));
    const renamed = await single(pool).create();
    await former.deleteNow();
    await expectKept(pool);
    await renamed.delete(pool);
    expect(await world.poolOfTarget(kind, target())).toBeUndefined();
    if (kind === "hcp-terraform") expect(await allowedOf(world, pool)).toEqual([]);
  });

  it("keeps it when an earlier deployment ended between the two", async () => {
    const { pool, former } = await made((pool) => single(pool));
    const renamed = await single(pool).create();
    await former.delete(pool, renamed);
    await expectKept(pool);
  });

  it("keeps it when the target moves into a set, and back", async () => {
    const { pool, former } = await made((pool) => single(pool));
    const inSet = await set(pool, name()).create();
    await former.deleteNow();
    await expectKept(pool);
    world.nextDeployment();
    await pool.pendingChanges();
    await single(pool).create();
    await inSet.deleteNow();
    await expectKept(pool);
  });

  it("keeps it when the target leaves a set that goes on for a resource of its own", async () => {
    const other = { "pulumi-cloud": "app/prod", "env-zero": "sandbox", "hcp-terraform": "app-prod" }[kind];
    const { pool, former } = await made((pool) => set(pool, name(), other));
    await former.declare({ targets: { [plurals[kind]]: [other] }, maxReleases: 0 });
    await single(pool).create();
    await former.update();
    expect(former.state["assigned"]).toHaveLength(1);
    expect(await world.poolOfTarget(kind, target())).toBe(pool.state["poolId"]);
    expect(world.warnings).toEqual([]);
    if (kind === "hcp-terraform") expect(await allowedOf(world, pool)).toHaveLength(2);
  });

  it("clears nothing as long as it is not known what the program declares", async () => {
    const { pool, former } = await made((pool) => single(pool));
    const path = {
      "pulumi-cloud": "/user/stacks$",
      "env-zero": "/projects$",
      "hcp-terraform": "/workspaces$",
    };
    world.emulator.admin.addFault({ kind: "drop-before", method: "GET", path: path[kind] });
    const others = set(pool, kind === "pulumi-cloud" ? "network/*" : "netw*");
    await expect(former.delete(pool, others)).rejects.toThrow("could not list");
    world.emulator.admin.clearFaults();
    expect(await world.poolOfTarget(kind, target())).toBe(pool.state["poolId"]);
  });
});

describe("one target under two names", () => {
  it("stays on HCP Terraform when its id stands where its name stood", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.nextDeployment();
    const workspace = String(assignment.state["targetId"]);
    await assignment.declare({ target: { workspace } });
    const { changes } = await assignment.difference();
    expect(changes).toEqual([expect.objectContaining({ path: "target.workspace", replaces: false })]);
    await assignment.update();
    expect(assignment.state["target"]).toEqual({ workspace });
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(pool.state["poolId"]);
    expect(await allowedOf(world, pool)).toEqual([workspace]);
  });

  it("stays on HCP Terraform when a set loses its id and matches its name still", async () => {
    const { controlPlane, target } = world.plane("hcp-terraform");
    const pool = await world.poolOn("hcp-terraform");
    const id = (
      await world.outsider("hcp-terraform").assignments.find({ kind: "workspace", name: "network-prod" })
    )?.id;
    const set = await world
      .resource("StackPoolAssignments", {
        controlPlane,
        pool: pool.id,
        targets: { workspaces: ["network-*", id] },
      })
      .create();
    expect(set.state["assigned"]).toEqual(["workspace:network-dev", "workspace:network-prod"]);
    world.nextDeployment();
    await set.declare({ targets: { workspaces: ["network-*"] } });
    await set.update();
    expect(set.state["assigned"]).toEqual(["workspace:network-dev", "workspace:network-prod"]);
    expect(await world.poolOfTarget("hcp-terraform", target)).toBe(pool.state["poolId"]);
    expect(await allowedOf(world, pool)).toHaveLength(2);
  });

  it("stays on env zero when the organization's id stands where its name stood", async () => {
    const { controlPlane, target } = world.plane("env-zero");
    const pool = await world.poolOn("env-zero");
    const former = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    world.nextDeployment();
    await world
      .resource("StackPoolAssignment", {
        controlPlane: { ...controlPlane, organization: emulatorIds.envZeroOrganizationId },
        pool: String(pool.state["poolId"]),
        target: { project: "network" },
      })
      .create();
    await former.deleteNow();
    expect(await world.poolOfTarget("env-zero", target)).toBe(pool.state["poolId"]);
  });
});

describe.each(kinds)("two resources of %s", (kind) => {
  it("swap their pools in one deployment", async () => {
    const { controlPlane, target } = world.plane(kind);
    const second = secondTargets[kind];
    const [one, two] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const assign = (pool: TestResource, to: object) =>
      world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: to }).create();
    const [a, b] = [await assign(one, target), await assign(two, second)];
    world.nextDeployment();
    await Promise.all([one, two].map((pool) => pool.pendingChanges()));
    await a.declare({ pool: two.id });
    await b.declare({ pool: one.id });
    await Promise.all([a.update(), b.update()]);
    expect(await world.poolOfTarget(kind, target)).toBe(two.state["poolId"]);
    expect(await world.poolOfTarget(kind, second)).toBe(one.state["poolId"]);
    if (kind !== "hcp-terraform") return;
    expect(await allowedOf(world, one)).toEqual([b.state["targetId"]]);
    expect(await allowedOf(world, two)).toEqual([a.state["targetId"]]);
  });

  it("swap their targets in one deployment", async () => {
    const { controlPlane, target } = world.plane(kind);
    const second = secondTargets[kind];
    const [one, two] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const assign = (pool: TestResource, to: object) =>
      world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target: to });
    const former = [await assign(one, target).create(), await assign(two, second).create()];
    world.nextDeployment();
    await Promise.all([one, two].map((pool) => pool.pendingChanges()));
    await Promise.all([assign(one, second).create(), assign(two, target).create()]);
    await Promise.all(former.map((assignment) => assignment.deleteNow()));
    expect(await world.poolOfTarget(kind, target)).toBe(two.state["poolId"]);
    expect(await world.poolOfTarget(kind, second)).toBe(one.state["poolId"]);
    if (kind !== "hcp-terraform") return;
    expect(await allowedOf(world, one)).toEqual([former[1]?.state["targetId"]]);
    expect(await allowedOf(world, two)).toEqual([former[0]?.state["targetId"]]);
  });

  it("keep their order on one target: an assignment that begins during a release comes after it", async () => {
    const { controlPlane, target } = world.plane(kind);
    const [one, two] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const former = await world
      .resource("StackPoolAssignment", { controlPlane, pool: one.id, target })
      .create();
    const later = world.resource("StackPoolAssignment", { controlPlane, pool: two.id, target });
    world.nextDeployment();
    await Promise.all([one, two].map((pool) => pool.pendingChanges()));
    let assigning: Promise<unknown> | undefined;
    const write = {
      "pulumi-cloud": { method: "POST", path: "settings$" },
      "env-zero": { method: "POST", path: "projects-assignments" },
      "hcp-terraform": { method: "PATCH", path: "/workspaces/ws-" },
    } as const;
    world.emulator.admin.interpose({
      when: "before",
      ...write[kind],
      times: 1,
      // The release has looked and waits for the service: time enough for the other one to look and write, if it may.
      run: () => {
        assigning = later.create();
        return new Promise((resolve) => setTimeout(resolve, 200));
      },
    });
    await former.deleteNow();
    expect(assigning).toBeDefined();
    await assigning;
    expect(await world.poolOfTarget(kind, target)).toBe(two.state["poolId"]);
  });

  it("pass a target of another program's pool on, although the deployment in between was cut", async () => {
    const { controlPlane, target } = world.plane(kind);
    const shared = await world.poolOn(kind, "shared");
    world.nextDeployment();
    const own = await world.poolOn(kind, "own");
    const moving = await world
      .resource("StackPoolAssignment", { controlPlane, pool: shared.id, target })
      .create();
    world.nextDeployment();
    await own.pendingChanges();
    await moving.declare({ target: secondTargets[kind] });
    // The deployment is cancelled behind this.
    await moving.updateFirst();
    world.nextDeployment();
    await moving.refresh();
    await own.pendingChanges();
    expect(await moving.difference()).toEqual({ changes: [], needsUpdate: false });
    await world.resource("StackPoolAssignment", { controlPlane, pool: own.id, target }).create();
    await moving.deleteReplaced();
    expect(await world.poolOfTarget(kind, target)).toBe(own.state["poolId"]);
    expect(await world.poolOfTarget(kind, secondTargets[kind])).toBe(shared.state["poolId"]);
    world.nextDeployment();
    await moving.refresh();
    expect(moving.state).not.toHaveProperty("leaving");
  });
});

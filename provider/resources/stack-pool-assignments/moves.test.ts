import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import type { ControlPlaneKind } from "../../control-planes/planes.ts";
import { allowedOf } from "../testing/allowed.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const plurals = { "pulumi-cloud": "stacks", "env-zero": "projects", "hcp-terraform": "workspaces" };

/** Makes so many targets, and gives their names. */
function seedMany(kind: ControlPlaneKind, count: number): string[] {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const { admin } = world.emulator;
  const { organization, envZeroOrganizationId: organizationId } = emulatorIds;
  if (kind === "pulumi-cloud") {
    const stacks = numbers.map((number) => `bulk/s${number}`);
    admin.seed({ pulumiCloud: [{ organization, stacks }] });
    return stacks;
  }
  const names = numbers.map((number) => `bulk-${number}`);
  if (kind === "hcp-terraform") {
    admin.seed({ hcpTerraform: [{ organization, workspaces: names.map((name) => ({ name })) }] });
  } else {
    const projects = names.map((name, number) => ({ id: `bulk-id-${number}`, name }));
    admin.seed({ envZero: [{ organizationId, organization, projects }] });
  }
  return names;
}

describe.each(["pulumi-cloud", "env-zero", "hcp-terraform"] as const)("two sets of %s", (kind) => {
  const set = (pool: TestResource, names: string[]) =>
    world.resource("StackPoolAssignments", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      targets: { [plurals[kind]]: names },
    });
  const targetNamed = (name: string) => ({ [plurals[kind].slice(0, -1)]: name });
  const poolsOf = (names: string[]) =>
    Promise.all(names.map((name) => world.poolOfTarget(kind, targetNamed(name))));

  it.each([
    ["the one that gains first", 0, 60],
    ["the one that loses first", 60, 0],
    ["both at once", 0, 0],
    ["the one that gains a little later, in another order", 0, 25],
  ])(
    "pass on 59 of 60 targets in one deployment: %s",
    async (order, gainDelay, loseDelay) => {
      const names = seedMany(kind, 60);
      const [from, to] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
      const [kept = "", ...moved] = names;
      const losing = await set(from, names).create();
      const gaining = await set(to, Object.values(world.plane(kind).target)).create();
      world.nextDeployment();
      world.emulator.admin.addFault({ kind: "latency", plane: kind, milliseconds: 8 });
      await Promise.all([from.pendingChanges(), to.pendingChanges()]);
      const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      const wanted = [...Object.values(world.plane(kind).target), ...moved];
      if (order.endsWith("order")) wanted.reverse();
      await Promise.all([
        later(loseDelay).then(async () => {
          await losing.declare({ targets: { [plurals[kind]]: [kept] } });
          await losing.update();
        }),
        later(gainDelay).then(async () => {
          await gaining.declare({ targets: { [plurals[kind]]: wanted } });
          await gaining.update();
        }),
      ]);
      world.emulator.admin.clearFaults();
      const pools = await poolsOf(moved);
      expect(pools.filter((pool) => pool !== to.state["poolId"])).toEqual([]);
      expect(await poolsOf([kept])).toEqual([from.state["poolId"]]);
      expect(losing.state["assigned"]).toHaveLength(1);
      expect(gaining.state["assigned"]).toHaveLength(60);
      expect(world.warnings).toEqual([]);
      if (kind !== "hcp-terraform") return;
      expect(await allowedOf(world, from)).toHaveLength(1);
      expect(await allowedOf(world, to)).toHaveLength(60);
    },
    30_000,
  );

  it("pass all targets on when one takes the other's place with another pool", async () => {
    const names = seedMany(kind, 12);
    const [from, to] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const former = await set(from, names).create();
    world.nextDeployment();
    await Promise.all([from.pendingChanges(), to.pendingChanges()]);
    expect(await former.declare({ pool: to.id, targets: { [plurals[kind]]: names.slice(1) } })).toEqual([
      "pool",
      "targets",
    ]);
    expect((await former.difference()).changes[0]?.replaces).toBe(true);
    expect(world.plans.at(-1)).toContain(
      `releases 1 target from pool "builders" (${from.state["poolId"]}): `,
    );
    await set(to, names.slice(1)).create();
    await former.deleteNow();
    expect(new Set(await poolsOf(names.slice(1)))).toEqual(new Set([to.state["poolId"]]));
    expect(await poolsOf(names.slice(0, 1))).toEqual([undefined]);
    expect(world.warnings).toHaveLength(1);
    if (kind === "hcp-terraform") expect(await allowedOf(world, from)).toEqual([]);
  });

  it("keep what succeeded of an update that failed half-way, and go on from there", async () => {
    const names = seedMany(kind, 6);
    const pool = await world.poolOn(kind);
    const made = await set(pool, names.slice(0, 3)).create();
    world.nextDeployment();
    await made.declare({ targets: { [plurals[kind]]: names.slice(2) } });
    const write = kind === "hcp-terraform" ? "/workspaces/ws-" : "settings$|projects-assignments";
    world.emulator.admin.addFault({
      kind: "status",
      status: 403,
      method: kind === "hcp-terraform" ? "PATCH" : "POST",
      path: write,
      times: 2,
      skip: 1,
    });
    await expect(made.update()).rejects.toThrow("403");
    const assigned = (made.state["assigned"] as string[]).map((text) => text.split(":")[1]);
    const really = await Promise.all(names.map(async (name) => [name, (await poolsOf([name]))[0]]));
    expect(assigned.sort()).toEqual(really.filter(([, id]) => id).map(([name]) => name));
    world.nextDeployment();
    expect(await made.needsUpdate()).toBe(true);
    await made.update();
    expect(made.state["assigned"]).toHaveLength(4);
    expect((await poolsOf(names)).map((id) => id !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    if (kind === "hcp-terraform") expect(await allowedOf(world, pool)).toHaveLength(4);
  });
});

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
  const requests = () => world.emulator.admin.journal({ plane: kind });
  const writes = () => requests().filter(({ method }) => method !== "GET");
  const poolsOf = (names: string[]) =>
    Promise.all(names.map((name) => world.poolOfTarget(kind, targetNamed(name))));

  /** Assignments fail, after so many that do not. */
  const forbidAssigning = (counts: { skip: number; times: number }) => {
    const [method, path] =
      kind === "hcp-terraform"
        ? (["PATCH", "/workspaces/ws-"] as const)
        : (["POST", "settings$|projects-assignments"] as const);
    world.emulator.admin.addFault({ kind: "status", status: 403, method, path, ...counts });
  };

  it.each([
    ["the one that gains first", 0, 60],
    ["the one that loses first", 60, 0],
    ["both at once", 0, 0],
    ["the one that gains a little later, in another order", 0, 25],
  ])(
    "pass on 39 of 40 targets in one deployment: %s",
    async (order, gainDelay, loseDelay) => {
      const names = seedMany(kind, 40);
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
          await losing.updateFirst();
        }),
        later(gainDelay).then(async () => {
          await gaining.declare({ targets: { [plurals[kind]]: wanted } });
          await gaining.updateFirst();
        }),
      ]);
      await losing.deleteReplaced();
      world.emulator.admin.clearFaults();
      const pools = await poolsOf(moved);
      expect(pools.filter((pool) => pool !== to.state["poolId"])).toEqual([]);
      expect(await poolsOf([kept])).toEqual([from.state["poolId"]]);
      expect(losing.state["assigned"]).toHaveLength(1);
      expect(gaining.state["assigned"]).toHaveLength(40);
      expect(world.warnings).toEqual([]);
      if (kind !== "hcp-terraform") return;
      expect(await allowedOf(world, from)).toHaveLength(1);
      expect(await allowedOf(world, to)).toHaveLength(40);
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

  it("keep what succeeded of a replacement that failed half-way; nothing is given back before it is complete", async () => {
    const names = seedMany(kind, 6);
    const pool = await world.poolOn(kind);
    const made = await set(pool, names.slice(0, 3)).create();
    const assigned = () => (made.state["assigned"] as string[]).map((text) => text.split(":")[1]).sort();
    const holding = async () => {
      const pools = await poolsOf(names);
      return names.filter((_, index) => pools[index] === pool.state["poolId"]);
    };
    world.nextDeployment();
    await made.declare({ targets: { [plurals[kind]]: names.slice(2) } });
    forbidAssigning({ skip: 1, times: 2 });
    // The engine ends a deployment that has failed before it deletes anything.
    await expect(made.update()).rejects.toThrow("403");
    const held = await holding();
    expect(held).toHaveLength(4);
    expect(held.slice(0, 3)).toEqual(names.slice(0, 3));
    // What it holds is what it kept and the one that succeeded; the rest waits with what it took the place of.
    expect(assigned()).toEqual(held.slice(2));
    world.nextDeployment();
    expect(await made.difference()).toMatchObject({ changes: [], needsUpdate: true });
    await made.update();
    expect(assigned()).toEqual(names.slice(2));
    expect(await holding()).toEqual(names.slice(2));
    if (kind === "hcp-terraform") expect(await allowedOf(world, pool)).toHaveLength(4);
  });

  it("are never without a pool: the one that gains is registered after the other one is done", async () => {
    const names = seedMany(kind, 4);
    const [from, to] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const [kept = "", ...moved] = names;
    const losing = await set(from, names).create();
    world.nextDeployment();
    await Promise.all([from.pendingChanges(), to.pendingChanges()]);
    await losing.declare({ targets: { [plurals[kind]]: [kept] } });
    await losing.updateFirst();
    // Only now does the program say where they go, as when that depends on an output of the first.
    expect(await poolsOf(names)).toEqual(names.map(() => from.state["poolId"]));
    const gaining = await set(to, moved).create();
    expect(await poolsOf(moved)).toEqual(moved.map(() => to.state["poolId"]));
    const before = writes().length;
    await losing.deleteReplaced();
    expect(writes()).toHaveLength(before);
    expect(await poolsOf([kept, ...moved])).toEqual([
      from.state["poolId"],
      ...moved.map(() => to.state["poolId"]),
    ]);
    expect(losing.state["assigned"]).toHaveLength(1);
    expect(gaining.state["assigned"]).toHaveLength(3);
    expect(world.warnings).toEqual([]);
    if (kind === "hcp-terraform") expect(await allowedOf(world, from)).toHaveLength(1);
  });

  it("stay on their pool when the deployment fails before its deletions, and the next one finishes", async () => {
    const names = seedMany(kind, 4);
    const [from, to] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const [kept = "", left = "", ...moved] = names;
    const losing = await set(from, names).create();
    world.nextDeployment();
    await Promise.all([from.pendingChanges(), to.pendingChanges()]);
    await losing.declare({ targets: { [plurals[kind]]: [kept] } });
    await losing.updateFirst();
    // Another resource fails here, so the engine deletes nothing.
    expect(await poolsOf(names)).toEqual(names.map(() => from.state["poolId"]));
    world.nextDeployment();
    await Promise.all([from.pendingChanges(), to.pendingChanges()]);
    expect(await losing.difference()).toEqual({ changes: [], needsUpdate: false });
    await set(to, moved).create();
    await losing.deleteReplaced();
    expect(await poolsOf([kept, left])).toEqual([from.state["poolId"], undefined]);
    expect(await poolsOf(moved)).toEqual(moved.map(() => to.state["poolId"]));
    if (kind === "hcp-terraform") expect(await allowedOf(world, from)).toHaveLength(1);
  });

  it("finish a move to another pool that was cut, although the former pool has left the program", async () => {
    const names = seedMany(kind, 6);
    const [from, to] = [await world.poolOn(kind), await world.poolOn(kind, "second")];
    const moving = await set(from, names).create();
    world.nextDeployment();
    await Promise.all([from.pendingChanges(), to.pendingChanges()]);
    await moving.declare({ pool: to.id });
    forbidAssigning({ skip: 2, times: 4 });
    await expect(moving.updateFirst()).rejects.toThrow("403");
    expect((await poolsOf(names)).filter((pool) => pool === to.state["poolId"])).toHaveLength(2);
    // The next deployment tells of no pool but the new one.
    world.nextDeployment();
    await to.pendingChanges();
    await moving.update();
    expect(await poolsOf(names)).toEqual(names.map(() => to.state["poolId"]));
    expect(moving.state).not.toHaveProperty("elsewhere");
    await moving.deleteReplaced();
    expect(await poolsOf(names)).toEqual(names.map(() => to.state["poolId"]));
    await from.delete();
  });

  it.each([[false], [true]])(
    "lose targets on a pool of another program, are cut, and give them to another pool (refresh first: %s)",
    async (refreshes) => {
      const names = seedMany(kind, 4);
      const [kept = "", left = "", ...moved] = names;
      const shared = await world.poolOn(kind, "shared");
      world.nextDeployment();
      const own = await world.poolOn(kind, "own");
      const losing = await set(shared, names).create();
      world.nextDeployment();
      await own.pendingChanges();
      await losing.declare({ targets: { [plurals[kind]]: [kept] } });
      // The deployment is cancelled behind this.
      await losing.updateFirst();
      world.nextDeployment();
      if (refreshes) await losing.refresh();
      await own.pendingChanges();
      expect(await losing.difference()).toEqual({ changes: [], needsUpdate: false });
      const gaining = await set(own, moved).create();
      await losing.deleteReplaced();
      expect(await poolsOf([kept, left])).toEqual([shared.state["poolId"], undefined]);
      expect(await poolsOf(moved)).toEqual(moved.map(() => own.state["poolId"]));
      world.nextDeployment();
      await own.pendingChanges();
      await losing.declare({
        targets: { [plurals[kind]]: [kept, ...Object.values(world.plane(kind).target)] },
      });
      await losing.update();
      expect(losing.state).not.toHaveProperty("leaving");
      // From now on it is not the program's to take, as when somebody else assigns it.
      await world.repoint(kind, targetNamed(left), shared);
      world.nextDeployment();
      await own.pendingChanges();
      await losing.pendingChanges();
      await gaining.declare({ targets: { [plurals[kind]]: [left, ...moved] } });
      await expect(gaining.update()).rejects.toThrow("which this program does not manage");
    },
  );

  it("take over what they keep unread, with the access that they gave", async () => {
    const names = seedMany(kind, 16);
    /** How many requests it takes that a set loses its first target. */
    const requestsOf = async (poolName: string, members: string[]) => {
      const pool = await world.poolOn(kind, poolName);
      const made = await set(pool, members).create();
      const granted = made.state["accessGranted"] as string[];
      expect(granted).toHaveLength(kind === "hcp-terraform" ? members.length : 0);
      world.nextDeployment();
      const before = requests().length;
      await made.declare({ targets: { [plurals[kind]]: members.slice(1) } });
      await made.update();
      const count = requests().length - before;
      const [first] = members;
      expect(made.state["accessGranted"]).toEqual(granted.filter((text) => !text.endsWith(`:${first}`)));
      expect(await poolsOf(members)).toEqual(
        members.map((name) => (name === first ? undefined : pool.state["poolId"])),
      );
      return count;
    };
    const few = await requestsOf("few", names.slice(0, 3));
    // Ten more are kept. What a whole list or a pool tells may be read again, as it gets old.
    expect(await requestsOf("many", names.slice(3))).toBeLessThan(few + 5);
  });
});

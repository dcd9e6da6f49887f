import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import type { Properties } from "../framework/lifecycle.ts";
import { strangersPool } from "../testing/strangers.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const poolOf = (kind: ControlPlaneKind, inputs: Properties) =>
  world.resource("RunnerPool", { controlPlane: world.plane(kind).controlPlane, ...inputs });

const seen = (kind: ControlPlaneKind, poolId: string) => world.outsider(kind).pools.find(poolId);

/** It stays as it is found through an update of nothing, a refresh, and an update after that. */
async function expectUntouched(kind: ControlPlaneKind, pool: TestResource): Promise<void> {
  const poolId = String(pool.state["poolId"]);
  const before = await seen(kind, poolId);
  for (const step of [() => pool.update(), () => pool.refresh(), () => pool.update()]) {
    world.nextDeployment();
    await step();
    expect(await pool.pendingChanges()).toEqual([]);
    expect(await seen(kind, poolId)).toEqual(before);
  }
}

describe.each(controlPlaneKinds)("an adopted pool on %s", (kind) => {
  it("keeps its name where none is declared", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    const adopted = await poolOf(kind, { adopt: id }).create();
    expect(adopted.inputs).not.toHaveProperty("name");
    expect((await seen(kind, id))?.name).toBe("theirs");
    await expectUntouched(kind, adopted);
    await adopted.delete();
    expect(await seen(kind, id)).toBeUndefined();
  });

  it("is announced, with what changes", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    await poolOf(kind, { adopt: id, name: "ours" }).create();
    expect(world.plans).toEqual([
      expect.stringMatching(new RegExp(`adopts pool "theirs" \\(${id}\\) and changes its name to "[^"]+"$`)),
    ]);
    world.nextDeployment();
    await poolOf(kind, { adopt: id, name: "ours" }).create();
    expect(world.plans[1]).toMatch(/and changes nothing of it$/);
  });

  it("is adopted by one resource only", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    const first = await poolOf(kind, { adopt: id }).create();
    await expect(poolOf(kind, { adopt: id }).create()).rejects.toThrow(
      `${first.subject} of this program also declares pool ${id} of `,
    );
  });

  it("is found although the pools were listed before it was made, and is not written to without a change", async () => {
    await (await poolOf(kind, { name: "ours" }).create()).refresh();
    const { id } = strangersPool(world, kind, "theirs");
    world.emulator.admin.clearJournal();
    const adopted = await poolOf(kind, { adopt: id }).create();
    expect(adopted.state["poolId"]).toBe(id);
    const written = world.emulator.admin.journal().filter(({ path }) => String(path).includes(id));
    expect(written.filter(({ method }) => method !== "GET")).toEqual([]);
    const late = strangersPool(world, kind, "late");
    expect(await Object.assign(adopted, { id: `${kind}/acme/${late.id}` }).refresh()).toBe(true);
  });

  it("is announced once: what an update changes of it is seen in its inputs", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    const adopted = await poolOf(kind, { adopt: id }).create();
    expect(world.plans).toHaveLength(1);
    await adopted.declare({ name: "ours" });
    expect(world.plans).toHaveLength(1);
    await poolOf(kind, { name: "another" }).create();
    expect(world.plans).toHaveLength(1);
  });

  it("is announced also where it is not there, with those that there are: a name is taken for an id", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    const reason = `there is no agent pool theirs in organization acme; there are: theirs (${id})`;
    await expect(poolOf(kind, { adopt: "theirs" }).create()).rejects.toThrow(
      `cannot adopt pool theirs: ${reason}`,
    );
    expect(world.warnings).toEqual([expect.stringContaining(reason)]);
    expect(world.plans).toEqual([]);
  });

  it("that cannot be changed is kept as it is seen, and changed by the next update", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    world.emulator.admin.addFault({ kind: "status", status: 403, method: "PATCH", plane: kind });
    const pool = poolOf(kind, { adopt: id, name: "ours" });
    const failure = (await pool.create().catch((error: unknown) => error)) as {
      id: string;
      state: Properties;
    };
    expect(failure).toMatchObject({ id: `${kind}/acme/${id}`, state: { name: "theirs", poolId: id } });
    world.emulator.admin.clearFaults();
    Object.assign(pool, { id: failure.id, state: failure.state, inputs: failure.state });
    expect(await pool.pendingChanges()).toEqual(["name"]);
    await pool.update();
    expect((await seen(kind, id))?.name).toBe("ours");
  });

  it("is replaced by another one that is adopted in its place, also under the same name", async () => {
    const first = strangersPool(world, kind, "first");
    const second = strangersPool(world, kind, "second");
    const pool = await poolOf(kind, { adopt: first.id, name: "builders" }).create();
    world.nextDeployment();
    await pool.declare({ adopt: second.id });
    const { changes } = await pool.difference();
    expect(changes).toEqual([{ path: "adopt", kind: "update", replaces: true }]);
    const next = await pool.replacement();
    await pool.delete(next);
    const left = await world.outsider(kind).pools.list();
    expect(left.map(({ id, name }) => ({ id, name }))).toEqual([{ id: second.id, name: "builders" }]);
  });

  it("is not deleted with one resource that adopted it while another one does", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    const before = await poolOf(kind, { adopt: id }).create();
    world.nextDeployment();
    const after = await poolOf(kind, { adopt: id }).create();
    await before.delete(after);
    expect(await seen(kind, id)).toBeDefined();
    await after.delete();
    expect(await seen(kind, id)).toBeUndefined();
  });

  it.each([{ name: "ours" }, {}])(
    "stays as it is where adopt is left out of the program later: %j",
    async (declared) => {
      const { id } = strangersPool(world, kind, "theirs");
      const pool = await poolOf(kind, { adopt: id, ...declared }).create();
      const before = await seen(kind, id);
      await pool.declare({ adopt: undefined });
      expect((await pool.difference()).changes).toEqual([{ path: "adopt", kind: "delete", replaces: false }]);
      await pool.update();
      expect(await seen(kind, id)).toEqual(before);
      expect(await pool.pendingChanges()).toEqual([]);
    },
  );

  it("does not take the name of another pool of the program", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    const other = await poolOf(kind, { name: "builders" }).create();
    world.nextDeployment();
    // Its own claim is renewed, as the engine does for what stays.
    await other.pendingChanges();
    await expect(poolOf(kind, { adopt: id, name: "builders" }).create()).rejects.toThrow(
      'declares the pool name "builders" in',
    );
    expect((await seen(kind, String(other.state["poolId"])))?.name).toBe("builders");
  });
});

describe.each(["pulumi-cloud", "env-zero"] as const)("the description of an adopted pool on %s", (kind) => {
  it("stays as it is found where none is declared, and is cleared when it was declared and no longer is", async () => {
    const { id } = strangersPool(world, kind, "theirs");
    await world.outsider(kind).pools.update(id, { description: "of the platform team" });
    const adopted = await poolOf(kind, { adopt: id }).create();
    await expectUntouched(kind, adopted);
    expect((await seen(kind, id))?.description).toBe("of the platform team");
    await adopted.declare({ description: "ours" });
    await adopted.update();
    expect((await seen(kind, id))?.description).toBe("ours");
    await adopted.declare({ description: undefined });
    await adopted.update();
    expect((await seen(kind, id))?.description).toBe("");
  });
});

it("keeps the log hosting of an adopted pool of env zero that declares none", async () => {
  const { id } = strangersPool(world, "env-zero", "theirs");
  const logHosting = { accountId: "123456789012", region: "eu-west-1" };
  await world.outsider("env-zero").pools.update(id, { logHosting });
  const adopted = await poolOf("env-zero", { adopt: id, description: "ours" }).create();
  await expectUntouched("env-zero", adopted);
  expect((await seen("env-zero", id))?.logHosting).toMatchObject(logHosting);
});

it("does not take the name of a pool that the program declares in an organization by another name of it", async () => {
  const { id } = strangersPool(world, "env-zero", "theirs");
  const other = await poolOf("env-zero", { name: "builders" }).create();
  const { controlPlane } = world.plane("env-zero");
  const byId = { ...controlPlane, organization: emulatorIds.envZeroOrganizationId };
  const adopting = world.resource("RunnerPool", { controlPlane: byId, adopt: id, name: "builders" });
  const otherId = String(other.state["poolId"]);
  await expect(adopting.create()).rejects.toThrow(`the name is taken by pool ${otherId}`);
  expect((await seen("env-zero", otherId))?.name).toBe("builders");
});

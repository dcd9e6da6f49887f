import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unknownValue } from "../framework/unknown.ts";
import { check } from "../testing/check-inputs.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each(["pulumi-cloud", "hcp-terraform"] as const)("a default pool on %s", (kind) => {
  const make = (name: string) => {
    const scope = kind === "hcp-terraform" ? { scope: { mode: "organization" } } : {};
    const { controlPlane } = world.plane(kind);
    return world.resource("RunnerPool", { controlPlane, name, ...scope }).create();
  };
  const byDefault = (pool: TestResource, more: object = {}) =>
    world.resource("OrganizationDefaultPool", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      ...more,
    });
  const current = () => world.outsider(kind).defaultPool.find();

  it("stays when its resource is renamed, and is given back with an announcement in the end", async () => {
    const pool = await make("builders");
    const former = await byDefault(pool).create();
    world.nextDeployment();
    await pool.pendingChanges();
    const renamed = await byDefault(pool).create();
    await former.deleteNow();
    expect(await current()).toBe(pool.state["poolId"]);
    expect(world.warnings).toEqual([]);
    await renamed.delete(pool);
    expect(await current()).toBeUndefined();
    expect(world.warnings).toEqual([
      expect.stringContaining(
        "organization acme has no default runner pool any more: work without an assignment now runs on the vendor's hosted runners.",
      ),
    ]);
  });

  it("moves between pools of the program, with a plan, in place or by another resource", async () => {
    const [one, two] = [await make("one"), await make("two")];
    const former = await byDefault(one).create();
    const planned = (pool: TestResource, name: string) =>
      `makes pool "${name}" (${pool.state["poolId"]}) the default of organization acme`;
    expect(world.plans.at(-1)).toBe(`${former.subject} ${planned(one, "one")}`);
    world.nextDeployment();
    await Promise.all([one.pendingChanges(), two.pendingChanges()]);
    const next = byDefault(two);
    await next.create();
    await former.deleteNow();
    expect(await current()).toBe(two.state["poolId"]);
    world.nextDeployment();
    const plans = world.plans.length;
    await next.declare({ overwrite: true });
    expect(world.plans).toHaveLength(plans);
    await next.declare({ pool: one.id });
    expect(world.plans.at(-1)).toBe(`${next.subject} ${planned(one, "one")}`);
    await next.update();
    expect(await current()).toBe(one.state["poolId"]);
    expect(world.warnings).toEqual([]);
  });

  it("is not taken from a stranger's pool, unless overwrite says so; ours is taken over in silence", async () => {
    const [ours, theirs] = [await make("ours"), await make("theirs")];
    await world.outsider(kind).defaultPool.set?.(String(theirs.state["poolId"]));
    world.nextDeployment();
    await expect(byDefault(ours).create()).rejects.toThrow(
      `is pool "theirs" (${theirs.state["poolId"]}), which this program does not manage, and was not changed to pool "ours" (${ours.state["poolId"]}). To change it, set overwrite: true.`,
    );
    expect(await current()).toBe(theirs.state["poolId"]);
    world.nextDeployment();
    const late = byDefault(ours);
    const created = late.create();
    void world.clock.pause(100).then(() => theirs.pendingChanges());
    await created;
    expect(await current()).toBe(ours.state["poolId"]);
    await world.outsider(kind).defaultPool.set?.(String(theirs.state["poolId"]));
    world.nextDeployment();
    await byDefault(ours, { overwrite: true }).create();
    expect(await current()).toBe(ours.state["poolId"]);
    world.nextDeployment();
    await byDefault(ours).create();
    expect(world.warnings).toEqual([]);
  });

  it("is left to a stranger, whatever was read before, and is gone when it was given back", async () => {
    const [ours, theirs] = [await make("ours"), await make("theirs")];
    const made = await byDefault(ours).create();
    world.nextDeployment();
    await made.refresh();
    await world.outsider(kind).defaultPool.set?.(String(theirs.state["poolId"]));
    await made.deleteNow();
    expect(await current()).toBe(theirs.state["poolId"]);
    await world.outsider(kind).defaultPool.set?.(undefined);
    world.nextDeployment();
    expect(await made.refresh()).toBe(false);
    await made.delete();
    expect(world.warnings).toEqual([]);
  });

  it("is looked at afresh before it is changed, whatever was read before", async () => {
    const [ours, theirs] = [await make("ours"), await make("theirs")];
    const made = await byDefault(ours).create();
    const next = await make("next");
    world.nextDeployment();
    await made.refresh();
    await made.declare({ pool: next.id });
    await world.outsider(kind).defaultPool.set?.(String(theirs.state["poolId"]));
    await expect(made.update()).rejects.toThrow('is pool "theirs"');
    expect(await current()).toBe(theirs.state["poolId"]);
  });

  it("is what a refresh has found only as long as it still is that", async () => {
    const [ours, theirs] = [await make("ours"), await make("theirs")];
    const made = await byDefault(ours).create();
    await world.outsider(kind).defaultPool.set?.(String(theirs.state["poolId"]));
    world.nextDeployment();
    await made.refresh();
    await world.outsider(kind).defaultPool.set?.(undefined);
    await made.declare({ pool: theirs.id });
    await made.update();
    expect(await current()).toBe(theirs.state["poolId"]);
    expect(made.state["poolId"]).toBe(theirs.state["poolId"]);
  });

  it("is not looked at where the pool stays the same", async () => {
    const made = await byDefault(await make("builders")).create();
    world.nextDeployment();
    await made.declare({ overwrite: true });
    world.emulator.admin.clearJournal();
    await made.update();
    expect(world.emulator.admin.journal()).toEqual([]);
    expect(made.state["overwrite"]).toBe(true);
  });

  it("is no other one where the id of its pool writes the organization in another way", async () => {
    const pool = await make("builders");
    const made = await byDefault(pool, { pool: pool.id.replace("acme", "ACME") }).create();
    await made.refresh();
    expect(made.inputs["pool"]).toBe(`${kind}/ACME/${pool.state["poolId"]}`);
    expect(await made.pendingChanges()).toEqual([]);
  });

  it("is not given back as long as nobody can say what the program declares", async () => {
    const pool = await make("builders");
    const made = await byDefault(pool).create();
    const tags = world.resource("StackPoolAssignments", {
      controlPlane: world.plane(kind).controlPlane,
      pool: pool.id,
      targets: kind === "pulumi-cloud" ? { stackTags: ["x"] } : { workspaceTags: ["x"] },
    });
    const path = kind === "pulumi-cloud" ? "/user/stacks$" : "/workspaces$";
    world.emulator.admin.addFault({ kind: "drop-before", method: "GET", path });
    await expect(made.delete(tags)).rejects.toThrow("could not list");
    expect(await current()).toBe(pool.state["poolId"]);
  });

  it("is declared by one resource, and names an existing pool", async () => {
    const [one, two] = [await make("one"), await make("two")];
    const first = await byDefault(one).create();
    await expect(byDefault(two).create()).rejects.toThrow(
      new RegExp(`${first.subject} of this program also declares the default pool of .*organization acme`),
    );
    world.nextDeployment();
    const stray = byDefault(one, { pool: "none" });
    await expect(stray.create()).rejects.toThrow("there is no agent pool none in organization acme");
    const found = await first.importedAs(`${kind}/acme/default-pool`);
    expect(found?.inputs).toMatchObject({ pool: one.id, overwrite: false });
    expect(found?.state["poolId"]).toBe(one.state["poolId"]);
    await expect(first.importedAs(`${kind}/acme/default-pool/x`)).rejects.toThrow("default-pool");
  });
});

it("keeps its pool in the program: no token of it that is in use is revoked", async () => {
  const { controlPlane } = world.plane("hcp-terraform");
  const pool = await world
    .resource("RunnerPool", { controlPlane, name: "builders", scope: { mode: "organization" } })
    .create();
  const token = await world
    .resource("PoolToken", { controlPlane, pool: pool.id, description: "builders" })
    .create();
  const byDefault = await world.resource("OrganizationDefaultPool", { controlPlane, pool: pool.id }).create();
  world.emulator.admin.hcpTerraform.updateAgentToken({
    id: String(token.state["tokenId"]),
    lastUsedAt: new Date().toISOString(),
  });
  await expect(token.delete(byDefault)).rejects.toThrow("was not revoked: an agent used it");
});

it.each([unknownValue, { kind: unknownValue, organization: "acme" }])(
  "passes a check while its control plane is not known: %o",
  (controlPlane) => {
    const { violations } = check("OrganizationDefaultPool", { controlPlane, pool: "x" });
    expect(violations).toEqual([]);
  },
);

it("cannot be set on env zero", async () => {
  const { controlPlane } = world.plane("env-zero");
  const made = world.resource("OrganizationDefaultPool", { controlPlane, pool: "x" });
  await expect(made.create()).rejects.toThrow(
    "the API of env zero cannot set an organization's default pool",
  );
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import { PendingCreate } from "../create-once/pending-creates.ts";
import { strangersPool } from "../testing/strangers.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** What a process has noted that was killed while it made `builders`. */
function leaveNote(kind: ControlPlaneKind, marks: readonly string[]): void {
  const pending = new PendingCreate(`${kind} ${world.emulator.url} acme pool builders`, undefined);
  pending.note(marks);
  pending.abandon();
}

const names = async (kind: ControlPlaneKind) => {
  const pools = await world.outsider(kind).pools.list();
  return Object.fromEntries(pools.map(({ id, name }) => [id, name]));
};

describe.each(controlPlaneKinds)("after a process that was killed while it made a pool on %s", (kind) => {
  const pool = (inputs = {}) =>
    world.resource("RunnerPool", {
      controlPlane: world.plane(kind).controlPlane,
      name: "builders",
      ...inputs,
    });

  it.each(["builders", "builders-pending-abc123"])(
    "there is one pool, where it was called %s",
    async (name) => {
      const left = strangersPool(world, kind, name);
      leaveNote(kind, ["abc123", left.id]);
      const made = await pool().create();
      expect(await names(kind)).toEqual({ [String(made.state["poolId"])]: "builders" });
      if (kind === "pulumi-cloud") expect(made.state["initialToken"]).toMatch(/^pul-/);
      else expect(made.state["poolId"]).toBe(left.id);
    },
  );

  it("a pool is known by the mark alone, and a stranger's by nothing", async () => {
    const left = strangersPool(world, kind, "builders-pending-abc123");
    const stranger = strangersPool(world, kind, "builders-pending-abc124");
    leaveNote(kind, ["abc123"]);
    const made = await pool().create();
    expect(made.state["poolId"] === left.id).toBe(kind !== "pulumi-cloud");
    expect(await names(kind)).toEqual({
      [String(made.state["poolId"])]: "builders",
      [stranger.id]: "builders-pending-abc124",
    });
  });

  it("a pool that was not given its name is in state, and is given it by the next update", async () => {
    const { admin } = world.emulator;
    admin.addFault({ kind: "status", status: 403, method: "PATCH", plane: kind });
    const unnamed = pool();
    const failure = (await unnamed.create().catch((error: unknown) => error)) as {
      id: string;
      state: Record<string, unknown>;
    };
    expect(failure).toMatchObject({
      name: "PartialFailure",
      state: {
        name: expect.stringMatching(/^builders-pending-[0-9a-f]{6}$/),
        serviceUrl: world.emulator.url,
      },
    });
    if (kind === "pulumi-cloud") expect(failure.state["initialToken"]).toMatch(/^pul-/);
    admin.clearFaults();
    world.nextDeployment();
    Object.assign(unnamed, { ...failure, inputs: failure.state });
    expect(await unnamed.pendingChanges()).toEqual(["name"]);
    await unnamed.update();
    expect(await names(kind)).toEqual({ [String(failure.state["poolId"])]: "builders" });
    expect(unnamed.state["initialToken"]).toBe(failure.state["initialToken"]);
  });
});

it("gives a pool of an earlier run what is declared now", async () => {
  const left = strangersPool(world, "env-zero", "builders-pending-abc123");
  const logHosting = { accountId: "123456789012", region: "eu-west-1" };
  await world.outsider("env-zero").pools.update(left.id, { description: "of the earlier run", logHosting });
  leaveNote("env-zero", ["abc123"]);
  const { controlPlane } = world.plane("env-zero");
  const made = await world
    .resource("RunnerPool", { controlPlane, name: "builders", description: "now" })
    .create();
  expect(made.state["poolId"]).toBe(left.id);
  expect(await world.outsider("env-zero").pools.find(left.id)).toMatchObject({
    name: "builders",
    description: "now",
    logHosting: undefined,
  });
});

it("gives a pool of an earlier run the scope that is declared now", async () => {
  const left = strangersPool(world, "hcp-terraform", "builders-pending-abc123");
  leaveNote("hcp-terraform", ["abc123"]);
  const { controlPlane } = world.plane("hcp-terraform");
  await world.resource("RunnerPool", { controlPlane, name: "builders" }).create();
  expect((await world.outsider("hcp-terraform").pools.find(left.id))?.scope).toMatchObject({
    organizationScoped: false,
  });
});

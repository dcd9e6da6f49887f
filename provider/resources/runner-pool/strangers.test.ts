import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ControlPlaneKind, controlPlaneKinds } from "../../control-planes/planes.ts";
import { pace } from "../../testing/clock.ts";
import { poolCreation, strangersPool } from "../testing/strangers.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const creation = (plane: ControlPlaneKind) => ({ plane, method: "POST", path: poolCreation }) as const;

/** Names and ids of all pools. */
async function pools(kind: ControlPlaneKind): Promise<Record<string, string>> {
  const listed = await world.outsider(kind).pools.list();
  return Object.fromEntries(listed.map(({ id, name }) => [id, name]));
}

describe.each(controlPlaneKinds)("a stranger's pool of the same name on %s", (kind) => {
  const inputs = () => ({ controlPlane: world.plane(kind).controlPlane, name: "builders" });
  const pool = () => world.resource("RunnerPool", inputs());

  /** A stranger makes a pool of our name just before or just after our request is carried out. */
  function letStrangerIn(when: "before" | "after"): { id: string } {
    const stranger = { id: "" };
    world.emulator.admin.interpose({
      ...creation(kind),
      when,
      times: 1,
      run: () => void Object.assign(stranger, strangersPool(world, kind, "builders")),
    });
    return stranger;
  }

  it.each(["before", "after"] as const)("is left alone where it comes just %s our request", async (when) => {
    const stranger = letStrangerIn(when);
    const error = await pool()
      .create()
      .catch((reason: Error) => reason.message);
    expect(error).toContain(`the name is taken by pool ${stranger.id}`);
    expect(await pools(kind)).toEqual({ [stranger.id]: "builders" });
  });

  it.each([
    ["done", "status-after"],
    ["not done", "status"],
  ] as const)("is left alone where our request is answered with 502 and %s", async (_what, fault) => {
    const stranger = letStrangerIn("before");
    world.emulator.admin.addFault({ ...creation(kind), kind: fault, status: 502, times: 1 });
    const making = pool().create();
    await expect(making).rejects.toThrow("the name is taken by pool");
    expect(await pools(kind)).toEqual({ [stranger.id]: "builders" });
  });

  it("is left alone where a process was killed whose request it follows", async () => {
    const { admin } = world.emulator;
    admin.addFault({ ...creation(kind), kind: "drop-after", times: 1 });
    admin.addFault({ kind: "drop-before", plane: kind, path: "agent-pools|/agents", skip: 1 });
    await expect(pool().create()).rejects.toThrow("could not create");
    admin.clearFaults();
    const stranger = strangersPool(world, kind, "builders");
    world.nextDeployment();
    await expect(pool().create()).rejects.toThrow(`the name is taken by pool ${stranger.id}`);
    expect(await pools(kind)).toEqual({ [stranger.id]: "builders" });
  });

  it("goes to one of two deployments that make it at once, and the other one leaves nothing", async () => {
    const theirs = world.resourceElsewhere("RunnerPool", inputs());
    let making: Promise<unknown> | undefined;
    world.emulator.admin.interpose({
      ...creation(kind),
      when: "after",
      times: 1,
      run: () => {
        making = theirs.create().catch((error: Error) => error);
      },
    });
    const ours = await pool()
      .create()
      .catch((error: Error) => error);
    const results = [ours, await making];
    const [made, ...others] = results.filter((result) => !(result instanceof Error)) as (typeof theirs)[];
    expect(others).toEqual([]);
    expect(String(results.find((result) => result instanceof Error))).toContain("the name is taken");
    expect(await pools(kind)).toEqual({ [String(made?.state["poolId"])]: "builders" });
  });

  it("is there already for a deployment that comes while another one is about to name its own", async () => {
    const theirs = world.resourceElsewhere("RunnerPool", inputs());
    world.emulator.admin.interpose({
      ...creation(kind),
      when: "after",
      times: 1,
      run: async () => void (await theirs.create()),
    });
    await expect(pool().create()).rejects.toThrow(`the name is taken by pool`);
    expect(await pools(kind)).toEqual({ [String(theirs.state["poolId"])]: "builders" });
  });
});

describe.each(controlPlaneKinds)("a create of a pool on %s", (kind) => {
  const pool = () =>
    world.resource("RunnerPool", { controlPlane: world.plane(kind).controlPlane, name: "builders" });

  it.each([502, 503, 504])("that is done and answered with %d makes one pool", async (status) => {
    world.emulator.admin.addFault({ ...creation(kind), kind: "status-after", status, times: 1 });
    const made = await pool().create();
    expect(await pools(kind)).toEqual({ [String(made.state["poolId"])]: "builders" });
    if (kind === "pulumi-cloud") expect(made.state["initialToken"]).toMatch(/^pul-/);
  });

  it("that a proxy carries out late makes one pool", async () => {
    const milliseconds = 1_000 / pace;
    world.emulator.admin.addFault({ ...creation(kind), kind: "delayed", milliseconds, times: 1 });
    const made = await pool().create();
    expect(await world.emulator.admin.carryOutDelayed()).toBe(0);
    expect(await pools(kind)).toEqual({ [String(made.state["poolId"])]: "builders" });
  });

  it("that is told to wait is not repeated before", async () => {
    const { admin } = world.emulator;
    const headers = { "retry-after": "2" };
    admin.addFault({ ...creation(kind), kind: "status", status: 429, headers, times: 1 });
    await pool().create();
    const times = admin
      .journal({ plane: kind })
      .filter(({ method, path }) => method === "POST" && new RegExp(poolCreation).test(path))
      .map(({ time }) => Date.parse(String(time)));
    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_950 / pace);
    expect(Object.values(await pools(kind))).toEqual(["builders"]);
  });
});

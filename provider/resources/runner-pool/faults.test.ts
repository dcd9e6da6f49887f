import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../../emulator/faults.ts";
import { controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** Ways to lose the answer to a create that was carried out, and one where it was not. */
const lost: [string, Fault["kind"]][] = [
  ["the answer is cut off", "drop-after"],
  ["the answer is garbled", "malformed-json"],
  ["the answer ends half-way", "truncate"],
  ["the connection is cut before the server acts", "drop-before"],
  ["a proxy answers with a page", "html"],
];

describe.each(controlPlaneKinds)("RunnerPool on %s", (kind) => {
  const pool = () =>
    world.resource("RunnerPool", { controlPlane: world.plane(kind).controlPlane, name: "builders" });

  /** Lets the requests that create a pool fail. */
  const failCreate = (fault: Fault) =>
    world.emulator.admin.addFault({ ...fault, plane: kind, method: "POST", path: "agent-pools$|/agents$" });

  it.each(lost)("is made exactly once when %s", async (_, fault) => {
    failCreate({ kind: fault, times: 1 } as Fault);
    const created = await pool().create();
    const pools = await world.poolsNamed(kind, "builders");
    expect(pools.map(({ id }) => id)).toEqual([created.state["poolId"]]);
    if (kind === "pulumi-cloud") expect(created.state["initialToken"]).toMatch(/^pul-/);
  });

  it.each(lost)(
    "is made exactly once by the next deployment when %s and the network stays away",
    async (_, fault) => {
      const { admin } = world.emulator;
      failCreate({ kind: fault, times: 1 } as Fault);
      // The list that tells names is read before; whatever comes after the create fails.
      admin.addFault({
        kind: "drop-before",
        plane: kind,
        path: "agent-pools|/agents",
        skip: 1,
      });
      await expect(pool().create()).rejects.toThrow(/could not create agent pool "builders"/);
      admin.clearFaults();
      world.nextDeployment();
      const created = await pool().create();
      const pools = await world.poolsNamed(kind, "builders");
      expect(pools.map(({ id }) => id)).toEqual([created.state["poolId"]]);
      if (kind === "pulumi-cloud") expect(created.state["initialToken"]).toMatch(/^pul-/);
    },
  );

  it.each([500, 503, 429])("is created in spite of a passing HTTP %d", async (status) => {
    failCreate({ kind: "status", status, times: 1 });
    await pool().create();
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });

  it.each([401, 402, 403, 404, 409, 412, 422])(
    "passes on a refusal with HTTP %d and leaves nothing",
    async (status) => {
      failCreate({ kind: "status", status });
      await expect(pool().create()).rejects.toThrow(`HTTP ${status}`);
      world.emulator.admin.clearFaults();
      world.nextDeployment();
      await pool().create();
      expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
    },
  );
});

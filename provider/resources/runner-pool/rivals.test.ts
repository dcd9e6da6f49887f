import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ControlPlane, Pool } from "../../control-planes/control-plane.ts";
import { ControlPlaneError } from "../../control-planes/http/error.ts";
import { fakeClock } from "../../testing/clock.ts";
import { type LifecycleContext, PartialFailure } from "../framework/lifecycle.ts";
import { Claims } from "../ownership/claims.ts";
import { createPool } from "./create.ts";

/** Pools of a control plane that lets two of them have one name, as none of ours is known to do for sure. */
let pools: Pool[];
let home = "";

beforeEach(() => {
  pools = [];
  home = mkdtempSync(join(tmpdir(), "runner-pools-rivals-"));
  vi.stubEnv("PULUMI_HOME", home);
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const controlPlane = { kind: "hcp-terraform", organization: "acme" } as const;
const inputs = { controlPlane, name: "builders", forceDestroy: false, generation: 1 };
const context = { claims: new Claims(), clock: fakeClock } as LifecycleContext;

/** @param onRename what happens once our pool `own` has its name. */
function plane(own: string, onRename: () => void = () => undefined): ControlPlane {
  const listed = {
    list: async () => pools.map((pool) => ({ ...pool })),
    create: async ({ name }: { name: string }) => {
      const pool = { id: own, name };
      pools.push(pool);
      return { pool: { ...pool } };
    },
    update: async (id: string, { name }: { name?: string }) => {
      const pool = pools.find((known) => known.id === id) as { id: string; name: string };
      pool.name = name ?? pool.name;
      onRename();
      return { ...pool };
    },
    delete: async (id: string) => {
      pools = pools.filter((pool) => pool.id !== id);
      return true;
    },
  };
  return { ...controlPlane, url: "https://tfe.test", pools: listed, tokens: {} } as unknown as ControlPlane;
}

it("gives way at once to a pool of a smaller id", async () => {
  const begun = Date.now();
  const making = createPool(
    plane("b", () => pools.push({ id: "c", name: "builders" }, { id: "a", name: "builders" })),
    inputs,
    context,
  );
  await expect(making).rejects.toThrow("the name is taken by pool");
  expect(pools.map(({ id }) => id)).toEqual(["c", "a"]);
  expect(Date.now()).toBe(begun);
});

it("waits for a pool of a greater id to give way", async () => {
  const leave = () => {
    pools = pools.filter(({ id }) => id !== "c");
  };
  const rival = () => {
    pools.push({ id: "c", name: "builders" });
    setTimeout(leave, 2_000);
  };
  const { pool } = await createPool(plane("b", rival), inputs, context);
  expect(pool).toEqual({ id: "b", name: "builders" });
  expect(pools).toEqual([pool]);
});

it("gives way to a pool of a greater id that stays: it was there before", async () => {
  const making = createPool(
    plane("b", () => pools.push({ id: "c", name: "builders" })),
    inputs,
    context,
  );
  await expect(making).rejects.toThrow("the name is taken by pool c");
  expect(pools).toEqual([{ id: "c", name: "builders" }]);
});

it("keeps in state what it could not name and not remove", async () => {
  const own = plane("b");
  const refuse = (status: number, message: string) => async () => {
    throw new ControlPlaneError({ plane: "P", operation: "change it", status, message });
  };
  Object.assign(own.pools, { update: refuse(422, "no such name"), delete: refuse(403, "not allowed") });
  const failure = await createPool(own, inputs, context).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PartialFailure);
  expect(failure).toMatchObject({
    id: "hcp-terraform/acme/b",
    state: { poolId: "b", name: expect.stringMatching(/^builders-pending-[0-9a-f]{6}$/) },
    reasons: [expect.stringContaining("not allowed")],
  });
});

it.each([400, 409, 422])("removes a pool whose name is refused with %d", async (status) => {
  const own = plane("b");
  Object.assign(own.pools, {
    update: async () => {
      throw new ControlPlaneError({ plane: "P", operation: "change it", status, message: "no such name" });
    },
  });
  await expect(createPool(own, inputs, context)).rejects.toThrow(`HTTP ${status}: no such name`);
  expect(pools).toEqual([]);
});

it("has noted the id of the pool before that loses its mark", async () => {
  const folder = join(home, "runner-pools", "pending-creates");
  let note = "";
  const look = () => {
    const [file = ""] = readdirSync(folder);
    note = readFileSync(join(folder, file), "utf8");
  };
  await createPool(plane("apool-b", look), inputs, context);
  expect(JSON.parse(note)).toMatchObject({ marks: [expect.stringMatching(/^[0-9a-f]{6}$/), "apool-b"] });
  expect(readdirSync(folder)).toEqual([]);
});

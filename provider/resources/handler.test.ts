import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { Connections } from "../control-planes/connect.ts";
import { unknownValue } from "./check.ts";
import { type Claim, Claims } from "./claims.ts";
import { controlPlane } from "./common-inputs.ts";
import { defineResource } from "./definition.ts";
import { ResourceHandler } from "./handler.ts";
import type { Lifecycle, LifecycleContext, Properties } from "./lifecycle.ts";

const thing = defineResource({
  name: "Thing",
  description: "A thing.",
  inputs: z.strictObject({ controlPlane, size: z.number().default(1), color: z.string().optional() }),
  outputs: z.object({ serviceUrl: z.string().optional() }),
  replaceOn: ["controlPlane", "color"],
  example: "",
});

/** A thing of a pool, whose name may be left out. */
const member = defineResource({
  ...thing,
  name: "Member",
  inputs: z.strictObject({
    controlPlane,
    pool: z.string(),
    name: z.string().optional().meta({ defaultsToResourceName: true }),
  }),
  replaceOn: ["controlPlane", "pool"],
});

const address = { kind: "pulumi-cloud", organization: "acme", url: "https://one.example.com" };

/** A handler of things, and what was asked of their lifecycle. */
function handlerOf(lifecycle: Partial<Lifecycle> = {}) {
  const told: string[] = [];
  const warnings: string[] = [];
  const context: LifecycleContext = {
    connections: new Connections({ pulumiAccessToken: "pul-x", pulumiUrl: "https://one.example.com" }),
    claims: new Claims(),
    clock: systemClock,
    subject: 'Thing "a"',
    warn: (text) => void warnings.push(text),
    inform: (text) => void told.push(text),
    progress: () => undefined,
  };
  const handler = new ResourceHandler({
    definition: thing,
    rules: () => [],
    create: async (inputs) => ({ id: "1", state: { ...inputs } }),
    read: async () => undefined,
    update: async (_id, _state, inputs) => ({ ...inputs }),
    delete: async () => undefined,
    ...lifecycle,
  });
  return { handler, context, told, warnings };
}

/** Claims of the color, for a pool that is named after the size. */
const claims: NonNullable<Lifecycle["claims"]> = (inputs, { subject }, state): Claim[] => [
  {
    owner: subject,
    pool: `pool x https://one.example.com size-${inputs["size"]}`,
    declared: [`color ${inputs["color"]}`],
    resolve: async () => [`key ${String(inputs["color"]).toLowerCase()} ${state ? "known" : "new"}`],
  },
];

const state = (more: Properties = {}): Properties => ({ controlPlane: address, size: 1, ...more });

describe("a check", () => {
  it("fills in defaults and tells the plan of a new resource", async () => {
    const { handler, context, told } = handlerOf({ plan: async ({ size }) => [`makes ${size}`] });
    const { inputs, violations } = await handler.check({ controlPlane: address }, context);
    expect({ inputs, violations }).toEqual({ inputs: { controlPlane: address, size: 1 }, violations: [] });
    expect(told).toEqual(['Thing "a" makes 1']);
    await handler.check({ controlPlane: address }, context, { previous: state() });
    expect(told).toHaveLength(1);
  });

  it("asks nothing and claims nothing of what is wrong or not known yet, or out of reach", async () => {
    let asked = 0;
    const counted: Partial<Lifecycle> = {
      claims: () => {
        asked++;
        return [];
      },
      plan: async () => {
        asked++;
        return [];
      },
    };
    const { handler, context } = handlerOf(counted);
    const given = { controlPlane: address };
    expect((await handler.check({ ...given, size: "x" }, context)).violations).toHaveLength(1);
    await handler.check({ ...given, color: unknownValue }, context);
    await handler.check(given, context, { isReachable: false });
    expect(asked).toBe(0);
  });

  it("refuses what another resource declares for another pool, in its words or by what it stands for", async () => {
    const { handler, context, told } = handlerOf({ claims, plan: async () => ["makes it"] });
    await handler.check({ controlPlane: address, color: "Red" }, context);
    const other = { ...context, subject: 'Thing "b"' };
    const reasonFor = async (inputs: Properties) =>
      (await handler.check({ controlPlane: address, ...inputs }, other)).violations.map(
        ({ reason }) => reason,
      );
    expect(await reasonFor({ color: "Red", size: 2 })).toEqual([
      'Thing "a" of this program also declares color Red, for pool size-1; this resource declares it for pool size-2. Only one of the two can apply: remove one.',
    ]);
    expect(await reasonFor({ color: "red", size: 3 })).toEqual([
      expect.stringContaining('Thing "a" of this program also declares the same target (by another name'),
    ]);
    expect(told).toHaveLength(1);
    expect(await reasonFor({ color: "blue", size: 2 })).toEqual([]);
  });

  it("goes on with a warning where the plan cannot be told", async () => {
    const { handler, context, told, warnings } = handlerOf({
      plan: () => Promise.reject(new Error("no network")),
    });
    expect((await handler.check({ controlPlane: address }, context)).violations).toEqual([]);
    expect(warnings).toEqual(['Thing "a": the preview could not look up what would change: no network']);
    expect(told).toEqual([]);
  });

  it("declares nothing and tells nothing of a resource that claims nothing and plans nothing", async () => {
    const { handler, context, told } = handlerOf();
    await handler.check({ controlPlane: address }, context);
    await context.claims.resolved();
    expect(context.claims.ofOwner({ owner: 'Thing "a"' })).toBeUndefined();
    expect(told).toEqual([]);
  });

  it("passes on the name of the resource, its former inputs and its part of a rotation", async () => {
    const rules = vi.fn<Lifecycle["rules"]>(() => []);
    const { handler, context } = handlerOf({ definition: member, rules });
    const given = { controlPlane: address, pool: "1" };
    const { inputs } = await handler.check(given, context, { resourceName: "a" });
    expect(inputs).toEqual({ ...given, name: "a" });
    await handler.check(given, context, { previous: inputs, rotation: "previous" });
    expect(rules).toHaveBeenLastCalledWith(
      given,
      expect.objectContaining({ previous: inputs, rotation: "previous" }),
    );
  });

  it("asks for credentials only where they are known", async () => {
    const { handler, context } = handlerOf();
    const given = { controlPlane: { kind: "hcp-terraform", organization: "acme", url: "https://tfe.test" } };
    expect((await handler.check(given, context)).violations).toEqual([
      { property: "controlPlane", reason: expect.stringContaining("TFE_TOKEN") },
    ]);
    expect((await handler.check(given, context, { isReachable: false })).violations).toEqual([]);
  });

  it("compares what a resource stands for with others where it is new or changes, and only then", async () => {
    const { handler, context } = handlerOf({ claims });
    await handler.check({ controlPlane: address, color: "Red" }, context);
    const other = { ...context, subject: 'Thing "b"' };
    const given = { controlPlane: address, color: "red", size: 2 };
    const conflicts = async (previous?: Properties) =>
      (await handler.check(given, other, { previous })).violations.length;
    expect(await conflicts()).toBe(1);
    expect(await conflicts({ ...given, size: 3 })).toBe(1);
    expect(await conflicts(given)).toBe(0);
  });
});

describe("a diff", () => {
  const diff = (lifecycle: Partial<Lifecycle>, from: Properties, wanted: Properties, before?: Properties) => {
    const made = handlerOf(lifecycle);
    const difference = made.handler.diff({ before, state: from, wanted }, made.context);
    return { ...made, difference };
  };

  it("tells what changes, and what that replaces", async () => {
    const { difference } = diff({}, state({ color: "red" }), state({ size: 2, color: "blue" }));
    expect(await difference).toEqual({
      changes: [
        { path: "size", kind: "update", replaces: false },
        { path: "color", kind: "update", replaces: true },
      ],
      needsUpdate: false,
    });
  });

  it("goes by the inputs of last time where they are known, and by state for what replaces", async () => {
    const replaced = diff({}, state({ color: "red" }), state({ color: "blue" }), state({ color: "blue" }));
    expect((await replaced.difference).changes).toEqual([{ path: "color", kind: "update", replaces: true }]);
    const updated = diff({}, state({ size: 1 }), state({ size: 2 }), state({ size: 2 }));
    expect((await updated.difference).changes).toEqual([]);
    const both = diff(
      {},
      state({ color: "red" }),
      state({ color: "blue", size: 2 }),
      state({ color: "blue" }),
    );
    expect((await both.difference).changes).toEqual([
      { path: "size", kind: "update", replaces: false },
      { path: "color", kind: "update", replaces: true },
    ]);
  });

  it("takes a pool's two names, with and without the organization, for one pool, and no two pools", async () => {
    const replacedBy = async (pool: string, from: Properties = {}, to: Properties = {}) => {
      const known = { controlPlane: address, pool: "pulumi-cloud/acme/1", ...from };
      const wanted = { controlPlane: address, ...to, pool };
      const { changes } = await diff({ definition: member }, known, wanted).difference;
      return changes.filter(({ replaces }) => replaces).map(({ path }) => path);
    };
    expect(await replacedBy("pulumi-cloud/ACME/1")).toEqual([]);
    expect(await replacedBy("1")).toEqual([]);
    expect(await replacedBy("pulumi-cloud/acme/2")).toEqual(["pool"]);
    expect(await replacedBy("1", { pool: undefined })).toEqual(["pool"]);
    // A pool of that id in another organization is another pool.
    const other = { ...address, organization: "other" };
    expect(await replacedBy("pulumi-cloud/other/1", {}, { controlPlane: other })).toEqual([
      "controlPlane.organization",
      "pool",
    ]);
  });

  it("replaces a resource whose state names no control plane, or whose next one is not known yet", async () => {
    const { controlPlane: _, ...without } = state();
    const unplaced = diff({}, without, state());
    expect((await unplaced.difference).changes).toEqual([
      { path: "controlPlane", kind: "add", replaces: true },
    ]);
    const unknown = diff({}, state(), state({ controlPlane: { ...address, url: unknownValue } }));
    expect((await unknown.difference).changes).toEqual([
      { path: "controlPlane.url", kind: "update", replaces: true },
    ]);
  });

  it("lets the lifecycle replace, and asks it for news only where nothing is replaced", async () => {
    const lifecycle: Partial<Lifecycle> = { replaces: async () => ["size"], needsUpdate: async () => true };
    const replaced = diff(lifecycle, state(), state());
    expect(await replaced.difference).toEqual({
      changes: [{ path: "size", kind: "update", replaces: true }],
      needsUpdate: false,
    });
    const updated = diff({ needsUpdate: async () => true }, state(), state());
    expect((await updated.difference).needsUpdate).toBe(true);
  });

  it("plans an update with the state, and a replacement with the state of what is replaced", async () => {
    const plan: Lifecycle["plan"] = async (_inputs, now, _context, replaced) => [
      `${now ? "updates" : "creates"}${replaced ? " in place of another" : ""}`,
    ];
    const plans = async (lifecycle: Partial<Lifecycle>, wanted: Properties) => {
      const { handler, context, told } = handlerOf({ claims, plan, ...lifecycle });
      await handler.check(wanted, context, { previous: state() });
      await handler.diff({ state: state(), wanted }, context);
      // The engine checks a replacement once more, as a new resource.
      if (wanted["color"] !== undefined) await handler.check(wanted, context);
      return told;
    };
    expect(await plans({}, state({ size: 2 }))).toEqual(['Thing "a" updates']);
    expect(await plans({}, state({ color: "red" }))).toEqual(['Thing "a" creates in place of another']);
    expect(await plans({}, state())).toEqual([]);
    expect(await plans({ needsUpdate: async () => true }, state())).toEqual(['Thing "a" updates']);
  });

  it("tells no plan of what this deployment has not declared: a refresh compares too", async () => {
    const plan: Lifecycle["plan"] = async () => ["updates"];
    const { difference, told } = diff(
      { claims, plan, needsUpdate: async () => true },
      state(),
      state({ size: 2 }),
    );
    expect((await difference).changes).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it("asks nothing where a value is not known yet", async () => {
    const fails = () => Promise.reject(new Error("asked"));
    const { difference } = diff(
      { replaces: fails, needsUpdate: fails, plan: fails },
      state({ serviceUrl: "https://elsewhere.example.com" }),
      state({ size: unknownValue }),
    );
    expect(await difference).toEqual({
      changes: [{ path: "size", kind: "update", replaces: false }],
      needsUpdate: false,
    });
  });

  it("claims what goes on as state knows it, and what is replaced as it is worded", async () => {
    const { handler, context } = handlerOf({ claims });
    const keysAfter = async (from: Properties, wanted: Properties) => {
      await handler.check(wanted, context, { previous: from });
      await handler.diff({ state: from, wanted }, context);
      const found = ["red known", "red new", "blue known", "blue new"].map(async (key) =>
        (await context.claims.on(`key ${key}`)).length > 0 ? [key] : [],
      );
      return (await Promise.all(found)).flat();
    };
    expect(await keysAfter(state({ color: "red" }), state({ color: "red" }))).toEqual(["red known"]);
    expect(await keysAfter(state({ color: "red" }), state({ color: "blue" }))).toEqual([
      "red known",
      "blue new",
    ]);
  });

  it("declares nothing that no check has declared, as in a refresh", async () => {
    const { difference, context } = diff({ claims }, state({ color: "red" }), state({ color: "red" }));
    await difference;
    expect(await context.claims.on("key red known")).toEqual([]);
  });

  it("notes what state holds, also where it is replaced", async () => {
    const target = { kind: "stack", id: "a/b" };
    const holds: Lifecycle["holds"] = () => [{ poolId: "p1", target }, { poolId: "p2" }];
    const { difference, context } = diff({ holds }, state(), state({ color: "red" }));
    await difference;
    const pool = (id: string) => `pool pulumi-cloud https://one.example.com ${id}`;
    expect(context.claims.mayTakeFrom(pool("p1"), target)).toBe(true);
    expect(context.claims.isOwnPool(pool("p1"))).toBe(false);
    expect(context.claims.isOwnPool(pool("p2"))).toBe(true);
    const [own, other] = [{ owner: 'Thing "a"' }, { owner: 'Thing "b"' }];
    expect(context.claims.heldBy(own)).toEqual([
      { owner: own, pool: pool("p1"), target: { ...target, poolId: "p1" } },
    ]);
    expect(context.claims.managedBefore(pool("p2"), own)).toBe(true);
    expect(context.claims.managedBefore(pool("p2"), other)).toBe(false);
  });

  it("notes nothing of a state that holds nothing", async () => {
    const { handler, context } = handlerOf();
    const notePool = vi.spyOn(context.claims, "notePool");
    await handler.diff({ state: state(), wanted: state() }, context);
    expect(notePool).not.toHaveBeenCalled();
  });

  it("refuses a resource that lives on another service, unless the program says that it moves", async () => {
    const elsewhere = {
      ...state(),
      controlPlane: { ...address, url: undefined },
      serviceUrl: "https://two.example.com",
    };
    const { difference } = diff({}, elsewhere, { ...elsewhere });
    await expect(difference).rejects.toThrow("made on https://two.example.com");
    const moved = diff({}, elsewhere, state());
    expect((await moved.difference).changes[0]).toMatchObject({ replaces: true });
    // To state the URL that it lives on is no move.
    const stated = diff(
      {},
      elsewhere,
      state({ controlPlane: { ...address, url: "https://two.example.com" } }),
    );
    await expect(stated.difference).rejects.toThrow("made on https://two.example.com");
  });

  it("takes a URL that is stated later for the one that the environment named before", async () => {
    const imported = {
      controlPlane: { kind: "pulumi-cloud", organization: "acme" },
      size: 1,
      serviceUrl: "https://one.example.com",
    };
    const { difference } = diff({}, imported, state());
    expect((await difference).changes.filter(({ replaces }) => replaces)).toEqual([]);
    const other = diff({}, imported, state({ controlPlane: { ...address, organization: "other" } }));
    expect((await other.difference).changes.some(({ replaces }) => replaces)).toBe(true);
  });
});

describe("a create and an update", () => {
  it("are refused where another resource declares the same, and claim what they made", async () => {
    const { handler, context } = handlerOf({ claims });
    await handler.create(state({ color: "red" }), context);
    expect(await context.claims.on("key red known")).toHaveLength(1);
    const other = { ...context, subject: 'Thing "b"' };
    await expect(handler.create(state({ color: "red", size: 2 }), other)).rejects.toThrow(
      'Thing "b": Thing "a" of this program also declares color red',
    );
    const third = { ...context, subject: 'Thing "c"' };
    await expect(handler.update("1", state(), state({ color: "red", size: 3 }), third)).rejects.toThrow(
      'Thing "c": Thing "',
    );
    await handler.update("1", state({ color: "red" }), state({ color: "green" }), context);
    expect(await context.claims.on("key green known")).toHaveLength(1);
  });

  it("are refused where another resource declares the same by other words", async () => {
    const { handler, context } = handlerOf({ claims });
    await handler.create(state({ color: "Red" }), context);
    const other = { ...context, subject: 'Thing "b"' };
    // What exists is known by other keys, here and in no control plane.
    await handler.check(state({ color: "Red" }), context);
    await expect(handler.create(state({ color: "red", size: 2 }), other)).rejects.toThrow(
      "also declares the same target (by another name",
    );
  });

  it("claim what they made as its state knows it", async () => {
    const byState: Lifecycle["claims"] = (_inputs, { subject }, known) => [
      { owner: subject, declared: [], resolve: async () => [`id ${known?.["size"]}`] },
    ];
    const { handler, context } = handlerOf({ claims: byState });
    await handler.update("1", state({ size: 1 }), state({ size: 2 }), context);
    expect(await context.claims.on("id 1")).toEqual([]);
    expect(await context.claims.on("id 2")).toHaveLength(1);
  });
});

it("what the engine reads and deletes is read and deleted", async () => {
  const read = vi.fn(async () => undefined);
  const remove = vi.fn(async () => undefined);
  const { handler, context } = handlerOf({ read, delete: remove });
  await handler.read("1", state(), context);
  await handler.delete("1", state(), context);
  expect(read).toHaveBeenCalledExactlyOnceWith("1", state(), context);
  expect(remove).toHaveBeenCalledExactlyOnceWith("1", state(), context);
});

it("once the deployment is cancelled nothing is begun", async () => {
  const begun = vi.fn(() => Promise.reject(new Error("begun")));
  const { handler, context } = handlerOf({ create: begun, update: begun, delete: begun });
  const cancelled = { ...context, cancelled: AbortSignal.abort() };
  await expect(handler.create(state(), cancelled)).rejects.toThrow(
    'Thing "a" was not created: the deployment was cancelled.',
  );
  await expect(handler.update("1", state(), state(), cancelled)).rejects.toThrow("was not updated");
  await expect(handler.delete("1", state(), cancelled)).rejects.toThrow("was not deleted");
  expect(begun).not.toHaveBeenCalled();
});

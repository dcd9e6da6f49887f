import { describe, expect, it, vi } from "vitest";
import { address, claims, handlerOf, keyOf, member, state } from "../testing/handled.ts";
import type { Lifecycle, Properties } from "./lifecycle.ts";
import { unknownValue } from "./unknown.ts";

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
        (await context.claims.on(keyOf(key))).length > 0 ? [key] : [],
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
    expect(await context.claims.on(keyOf("red known"))).toEqual([]);
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

import { describe, expect, it, vi } from "vitest";
import { address, claims, handlerOf, keyOf, member, state } from "../testing/handled.ts";
import type { Lifecycle, Properties } from "./lifecycle.ts";
import { unknownValue } from "./unknown.ts";

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
    await context.claims.resolved("one https://one.test");
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

describe("a create and an update", () => {
  it("are refused where another resource declares the same, and claim what they made", async () => {
    const { handler, context } = handlerOf({ claims });
    await handler.create(state({ color: "red" }), context);
    expect(await context.claims.on(keyOf("red known"))).toHaveLength(1);
    const other = { ...context, subject: 'Thing "b"' };
    await expect(handler.create(state({ color: "red", size: 2 }), other)).rejects.toThrow(
      'Thing "b": Thing "a" of this program also declares color red',
    );
    const third = { ...context, subject: 'Thing "c"' };
    await expect(handler.update("1", state(), state({ color: "red", size: 3 }), third)).rejects.toThrow(
      'Thing "c": Thing "',
    );
    await handler.update("1", state({ color: "red" }), state({ color: "green" }), context);
    expect(await context.claims.on(keyOf("green known"))).toHaveLength(1);
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
      { owner: subject, declared: [], resolve: async () => [keyOf(`id ${known?.["size"]}`)] },
    ];
    const { handler, context } = handlerOf({ claims: byState });
    await handler.update("1", state({ size: 1 }), state({ size: 2 }), context);
    expect(await context.claims.on(keyOf("id 1"))).toEqual([]);
    expect(await context.claims.on(keyOf("id 2"))).toHaveLength(1);
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

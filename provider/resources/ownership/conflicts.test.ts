import { expect, it } from "vitest";
import type { LifecycleContext } from "../framework/lifecycle.ts";
import { type Claim, Claims } from "./claims.ts";
import { conflictsOf } from "./conflicts.ts";

const claim = (owner: string, more: Partial<Claim> = {}): Claim => ({
  owner,
  declared: ["stack x"],
  resolve: async () => ["x"],
  ...more,
});

/** What is said of a claim beside another one. */
function conflicts(other: Partial<Claim>, own: Partial<Claim>, options?: { asks: boolean }) {
  const claims = new Claims();
  claims.declare(claim("a", other));
  return conflictsOf([claim("b", own)], { claims } as LifecycleContext, options);
}

it.each([
  ["two pools", { pool: "pool p 1" }, { pool: "pool p 2" }],
  ["two pools, exclusively", { pool: "pool p 1" }, { pool: "pool p 2", exclusive: true }],
])("a conflict about %s names both", async (_what, other, own) => {
  expect(await conflicts(other, own)).toEqual([
    "a of this program also declares stack x, for pool 1; this resource declares it for pool 2. Only one of the two can apply: remove one.",
  ]);
});

it.each([
  ["neither has a pool", {}, {}],
  ["only the other one has a pool", { pool: "pool p 1" }, {}],
  ["only this one has a pool", {}, { pool: "pool p 1" }],
  ["both have the same pool", { pool: "pool p 1" }, { pool: "pool p 1" }],
])("a conflict where %s names none", async (_what, other, own) => {
  expect(await conflicts(other, { ...own, exclusive: true })).toEqual([
    "a of this program also declares stack x. Only one of the two can apply: remove one.",
  ]);
});

it("a conflict in other words is found unless nothing may be asked", async () => {
  const [other, own] = [
    { pool: "pool p 1", declared: ["by name"] },
    { pool: "pool p 2", declared: ["by id"] },
  ];
  const found = [expect.stringMatching(/^a of this program also declares the same target .* selects it\.$/)];
  expect(await conflicts(other, own)).toEqual(found);
  expect(await conflicts(other, own, { asks: true })).toEqual(found);
  expect(await conflicts(other, own, { asks: false })).toEqual([]);
});

import { expect, it } from "vitest";
import { changesBetween, topOf } from "./changes.ts";

const changes = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  Object.fromEntries(changesBetween(before, after).map(({ path, kind }) => [path, kind]));

it("sees nothing between equals", () => {
  expect(changes({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } })).toEqual({});
  expect(changesBetween({ a: undefined }, { a: undefined })).toEqual([]);
});

it("names each difference at its deepest place", () => {
  const before = { scope: { mode: "listed", workspaces: ["one", "two"] }, name: "ci" };
  const after = { scope: { mode: "listed", workspaces: ["one", "three", "four"] }, name: "ci" };
  expect(changes(before, after)).toEqual({ "scope.workspaces[1]": "update", "scope.workspaces[2]": "add" });
});

it("names what comes or goes as a whole", () => {
  expect(changes({ old: { a: 1 } }, { young: [1] })).toEqual({ old: "delete", young: "add" });
});

it("takes a value of another type for a change", () => {
  expect(changes({ a: ["x"] }, { a: { x: 1 } })).toEqual({ a: "update" });
  expect(changes({ a: null }, { a: { x: 1 } })).toEqual({ a: "update" });
});

it("finds the property that a path begins with", () => {
  expect(["name", "scope.mode", "list[0].name", ""].map(topOf)).toEqual(["name", "scope", "list", ""]);
});

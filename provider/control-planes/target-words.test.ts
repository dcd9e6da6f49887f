import { expect, it } from "vitest";
import { describeTarget, kindInWords } from "./target-words.ts";

it("names a target in the words of people", () => {
  expect(["stack", "policyGroup", "insightsAccount"].map(kindInWords)).toEqual([
    "stack",
    "policy group",
    "insights account",
  ]);
  expect(describeTarget({ kind: "policyGroup", name: "baseline" })).toBe("policy group baseline");
});

import { describe, expect, it } from "vitest";
import { generationRules } from "./generation.ts";

const isUnknown = () => false;
const component = "runner-pools:index:RotatingPoolToken";

describe("a generation", () => {
  it.each([
    [undefined, { generation: 4 }, undefined],
    [4, undefined, undefined],
    [4, { generation: 4 }, undefined],
    [5, { generation: 4 }, undefined],
    [2, {}, undefined],
    [6, { generation: 4 }, component],
    [4, { generation: 4 }, component],
  ])("may be %s after %j", (wanted, previous, parentType) => {
    expect(generationRules(wanted, { isUnknown, previous, parentType })).toEqual([]);
  });

  it.each([
    [
      6,
      { generation: 4 },
      undefined,
      "is 4 now and cannot become 6: it may only rise by one at a time, to 5",
    ],
    [3, { generation: 4 }, undefined, "is 4 now and cannot become 3"],
    [3, {}, undefined, "is 1 now and cannot become 3"],
    [
      5,
      { generation: 4 },
      component,
      "is 4 now and cannot become 5: it may only rise by two at a time, to 6",
    ],
    [6, { generation: 4 }, "acme:index:Tokens", "may only rise by one"],
  ])("may not be %s after %j", (wanted, previous, parentType, reason) => {
    expect(generationRules(wanted, { isUnknown, previous, parentType })).toEqual([
      { property: "generation", reason: expect.stringContaining(reason) },
    ]);
  });
});

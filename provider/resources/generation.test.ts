import { describe, expect, it } from "vitest";
import { generationRules } from "./generation.ts";

const isUnknown = () => false;

describe("a generation", () => {
  it.each([
    [undefined, { generation: 4 }, undefined],
    [4, undefined, undefined],
    [4, { generation: 4 }, undefined],
    [5, { generation: 4 }, undefined],
    [2, {}, undefined],
    [6, { generation: 4 }, "current"],
    [4, { generation: 4 }, "current"],
    [4, { generation: 4 }, "previous"],
    [4, undefined, "previous"],
  ] as const)("may be %s after %j", (wanted, previous, rotation) => {
    expect(generationRules(wanted, { isUnknown, previous, rotation })).toEqual([]);
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
    [5, { generation: 4 }, "current", "would replace the token of generation 4"],
    [8, { generation: 4 }, "current", "by one of generation 8"],
    [6, { generation: 4 }, "previous", "of the RotatingPoolToken may only rise by one at a time"],
    [2, { generation: 4 }, "previous", "would replace the token of generation 4"],
  ] as const)("may not be %s after %j", (wanted, previous, rotation, reason) => {
    expect(generationRules(wanted, { isUnknown, previous, rotation })).toEqual([
      { property: "generation", reason: expect.stringContaining(reason) },
    ]);
  });
});

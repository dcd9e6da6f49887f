import { describe, expect, it } from "vitest";
import type { RotationPart } from "./framework/lifecycle.ts";
import { generationRules } from "./generation.ts";

interface Token {
  readonly generation: number;
  /** Absent in state that an earlier version wrote. */
  readonly part?: RotationPart;
}

/** The tokens of a `RotatingPoolToken` by their slots. */
function tokensAt(generation: number): Map<number, Token> {
  const tokens = new Map<number, Token>([[generation % 2, { generation, part: "current" }]]);
  if (generation > 1) {
    tokens.set((generation - 1) % 2, { generation: generation - 1, part: "previous" });
  }
  return tokens;
}

/** How each token of the new generation is answered: no token sees another one. */
function refusals(before: ReadonlyMap<number, Token>, generation: number): Record<string, boolean> {
  const answers = [...tokensAt(generation)].map(([slot, { generation: wanted, part: rotation }]) => {
    const former = before.get(slot);
    const violations = generationRules(wanted, {
      isUnknown: () => false,
      previous: former && { generation: former.generation },
      rotation,
      formerRotation: former?.part,
    });
    return [slot === 0 ? "even" : "odd", violations.length > 0] as const;
  });
  return Object.fromEntries(answers);
}

function isRefused(before: ReadonlyMap<number, Token>, generation: number): boolean {
  return Object.values(refusals(before, generation)).some((refused) => refused);
}

const generations = [1, 2, 3, 4, 5];
const steps = generations.flatMap((from) => generations.map((to) => [from, to] as const));
const isRight = (from: number, to: number) => to === from || to === from + 1;

describe("the generation of a RotatingPoolToken", () => {
  it.each(steps.filter(([from, to]) => isRight(from, to)))("may go from %i to %i", (from, to) => {
    expect(isRefused(tokensAt(from), to)).toBe(false);
  });

  it.each(steps.filter(([from, to]) => !isRight(from, to)))("may not go from %i to %i", (from, to) => {
    expect(isRefused(tokensAt(from), to)).toBe(true);
  });

  /** A token is replaced without waiting for what the check of the other one says, where no preview came before. */
  it.each(steps.filter(([from, to]) => !isRight(from, to)))(
    "never replaces a token in a step from %i to %i",
    (from, to) => {
      const before = tokensAt(from);
      const answers = refusals(before, to);
      const replaced = [...tokensAt(to)]
        .filter(([slot, { generation }]) => (before.get(slot)?.generation ?? generation) !== generation)
        .map(([slot]) => answers[slot === 0 ? "even" : "odd"]);
      expect(replaced).not.toContain(false);
    },
  );

  it("may be any where there was no token", () => {
    for (const generation of generations) expect(isRefused(new Map(), generation)).toBe(false);
  });

  it("may go back where the step forward made no second token", () => {
    const [[slot, only] = [1, { generation: 1 }]] = tokensAt(1);
    expect(isRefused(new Map([[slot, only]]), 1)).toBe(false);
  });

  it("may go back where the step forward replaced nothing", () => {
    const before = new Map<number, Token>([
      [1, { generation: 1, part: "previous" }],
      [0, { generation: 2, part: "previous" }],
    ]);
    expect(isRefused(before, 2)).toBe(false);
  });
});

describe("the generation of a RotatingPoolToken of an earlier version", () => {
  const withoutParts = (tokens: ReadonlyMap<number, Token>): Map<number, Token> =>
    new Map([...tokens].map(([slot, { generation }]) => [slot, { generation }]));

  it.each(generations)("may stay %i", (generation) => {
    expect(isRefused(withoutParts(tokensAt(generation)), generation)).toBe(false);
  });

  it.each([1, 3, 4])("may rise by one from %i", (generation) => {
    expect(isRefused(withoutParts(tokensAt(generation)), generation + 1)).toBe(false);
  });

  it("says what to do where state does not tell a step of one from a step of two", () => {
    const previous = { generation: 1 };
    expect(generationRules(3, { isUnknown: () => false, previous, rotation: "current" })).toEqual([
      {
        property: "generation",
        reason: expect.stringMatching(/Run pulumi up with the generation of the last deployment first/),
      },
    ]);
  });

  it.each(steps.filter(([from, to]) => !isRight(from, to) && !(from === 2 && to === 1)))(
    "may not go from %i to %i",
    (from, to) => {
      expect(isRefused(withoutParts(tokensAt(from)), to)).toBe(true);
    },
  );
});

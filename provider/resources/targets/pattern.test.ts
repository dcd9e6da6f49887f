import { describe, expect, it } from "vitest";
import { isPattern, patternOf } from "./pattern.ts";

describe("a pattern", () => {
  it.each([
    ["app/*", "app/prod", true],
    ["app/*", "app/", true],
    ["app/*", "app/a/b", false],
    ["app/*", "my-app/prod", false],
    ["app/prod*", "app/prod-eu", true],
    ["*/prod", "network/prod", true],
    ["*/prod", "network/prod2", false],
    ["*-*", "a-b-c", true],
    ["a.c", "abc", false],
    ["a.c", "a.c", true],
    ["(a|b)+?^$[]{}\\", "(a|b)+?^$[]{}\\", true],
    ["*", "two\nlines", true],
  ])("%s against %j: %s", (pattern, text, matches) => {
    expect(patternOf(pattern).test(text)).toBe(matches);
  });

  it("can also cross slashes", () => {
    expect(patternOf("app/*", { acrossSlashes: true }).test("app/a/b")).toBe(true);
  });

  it("matches what the plain expression of it matches, and takes no time where it has many asterisks", () => {
    const signs = ["a", "b", "/", "*", "a*", "/*"];
    const random = (of: readonly string[], length: number) =>
      Array.from({ length }, () => of[Math.floor(Math.random() * of.length)]).join("");
    for (let round = 0; round < 5_000; round++) {
      const [pattern, text] = [random(signs, 6), random(["a", "b", "/"], round % 8)];
      const plain = new RegExp(`^${pattern.replaceAll("*", "[^/]*")}$`);
      expect([pattern, text, patternOf(pattern).test(text)]).toEqual([pattern, text, plain.test(text)]);
    }
    const begun = performance.now();
    expect(patternOf(`${"*a".repeat(30)}!`).test("a".repeat(200))).toBe(false);
    expect(patternOf(`${"*".repeat(30)}!`).test("a".repeat(200))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it("is a text with an asterisk", () => {
    expect([isPattern("a*"), isPattern("a?")]).toEqual([true, false]);
  });
});

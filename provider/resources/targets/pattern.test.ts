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

  it("is a text with an asterisk", () => {
    expect([isPattern("a*"), isPattern("a?")]).toEqual([true, false]);
  });
});

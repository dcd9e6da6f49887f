import { expect, it } from "vitest";
import { listInWords } from "./list-in-words.ts";

it("names the first ones, and says how many there are besides", () => {
  expect(listInWords([])).toBe("");
  expect(listInWords(["a", "b"], 2)).toBe("a, b");
  expect(listInWords(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
});

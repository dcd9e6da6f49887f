import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineResource, inputsWithDefaults, metaOf, secretProperties, unwrap } from "./definition.ts";

const thing = defineResource({
  name: "Thing",
  description: "A thing.",
  inputs: z.strictObject({
    name: z.string(),
    size: z.number().default(1),
    color: z.string().optional(),
    password: z.string().meta({ secret: true }).optional(),
    hint: z.string().meta({ secret: false }),
  }),
  outputs: z.object({}),
  replaceOn: [],
  example: "",
});

describe("the schema of a property", () => {
  it("tells its metadata, also what was given before it became optional, and what was given last counts", () => {
    const inner = z.string().meta({ secret: true, description: "inner" });
    expect(metaOf(z.string())).toEqual({});
    expect(metaOf(inner.optional())).toMatchObject({ secret: true, description: "inner" });
    expect(metaOf(inner.default("x").optional().meta({ description: "outer" }))).toMatchObject({
      secret: true,
      description: "outer",
    });
  });

  it("is found below defaults and options", () => {
    const inner = z.string();
    expect(unwrap(inner)).toBe(inner);
    expect(unwrap(inner.default("x").optional())).toBe(inner);
  });

  it("marks what is secret", () => {
    expect(secretProperties(thing.inputs.shape)).toEqual(["password"]);
  });
});

it("inputs that are known are completed with defaults, and nothing else is kept", () => {
  expect(inputsWithDefaults(thing, { name: "a", other: true })).toStrictEqual({ name: "a", size: 1 });
  expect(inputsWithDefaults(thing, { name: "a", size: 2, color: "red" })).toEqual({
    name: "a",
    size: 2,
    color: "red",
  });
});

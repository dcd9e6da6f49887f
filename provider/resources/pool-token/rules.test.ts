import { describe, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { unknownValue } from "../framework/unknown.ts";
import { check, expectRefusal, pulumi, type Refusal, terraform } from "../testing/check-inputs.ts";
import { tokenRules } from "./rules.ts";

describe("the inputs of a PoolToken", () => {
  it.each<Refusal>([
    [
      "a second token on Pulumi Cloud",
      "PoolToken",
      { controlPlane: pulumi, pool: "pulumi-cloud/acme/1", description: "x" },
      "initialToken",
      "for another token raise the generation of the RunnerPool, or let agents log in with OIDC",
    ],
    [
      "rotation on Pulumi Cloud",
      "PoolToken",
      { controlPlane: pulumi, pool: "1", description: "x", initialToken: "pul-1", generation: 2 },
      "generation",
      "cannot rotate a pool's token",
    ],
    [
      "initialToken where tokens are made",
      "PoolToken",
      { controlPlane: terraform, pool: "1", description: "x", initialToken: "t" },
      "initialToken",
      "none is issued with the pool",
    ],
    [
      "a pool of another control plane",
      "PoolToken",
      { controlPlane: terraform, pool: "pulumi-cloud/acme/1", description: "x" },
      "controlPlane",
      "the pool is one of Pulumi Cloud",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));

  it("names the RotatingPoolToken that makes a token, where it cannot", () => {
    const inputs = { controlPlane: { kind: "pulumi-cloud", organization: "acme" }, pool: "1" } as const;
    const [violation, ...others] = tokenRules(inputs, { isUnknown: () => false, rotation: "current" });
    expect(others).toEqual([]);
    expect(violation).toEqual({
      property: "controlPlane",
      reason: expect.stringMatching(
        /^Pulumi Cloud cannot have the RotatingPoolToken that makes this token, .*use PoolToken; /,
      ),
    });
  });

  it.each<[string, Properties]>([
    ["the token of a pool that is not made yet", { controlPlane: pulumi, initialToken: unknownValue }],
    ["the token of a pool of Pulumi Cloud", { controlPlane: pulumi, initialToken: "pul-1" }],
    ["a generation that is not known", { controlPlane: terraform, generation: unknownValue }],
    [
      "a generation that is not known, where one is issued",
      {
        controlPlane: pulumi,
        initialToken: "pul-1",
        generation: unknownValue,
      },
    ],
    ["a control plane that is not known", { controlPlane: unknownValue, initialToken: "pul-1" }],
    ["a control plane whose kind is not known", { controlPlane: { ...pulumi, kind: unknownValue } }],
  ])("takes %s", (_what, inputs) => {
    expect(check("PoolToken", { pool: "1", description: "x", ...inputs }).violations).toEqual([]);
  });

  it("refuses a generation that skips one", () => {
    const inputs = { controlPlane: terraform, pool: "1", description: "x" };
    const previous = { ...inputs, generation: 1 };
    expect(check("PoolToken", { ...inputs, generation: 3 }, { previous }).violations).toEqual([
      { property: "generation", reason: expect.stringContaining("cannot become 3") },
    ]);
    expect(check("PoolToken", { ...inputs, generation: 2 }, { previous }).violations).toEqual([]);
  });

  it("lets an imported token of Pulumi Cloud be without its value", () => {
    const inputs = { controlPlane: pulumi, pool: "1", description: "initial" };
    expect(check("PoolToken", inputs, { previous: inputs }).violations).toEqual([]);
  });
});

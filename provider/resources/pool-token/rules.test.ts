import { describe, expect, it } from "vitest";
import { check, expectRefusal, pulumi, type Refusal, terraform } from "../testing/check-inputs.ts";

describe("the inputs of a PoolToken", () => {
  it.each<Refusal>([
    [
      "a second token on Pulumi Cloud",
      "PoolToken",
      { controlPlane: pulumi, pool: "pulumi-cloud/acme/1", description: "x" },
      "",
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
      "",
      "none is issued with the pool",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));

  it("lets an imported token of Pulumi Cloud be without its value", () => {
    const inputs = { controlPlane: pulumi, pool: "1", description: "initial" };
    expect(check("PoolToken", inputs, { previous: inputs }).violations).toEqual([]);
  });
});

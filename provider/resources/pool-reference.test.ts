import { describe, it } from "vitest";
import { expectRefusal, pulumi, type Refusal, terraform } from "./testing/check-inputs.ts";

describe("the pool that inputs refer to", () => {
  it.each<Refusal>([
    [
      "the id of a token for a pool",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "pulumi-cloud/acme/1/initial", target: { stack: "a/b" } },
      "pool",
      "is not the id of a pool",
    ],
    [
      "a pool of another plane",
      "PoolToken",
      { controlPlane: terraform, pool: "env-zero/acme/1", description: "x" },
      "pool",
      "is a pool of env zero, but controlPlane is HCP Terraform",
    ],
    [
      "a pool of another organization",
      "OrganizationDefaultPool",
      { controlPlane: terraform, pool: "hcp-terraform/other/1" },
      "pool",
      "is a pool of organization other, but controlPlane names organization acme",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));
});

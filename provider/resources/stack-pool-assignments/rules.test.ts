import { describe, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { unknownValue } from "../framework/unknown.ts";
import { check, expectRefusal, pulumi, terraform } from "../testing/check-inputs.ts";

describe("the inputs of StackPoolAssignments", () => {
  it.each<[string, Properties]>([
    ["a control plane that is not known", { controlPlane: unknownValue }],
    ["a control plane whose kind is not known", { controlPlane: { ...pulumi, kind: unknownValue } }],
    [
      "an organization that is not known",
      { controlPlane: { ...pulumi, organization: unknownValue }, targets: { stacks: ["acme/a/b"] } },
    ],
    ["targets that are not known", { targets: unknownValue }],
    ["a list that is not known", { targets: { stacks: unknownValue } }],
    ["a list without a value", { targets: { stacks: ["a/b"], policyGroups: undefined } }],
    ["exclusions that are not known", { exclude: unknownValue }],
  ])("may be %s", (_what, inputs) => {
    const given = { controlPlane: pulumi, pool: "1", targets: { stacks: ["a/b"] }, ...inputs };
    expect(check("StackPoolAssignments", given).violations).toEqual([]);
  });

  it("may not name a pool of another control plane", () => {
    const inputs = { controlPlane: terraform, pool: "pulumi-cloud/acme/1", targets: { workspaces: ["a"] } };
    expectRefusal("", "StackPoolAssignments", inputs, "controlPlane", "the pool is one of Pulumi Cloud");
  });

  it("must name a target, whatever the control plane is", () => {
    const inputs = { controlPlane: unknownValue, pool: "1", targets: { stacks: [] } };
    expectRefusal("", "StackPoolAssignments", inputs, "targets", "names no target");
  });

  it("names the list that selects what the control plane does not have", () => {
    const inputs = { controlPlane: terraform, pool: "1", targets: { stackTags: ["team=network"] } };
    expectRefusal("", "StackPoolAssignments", inputs, "targets.stackTags", "cannot assign a pool to a stack");
  });
});

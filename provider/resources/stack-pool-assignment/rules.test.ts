import { describe, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { unknownValue } from "../framework/unknown.ts";
import { check, expectRefusal, pulumi, terraform } from "../testing/check-inputs.ts";

describe("the inputs of a StackPoolAssignment", () => {
  it.each<[string, Properties]>([
    ["a control plane that is not known", { controlPlane: unknownValue }],
    ["a control plane whose kind is not known", { controlPlane: { ...pulumi, kind: unknownValue } }],
    ["a target that is not known", { target: unknownValue }],
    ["a target whose name is not known", { target: { stack: unknownValue } }],
    ["a pool that is not known", { pool: unknownValue }],
  ])("may be %s", (_what, inputs) => {
    const given = { controlPlane: pulumi, pool: "1", target: { stack: "a/b" }, ...inputs };
    expect(check("StackPoolAssignment", given).violations).toEqual([]);
  });

  it.each(["team//net", "/team", "team/"])(
    "may not have a target whose name has an empty part: %s",
    (project) => {
      const envZero = { kind: "env-zero", organization: "acme" };
      const inputs = { controlPlane: envZero, pool: "1", target: { project } };
      expectRefusal("", "StackPoolAssignment", inputs, "target.project", "is not a valid project");
    },
  );

  it("may not name a pool of another control plane", () => {
    const inputs = { controlPlane: terraform, pool: "pulumi-cloud/acme/1", target: { workspace: "a" } };
    expectRefusal("", "StackPoolAssignment", inputs, "controlPlane", "the pool is one of Pulumi Cloud");
  });
});

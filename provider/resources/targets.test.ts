import { describe, it } from "vitest";
import { envZero, expectRefusal, pulumi, type Refusal, terraform } from "./testing/check-inputs.ts";

describe("the targets of assignments", () => {
  it.each<Refusal>([
    [
      "a target of another plane",
      "StackPoolAssignment",
      { controlPlane: terraform, pool: "1", target: { stack: "a/b" } },
      "target.stack",
      "HCP Terraform has no stack to assign a pool to: it has workspace, project",
    ],
    [
      "two targets",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "1", target: { stack: "a/b", policyGroup: "c" } },
      "target",
      "names stack and policyGroup",
    ],
    [
      "no target",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "1", target: {} },
      "target",
      "names no target",
    ],
    [
      "a stack without its project",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "1", target: { stack: "prod" } },
      "target.stack",
      "project/stack or organization/project/stack",
    ],
    [
      "a stack of another organization",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "1", target: { stack: "other/network/prod" } },
      "target.stack",
      "is a stack of organization other",
    ],
    [
      "explicit hosted runners on Pulumi Cloud",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "1", target: { stack: "a/b" }, onDestroy: "hosted" },
      "onDestroy",
      'use "inherit"',
    ],
    [
      "no target in a set",
      "StackPoolAssignments",
      { controlPlane: pulumi, pool: "1", targets: { stacks: [] } },
      "targets",
      "names no target",
    ],
    [
      "a pattern that can match no stack",
      "StackPoolAssignments",
      { controlPlane: pulumi, pool: "1", targets: { stacks: ["*"] } },
      "targets.stacks[0]",
      "project/stack or organization/project/stack",
    ],
    [
      "a set of targets of another plane",
      "StackPoolAssignments",
      { controlPlane: envZero, pool: "1", targets: { workspaces: ["a"] } },
      "targets.workspaces",
      "env zero has no workspace",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));
});

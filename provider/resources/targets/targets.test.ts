import { describe, expect, it } from "vitest";
import { kindInWords } from "../../control-planes/target-words.ts";
import { check, envZero, expectRefusal, pulumi, type Refusal, terraform } from "../testing/check-inputs.ts";
import {
  describeKind,
  listOfTargets,
  nameWithoutOrganization,
  pluralOf,
  targetFromPath,
  targetFromText,
  targetPath,
  targetText,
} from "./targets.ts";

describe("the targets of assignments", () => {
  it.each<Refusal>([
    [
      "a target of another plane",
      "StackPoolAssignment",
      { controlPlane: terraform, pool: "1", target: { stack: "a/b" } },
      "target.stack",
      "HCP Terraform cannot assign a pool to a stack: use workspace, project",
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
      "env zero cannot assign a pool to a workspace",
    ],
    ...(
      [
        [pulumi, "stack", "/x", "project/stack"],
        [pulumi, "stack", "x/", "project/stack"],
        [pulumi, "stack", "a b/c", "project/stack"],
        [pulumi, "stack", "app/*", "project/stack"],
        [pulumi, "stack", "../x", "project/stack"],
        [pulumi, "stack", "x/..", "project/stack"],
        [pulumi, "insightsAccount", "..", "the name of an Insights account"],
        [pulumi, "policyGroup", ".", "the name of a policy group"],
        [terraform, "workspace", "team-*", "letters, digits"],
        [terraform, "workspace", "..", "letters, digits"],
        [terraform, "workspace", "a/b", "letters, digits"],
        [terraform, "project", "..", "letters, digits"],
        [envZero, "project", "team-*", "the id or the name of a project"],
        [envZero, "project", "..", "the id or the name of a project"],
        [envZero, "project", ".", "the id or the name of a project"],
        [envZero, "project", "a/..", "the id or the name of a project"],
      ] as const
    ).flatMap(([controlPlane, kind, name, words]): Refusal[] => [
      [
        `${kind} ${name}`,
        "StackPoolAssignment",
        { controlPlane, pool: "1", target: { [kind]: name } },
        `target.${kind}`,
        `"${name}" is not a valid ${kindInWords(kind)}: use ${words}`,
      ],
      ...(name.includes("*")
        ? []
        : (["targets", "exclude"] as const).map(
            (property): Refusal => [
              `${kind} ${name} in the ${property} of a set`,
              "StackPoolAssignments",
              {
                controlPlane,
                pool: "1",
                targets: { [`${kind}s`]: [kind === "stack" ? "a/b" : "ok"] },
                [property]: { [`${kind}s`]: [kind === "stack" ? "a/b" : "ok", name] },
              },
              `${property}.${kind}s[1]`,
              `"${name}" is not a valid ${kindInWords(kind)}: use ${words}`,
            ],
          )),
    ]),
    [
      "a stack of another organization in a set",
      "StackPoolAssignments",
      { controlPlane: pulumi, pool: "1", targets: { stacks: ["a/b", "other/network/prod"] } },
      "targets.stacks[1]",
      "is a stack of organization other, but controlPlane names organization acme",
    ],
    [
      "explicit hosted runners for a set on env zero",
      "StackPoolAssignments",
      { controlPlane: envZero, pool: "1", targets: { projects: ["a"] }, onDestroy: "hosted" },
      "onDestroy",
      'env zero cannot send a target to hosted runners explicitly: use "inherit"',
    ],
    [
      "exclusions of another plane",
      "StackPoolAssignments",
      { controlPlane: envZero, pool: "1", targets: { projects: ["a"] }, exclude: { stacks: ["a/b"] } },
      "exclude.stacks",
      "env zero cannot assign a pool to a stack: use project",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));

  it.each([
    [terraform, { workspace: "team-a_1" }],
    [terraform, { project: "Default Project" }],
    [envZero, { project: "My project / EU" }],
    [pulumi, { stack: "acme/network/prod" }],
    [pulumi, { insightsAccount: "aws/eu.west" }],
    [terraform, { workspace: "ws-0123456789abcdef" }],
  ])("accepts names of %o: %o", (controlPlane, target) => {
    expect(check("StackPoolAssignment", { controlPlane, pool: "1", target }).violations).toEqual([]);
  });

  it.each([
    [pulumi, { stacks: ["*/prod", "acme/*/prod", "app/dev-*"], stackTags: ["a b/c=.."] }],
    [terraform, { workspaces: ["*", "team-*"], projects: ["D* P*"] }],
    [envZero, { projects: ["*"] }],
    [pulumi, { stackProjects: ["app"] }],
  ])("accepts a set on %o: %o", (controlPlane, targets) => {
    expect(check("StackPoolAssignments", { controlPlane, pool: "1", targets }).violations).toEqual([]);
  });

  it("accepts hosted runners on HCP Terraform", () => {
    const inputs = { controlPlane: terraform, pool: "1", target: { workspace: "a" }, onDestroy: "hosted" };
    expect(check("StackPoolAssignment", inputs).violations).toEqual([]);
  });
});

describe("a target in words", () => {
  it("goes into an id and back", () => {
    const path = targetPath({ kind: "insightsAccount", name: "aws/eu" });
    expect(path).toEqual(["insights-account", "aws", "eu"]);
    expect(targetFromPath(path)).toEqual({ kind: "insightsAccount", name: "aws/eu" });
    expect(targetFromPath(["stack"])).toBeUndefined();
    expect(targetFromPath(["none", "a"])).toBeUndefined();
  });

  it("goes into an output and back", () => {
    expect(targetText({ kind: "project", name: "a: b" })).toBe("project:a: b");
    expect(targetFromText("project:a: b")).toEqual({ kind: "project", name: "a: b" });
  });

  it("is counted from the twenty-first on", () => {
    const targets = ["a", "b", "c"].map((name) => ({ kind: "stack", name }));
    expect(listOfTargets(targets)).toBe("stack a, stack b, stack c");
    expect(listOfTargets(targets, 2)).toBe("stack a, stack b and 1 more");
  });

  it("is named without its organization, where names can have that in front", () => {
    const names = ["acme/a/b", "a/b"];
    const without = (kind: string) =>
      names.map((name) => nameWithoutOrganization("pulumi-cloud", { kind, name }));
    expect(without("stack")).toEqual(["a/b", "a/b"]);
    expect(without("policyGroup")).toEqual(names);
    expect(nameWithoutOrganization("env-zero", { kind: "stack", name: "acme/a/b" })).toBe("acme/a/b");
  });

  it("is of a kind that is described by every plane that has it", () => {
    expect(pluralOf("insightsAccount")).toBe("insightsAccounts");
    expect(pluralOf("thing")).toBe("things");
    expect(describeKind("project")).toMatch(/^env zero: a project.* HCP Terraform: a project/i);
    expect(describeKind("thing")).toBe("");
  });
});

describe("the tags and projects that a set selects by", () => {
  const words =
    "use name or name=value, with a name that is not blank, and without a comma: each tag is an element of its own";
  it.each<Refusal>(
    (
      [
        [terraform, "workspaceTags", " ", '" " is blank: give the tag to select by'],
        [terraform, "workspaceProjects", " ", '" " is blank: give the project to select by'],
        [terraform, "workspaceTags", ",", `"," is not a valid tag of a workspace: ${words}`],
        [terraform, "workspaceTags", "a,b", `"a,b" is not a valid tag of a workspace: ${words}`],
        [terraform, "workspaceTags", "a=b,c", `"a=b,c" is not a valid tag of a workspace: ${words}`],
        [terraform, "workspaceTags", "=", `"=" is not a valid tag of a workspace: ${words}`],
        [terraform, "workspaceTags", " =b", `" =b" is not a valid tag of a workspace: ${words}`],
        [pulumi, "stackTags", "\t", '"\t" is blank: give the tag to select by'],
        [pulumi, "stackProjects", " ", '" " is blank: give the project to select by'],
        [pulumi, "stackTags", "=b", '"=b" is not a valid tag of a stack: use name or name=value'],
        [pulumi, "stackTags", " =b", '" =b" is not a valid tag of a stack: use name or name=value'],
        [pulumi, "stackTags", "a=", '"a=" is not a valid tag of a stack: use name or name=value'],
        [pulumi, "stackTags", "a= ", '"a= " is not a valid tag of a stack: use name or name=value'],
      ] as const
    ).map(
      ([controlPlane, list, text, reason]): Refusal => [
        `${JSON.stringify(text)} in ${list}, which could select everything`,
        "StackPoolAssignments",
        { controlPlane, pool: "1", targets: { [list]: ["a", text] } },
        `targets.${list}[1]`,
        reason,
      ],
    ),
  )("are refused: %s", (...refusal) => expectRefusal(...refusal));

  it.each([
    [terraform, { workspaceTags: ["live", "tier=gold", "tier=", "tier=a=b", "a:b c"] }],
    [pulumi, { stackTags: ["live", "tier=gold", "owner=a, b", "tier=a=b"] }],
  ])("are taken otherwise: %j %j", (controlPlane, targets) => {
    expect(check("StackPoolAssignments", { controlPlane, pool: "1", targets }).violations).toEqual([]);
  });
});

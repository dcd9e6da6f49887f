import { describe, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { unknownValue } from "../framework/unknown.ts";
import { check, envZero, expectRefusal, pulumi, type Refusal, terraform } from "../testing/check-inputs.ts";

describe("the inputs of a RunnerPool", () => {
  it.each<Refusal>([
    [
      "bad characters on HCP Terraform",
      "RunnerPool",
      { controlPlane: terraform, name: "my pool" },
      "name",
      "use only letters, digits, hyphens and underscores",
    ],
    [
      "a description on HCP Terraform",
      "RunnerPool",
      { controlPlane: terraform, name: "x", description: "y" },
      "description",
      "has no descriptions of pools",
    ],
    [
      "a scope on Pulumi Cloud",
      "RunnerPool",
      { controlPlane: pulumi, name: "x", scope: { mode: "assigned" } },
      "scope",
      "Pulumi Cloud has no scopes of pools",
    ],
    [
      "log hosting on Pulumi Cloud",
      "RunnerPool",
      { controlPlane: pulumi, name: "x", logHosting: { accountId: "123456789012", region: "eu-west-1" } },
      "logHosting",
      "Pulumi Cloud has no log hosting",
    ],
    [
      "forceDestroy on HCP Terraform",
      "RunnerPool",
      { controlPlane: terraform, name: "x", forceDestroy: true },
      "forceDestroy",
      "never deletes a pool that is in use",
    ],
    [
      "lists with the wrong mode",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "organization", allowedWorkspaces: ["ws-1"] } },
      "scope.allowedWorkspaces",
      'goes with mode "listed" only',
    ],
    [
      "a list of projects with the wrong mode",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "assigned", allowedProjects: ["prj-1"] } },
      "scope.allowedProjects",
      'goes with mode "listed" only',
    ],
    [
      "a name that ends with a space",
      "RunnerPool",
      { controlPlane: pulumi, name: "x " },
      "name",
      "must not start or end with a space",
    ],
    [
      "a name that starts with a space",
      "RunnerPool",
      { controlPlane: pulumi, name: " x" },
      "name",
      "must not start or end with a space",
    ],
    [
      "exclusions with the wrong mode",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "listed", excludedWorkspaces: ["ws-1"] } },
      "scope.excludedWorkspaces",
      'goes with mode "organization" only',
    ],
    [
      "no name where the pool is made",
      "RunnerPool",
      { controlPlane: pulumi },
      "name",
      "is required where the resource makes a pool",
    ],
    [
      "no name, also while the control plane is not known",
      "RunnerPool",
      { controlPlane: unknownValue },
      "name",
      "is required where the resource makes a pool",
    ],
    [
      "what is neither the name nor the id of a workspace",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "listed", allowedWorkspaces: ["prod", "a b"] } },
      "scope.allowedWorkspaces[1]",
      '"a b" is not a workspace: use its name',
    ],
    [
      "what is neither the name nor the id of a project",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "listed", allowedProjects: ["team-*"] } },
      "scope.allowedProjects[0]",
      '"team-*" is not a project: use its name',
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));

  const lists = { allowedWorkspaces: ["ws-1"], allowedProjects: ["prj-1"] };
  it.each<[string, Properties]>([
    ["lists with their mode", { controlPlane: terraform, scope: { mode: "listed", ...lists } }],
    [
      "exclusions with their mode",
      { controlPlane: terraform, scope: { mode: "organization", excludedWorkspaces: ["ws-1"] } },
    ],
    [
      "lists whose mode is not known",
      { controlPlane: terraform, scope: { mode: unknownValue, ...lists, excludedWorkspaces: ["ws-1"] } },
    ],
    [
      "log hosting on env zero",
      { controlPlane: envZero, logHosting: { accountId: "123456789012", region: "eu-west-1" } },
    ],
    ["no forceDestroy on HCP Terraform", { controlPlane: terraform, forceDestroy: false }],
    ["forceDestroy on Pulumi Cloud", { controlPlane: pulumi, forceDestroy: true }],
    ["any characters on Pulumi Cloud", { controlPlane: pulumi, name: "my pool" }],
    ["a control plane whose kind is not known", { controlPlane: { ...pulumi, kind: unknownValue } }],
    ["a control plane that is not known", { controlPlane: unknownValue }],
  ])("takes %s", (_what, inputs) => {
    expect(check("RunnerPool", { name: "x", ...inputs }).violations).toEqual([]);
  });

  it.each<[string, Properties]>([
    ["the pool is taken over", { adopt: "1" }],
    ["the name is not known", { name: unknownValue }],
    ["it is not known whether a pool is taken over", { adopt: unknownValue }],
  ])("needs no name where %s", (_what, inputs) => {
    expect(check("RunnerPool", { controlPlane: pulumi, ...inputs }).violations).toEqual([]);
  });

  it("needs no name where a pool was taken over without one, as long as the generation stays", () => {
    const previous = { controlPlane: pulumi, adopt: "1", generation: 1 };
    expect(check("RunnerPool", { controlPlane: pulumi }, { previous }).violations).toEqual([]);
    expect(
      check("RunnerPool", { controlPlane: pulumi }, { previous: { ...previous, name: "x" } }).violations,
    ).toMatchObject([{ property: "name" }]);
    expect(
      check("RunnerPool", { controlPlane: pulumi, generation: 2 }, { previous }).violations,
    ).toMatchObject([{ property: "name" }]);
  });
});

import { describe, expect, it } from "vitest";
import { Connections } from "../control-planes/connect";
import { lifecycles, type ResourceName } from ".";
import { checkInputs, unknownValue } from "./check";

const connections = new Connections({
  pulumiAccessToken: "pulumi-token",
  tfeToken: "tfe-token",
  env0ApiKey: "key",
  env0ApiSecret: "secret",
});

function check(resource: ResourceName, inputs: Record<string, unknown>, options: { exists?: boolean } = {}) {
  return checkInputs(
    lifecycles[resource],
    inputs,
    { connections, warn: () => undefined, progress: () => undefined },
    { exists: false, ...options },
  );
}

const pulumi = { kind: "pulumi-cloud", organization: "acme" };
const envZero = { kind: "env-zero", organization: "acme" };
const terraform = { kind: "hcp-terraform", organization: "acme" };

describe("checkInputs", () => {
  it.each<[string, ResourceName, Record<string, unknown>, string, string]>([
    [
      "an unknown kind",
      "RunnerPool",
      { controlPlane: { kind: "gitlab", organization: "acme" }, name: "x" },
      "controlPlane.kind",
      "must be one of pulumi-cloud, env-zero, hcp-terraform",
    ],
    ["no control plane", "RunnerPool", { name: "x" }, "controlPlane", "is required (object)"],
    [
      "an organization with a slash",
      "RunnerPool",
      { controlPlane: { kind: "env-zero", organization: "a/b" }, name: "x" },
      "controlPlane.organization",
      "must be the organization's name",
    ],
    [
      "a URL that is none",
      "RunnerPool",
      { controlPlane: { ...pulumi, url: "acme.test" }, name: "x" },
      "controlPlane.url",
      "must be an http or https URL",
    ],
    [
      "a URL with credentials",
      "RunnerPool",
      { controlPlane: { ...pulumi, url: "https://me:hunter2@acme.test" }, name: "x" },
      "controlPlane.url",
      "without credentials, path or query",
    ],
    [
      "a URL with a path",
      "RunnerPool",
      { controlPlane: { ...pulumi, url: "https://acme.test/api" }, name: "x" },
      "controlPlane.url",
      "without credentials, path or query",
    ],
    [
      "the id of a token for a pool",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "pulumi-cloud/acme/1/initial", target: { stack: "a/b" } },
      "pool",
      "is not the id of a pool",
    ],
    [
      "a misspelt property",
      "RunnerPool",
      { controlPlane: pulumi, name: "x", descripton: "y" },
      "descripton",
      "there is no such property",
    ],
    [
      "a misspelt nested property",
      "RunnerPool",
      { controlPlane: { ...pulumi, organisation: "acme" }, name: "x" },
      "controlPlane.organisation",
      "there is no such property",
    ],
    ["a wrong type", "RunnerPool", { controlPlane: pulumi, name: 7 }, "name", "must be of type string"],
    [
      "bad characters on HCP Terraform",
      "RunnerPool",
      { controlPlane: terraform, name: "my pool" },
      "name",
      "use letters, digits, hyphens and underscores only",
    ],
    [
      "a line break in a name",
      "RunnerPool",
      { controlPlane: pulumi, name: "a\nb" },
      "name",
      "must not contain control characters",
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
      "only HCP Terraform has",
    ],
    [
      "log hosting on Pulumi Cloud",
      "RunnerPool",
      { controlPlane: pulumi, name: "x", logHosting: { accountId: "123456789012", region: "eu-west-1" } },
      "logHosting",
      "only env zero has",
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
      "a workspace name in a list of ids",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "listed", allowedWorkspaces: ["prod"] } },
      "scope.allowedWorkspaces[0]",
      "must be the id of a workspace",
    ],
    [
      "a second token on Pulumi Cloud",
      "PoolToken",
      { controlPlane: pulumi, pool: "pulumi-cloud/acme/1", description: "x" },
      "",
      "replace the pool (a new RunnerPool, to which targets are then assigned) or let agents log in with OIDC",
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
      "only Pulumi Cloud has it",
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
      "must be project/stack",
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
      "must be project/stack",
    ],
    [
      "a set of targets of another plane",
      "StackPoolAssignments",
      { controlPlane: envZero, pool: "1", targets: { workspaces: ["a"] } },
      "targets.workspaces",
      "env zero has no workspace",
    ],
    [
      "a default pool on env zero",
      "OrganizationDefaultPool",
      { controlPlane: envZero, pool: "1" },
      "controlPlane.kind",
      "cannot set an organization's default pool",
    ],
  ])("refuses %s", (_, resource, inputs, property, reason) => {
    const { failures } = check(resource, inputs);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.property).toBe(property);
    expect(failures[0]?.reason).toContain(reason);
  });

  it("names the variables where credentials are missing", () => {
    const { failures } = checkInputs(
      lifecycles.RunnerPool,
      { controlPlane: { ...terraform, url: "https://tfe.acme.test" }, name: "x" },
      { connections: new Connections({}), warn: () => undefined, progress: () => undefined },
      { exists: false },
    );
    expect(failures).toEqual([
      { property: "controlPlane", reason: expect.stringContaining("TFE_TOKEN or TF_TOKEN_tfe_acme_test") },
    ]);
  });

  it("takes values that are not known yet for right ones", () => {
    const unknowns: [ResourceName, Record<string, unknown>][] = [
      ["RunnerPool", { controlPlane: unknownValue, name: unknownValue }],
      [
        "RunnerPool",
        { controlPlane: { ...pulumi, organization: unknownValue }, name: "x", description: unknownValue },
      ],
      [
        "PoolToken",
        { controlPlane: pulumi, pool: unknownValue, description: "x", initialToken: unknownValue },
      ],
      ["StackPoolAssignment", { controlPlane: pulumi, pool: unknownValue, target: { stack: unknownValue } }],
      ["StackPoolAssignment", { controlPlane: pulumi, pool: "1", target: unknownValue }],
      ["StackPoolAssignments", { controlPlane: pulumi, pool: "1", targets: { stacks: [unknownValue] } }],
    ];
    for (const [resource, inputs] of unknowns) expect(check(resource, inputs).failures).toEqual([]);
  });

  it("still finds what is wrong beside an unknown value", () => {
    const { failures } = check("RunnerPool", { controlPlane: unknownValue, name: "", description: 7 });
    expect(failures.map(({ property }) => property)).toEqual(["name", "description"]);
  });

  it("brings equal inputs to one form", () => {
    expect(
      check("StackPoolAssignment", {
        controlPlane: pulumi,
        pool: "1",
        target: { stack: "acme/network/prod" },
      }).inputs,
    ).toEqual({
      controlPlane: pulumi,
      pool: "pulumi-cloud/acme/1",
      target: { stack: "network/prod" },
      onDestroy: "inherit",
    });
    expect(check("RunnerPool", { controlPlane: terraform, name: "x" }).inputs).toEqual({
      controlPlane: terraform,
      name: "x",
      scope: { mode: "assigned" },
      forceDestroy: false,
    });
  });

  it("lets an imported token of Pulumi Cloud be without its value", () => {
    const inputs = { controlPlane: pulumi, pool: "1", description: "initial" };
    expect(check("PoolToken", inputs, { exists: true }).failures).toEqual([]);
  });
});

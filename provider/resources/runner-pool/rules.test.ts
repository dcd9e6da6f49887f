import { describe, it } from "vitest";
import { expectRefusal, pulumi, type Refusal, terraform } from "../testing/check-inputs.ts";

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
      "a workspace name in a list of ids",
      "RunnerPool",
      { controlPlane: terraform, name: "x", scope: { mode: "listed", allowedWorkspaces: ["prod"] } },
      "scope.allowedWorkspaces[0]",
      "must be the id of a workspace",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));
});

import { expect, it } from "vitest";
import { Connections } from "../control-planes/connect.ts";
import { callFunction } from "./call.ts";
import { functions } from "./index.ts";

const controlPlane = { kind: "hcp-terraform", organization: "acme", url: "https://tfe.acme.test" };

it.each([
  [
    "a URL that is none",
    { hcpTerraformUrl: "tfe" },
    { kind: "hcp-terraform", organization: "acme" },
    'The URL of HCP Terraform is "tfe"',
  ],
  [
    "credentials that are not JSON",
    { credentials: "{" },
    controlPlane,
    "runner-pools:credentials is not valid JSON",
  ],
  [
    "a credential with a space",
    { hcpTerraformToken: "two words", hcpTerraformUrl: controlPlane.url },
    controlPlane,
    "The credential of HCP Terraform contains spaces",
  ],
])("tells of %s in the settings, as of an argument", async (_, settings, plane, reason) => {
  const args = { controlPlane: plane };
  const result = await callFunction(functions.getRunnerPools, args, new Connections(settings));
  expect(result).toEqual({
    violations: [{ property: "controlPlane", reason: expect.stringContaining(reason) }],
  });
});

it("says of a plane whose API shows no queue that the demand is not known", async () => {
  const args = { controlPlane: { kind: "env-zero", organization: "acme" }, pool: "a1" };
  const { violations } = await callFunction(functions.getDemand, args, new Connections({}));
  expect(violations).toEqual([
    {
      property: "controlPlane.kind",
      reason: "the API of env zero does not show a pool's queue, so its demand is not known",
    },
  ]);
});

import { describe, expect, it } from "vitest";
import { describePlane } from "../planes.ts";
import { other, refusal, resolve, sent } from "../testing/situations.ts";
import { resolveUrl } from "./credentials.ts";
import { SettingsError } from "./sources.ts";

describe("what cannot be used", () => {
  it.each([
    [
      "pulumi-cloud",
      {},
      "PULUMI_ACCESS_TOKEN, log in with `pulumi login`, or set the secret configuration runner-pools:pulumiCloudAccessToken",
    ],
    [
      "hcp-terraform",
      {},
      "TFE_TOKEN or TF_TOKEN_app_terraform_io, log in with `terraform login app.terraform.io`, or set the secret configuration runner-pools:hcpTerraformToken",
    ],
    [
      "env-zero",
      {},
      "ENV0_API_KEY and ENV0_API_SECRET, or the secret configuration runner-pools:envZeroApiKey and runner-pools:envZeroApiSecret",
    ],
    [
      "env-zero",
      { ENV0_API_ENDPOINT: other },
      "ENV0_API_KEY and ENV0_API_SECRET, or the secret configuration runner-pools:envZeroApiKey and runner-pools:envZeroApiSecret",
    ],
  ] as const)("says in one sentence what to set for %s", (kind, environment, ways) => {
    const { displayName } = describePlane(kind);
    const url = resolveUrl(describePlane(kind), undefined, {}, environment);
    expect(refusal(kind, undefined, { environment })).toBe(
      `No credentials for ${displayName} at ${url}: set ${ways}.`,
    );
  });

  it.each([
    ["pulumi-cloud", "PULUMI_ACCESS_TOKEN and PULUMI_API=https://other.test", "runner-pools:pulumiCloudUrl"],
    [
      "hcp-terraform",
      "TF_TOKEN_other_test, or TFE_TOKEN and TFE_ADDRESS=https://other.test",
      "runner-pools:hcpTerraformUrl",
    ],
    [
      "env-zero",
      "ENV0_API_KEY and ENV0_API_SECRET and ENV0_API_ENDPOINT=https://other.test",
      "runner-pools:envZeroUrl",
    ],
  ] as const)("says for %s how a credential is made one for another URL", (kind, variables, setting) => {
    const message = refusal(kind, other);
    expect(message).toContain(`: set ${variables}, `);
    expect(message).toContain(`and ${setting}.`);
  });

  it("is a URL of another scheme, wherever it comes from", () => {
    const plane = describePlane("hcp-terraform");
    const message =
      /URL of HCP Terraform is "not-a-url", which is not an http or https URL: check controlPlane.url, .*TFE_ADDRESS/;
    expect(() => resolveUrl(plane, undefined, {}, { TFE_ADDRESS: "not-a-url" })).toThrow(message);
    expect(() => resolveUrl(plane, "not-a-url", {}, {})).toThrow(SettingsError);
    expect(
      refusal("hcp-terraform", other, { environment: { TFE_TOKEN: "t", TFE_ADDRESS: "tfe" } }),
    ).toContain('TFE_TOKEN is for "tfe", which is not an http or https URL; ');
  });

  it("is a credential with a space, which is named by its source; a line break at its end is taken off", () => {
    const environment = (TFE_TOKEN: string) => ({ environment: { TFE_TOKEN } });
    expect(() => resolve("hcp-terraform", undefined, environment("two words"))).toThrow(
      /^The credential of HCP Terraform contains spaces or characters outside printable ASCII, .*: check TFE_TOKEN\.$/,
    );
    expect(sent("hcp-terraform", undefined, environment("token\n"))).toEqual({ token: "token" });
  });
});

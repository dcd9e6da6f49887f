import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MissingCredentialsError, resolveCredentials } from "./credentials";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "runner-pools-credentials-"));
});

afterEach(() => rmSync(home, { recursive: true }));

describe("resolveCredentials", () => {
  it("prefers configuration to the environment", () => {
    const environment = { PULUMI_ACCESS_TOKEN: "from-environment", PULUMI_HOME: home };
    expect(
      resolveCredentials("pulumi-cloud", undefined, { pulumiAccessToken: "from-config" }, environment),
    ).toEqual({
      kind: "pulumi-cloud",
      url: "https://api.pulumi.com",
      token: "from-config",
    });
  });

  it("takes the login that the Pulumi command line stored, for its own URL only", () => {
    const login = {
      current: "https://pulumi.acme.test",
      accounts: { "https://pulumi.acme.test": { accessToken: "stored" } },
    };
    writeFileSync(join(home, "credentials.json"), JSON.stringify(login));
    const environment = { PULUMI_HOME: home };
    expect(resolveCredentials("pulumi-cloud", undefined, {}, environment)).toMatchObject({
      url: "https://pulumi.acme.test",
      token: "stored",
    });
    expect(() => resolveCredentials("pulumi-cloud", "https://other.test", {}, environment)).toThrow(
      MissingCredentialsError,
    );
  });

  it.each([
    [
      "TFE_ADDRESS",
      "not-a-url",
      /HCP Terraform is "not-a-url", which is no http or https URL: check .*TFE_ADDRESS/,
    ],
    ["TFE_TOKEN", "two words", /credential of HCP Terraform has spaces .* check TFE_TOKEN/],
  ])("names %s where it cannot be used", (variable, value, message) => {
    const environment = { TFE_TOKEN: "token", [variable]: value };
    expect(() => resolveCredentials("hcp-terraform", undefined, {}, environment)).toThrow(message);
  });

  it("takes the line break from a token, and one spelling of a URL", () => {
    const environment = { TFE_TOKEN: "token\n" };
    expect(resolveCredentials("hcp-terraform", "HTTPS://TFE.acme.test/", {}, environment)).toMatchObject({
      url: "https://tfe.acme.test",
      token: "token",
    });
  });

  it("takes no state backend for an API", () => {
    const environment = {
      PULUMI_ACCESS_TOKEN: "t",
      PULUMI_BACKEND_URL: "file:///tmp/state",
      PULUMI_HOME: home,
    };
    expect(resolveCredentials("pulumi-cloud", undefined, {}, environment).url).toBe("https://api.pulumi.com");
  });

  it("knows Terraform's variable for a host", () => {
    const environment = { TF_TOKEN_tfe_my__company_test: "by-host" };
    expect(resolveCredentials("hcp-terraform", "https://tfe.my-company.test/", {}, environment)).toEqual({
      kind: "hcp-terraform",
      url: "https://tfe.my-company.test",
      token: "by-host",
    });
  });

  it.each([
    [
      "pulumi-cloud",
      /^No credentials for Pulumi Cloud at https:\/\/api\.pulumi\.com: set PULUMI_ACCESS_TOKEN, .*\.$/,
    ],
    [
      "hcp-terraform",
      /^No credentials for HCP Terraform at https:\/\/app\.terraform\.io: set TFE_TOKEN or TF_TOKEN_app_terraform_io, .*\.$/,
    ],
    [
      "env-zero",
      /^No credentials for env zero at https:\/\/api\.env0\.com: set ENV0_API_KEY and ENV0_API_SECRET, .*\.$/,
    ],
  ] as const)("says in one sentence what to set for %s", (kind, sentence) => {
    expect(() => resolveCredentials(kind, undefined, {}, { PULUMI_HOME: home })).toThrow(sentence);
  });
});

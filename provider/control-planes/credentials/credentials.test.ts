import { describe, expect, it } from "vitest";
import { emulatorEnvironment, emulatorSettings } from "../../../emulator/environment.ts";
import { redact } from "../http/redact.ts";
import { type ControlPlaneKind, describePlane } from "../planes.ts";
import { other, refusal, resolve, type Situation, sent, tfe } from "../testing/situations.ts";
import { resolveUrl } from "./credentials.ts";

describe("a credential goes to the service that it is for and to no other", () => {
  const token = "some-token";
  const key = { apiKey: "some-key", apiSecret: "some-secret" };
  const keySettings = { envZeroApiKey: key.apiKey, envZeroApiSecret: key.apiSecret };
  const keyVariables = { ENV0_API_KEY: key.apiKey, ENV0_API_SECRET: key.apiSecret };

  it.each<[ControlPlaneKind, string, string, Situation]>([
    [
      "pulumi-cloud",
      "PULUMI_ACCESS_TOKEN",
      "https://api.pulumi.com",
      { environment: { PULUMI_ACCESS_TOKEN: token } },
    ],
    [
      "pulumi-cloud",
      "PULUMI_ACCESS_TOKEN",
      tfe,
      { environment: { PULUMI_ACCESS_TOKEN: token, PULUMI_API: tfe } },
    ],
    [
      "pulumi-cloud",
      "PULUMI_ACCESS_TOKEN",
      tfe,
      {
        environment: {
          PULUMI_ACCESS_TOKEN: token,
          PULUMI_BACKEND_URL: tfe,
          PULUMI_API: "https://third.test",
        },
      },
    ],
    [
      "pulumi-cloud",
      "PULUMI_ACCESS_TOKEN",
      tfe,
      { environment: { PULUMI_ACCESS_TOKEN: token, PULUMI_BACKEND_URL: "s3://state", PULUMI_API: tfe } },
    ],
    [
      "pulumi-cloud",
      "runner-pools:pulumiCloudAccessToken",
      tfe,
      {
        settings: { pulumiCloudAccessToken: token, pulumiCloudUrl: tfe },
        environment: { PULUMI_API: "https://third.test" },
      },
    ],
    [
      "pulumi-cloud",
      "runner-pools:pulumiCloudAccessToken",
      tfe,
      { settings: { pulumiCloudAccessToken: token }, environment: { PULUMI_API: tfe } },
    ],
    ["hcp-terraform", "TFE_TOKEN", "https://app.terraform.io", { environment: { TFE_TOKEN: token } }],
    ["hcp-terraform", "TFE_TOKEN", tfe, { environment: { TFE_TOKEN: token, TFE_ADDRESS: tfe } }],
    ["hcp-terraform", "TFE_TOKEN", tfe, { environment: { TFE_TOKEN: token, TFE_HOSTNAME: "tfe.acme.test" } }],
    [
      "hcp-terraform",
      "runner-pools:hcpTerraformToken",
      tfe,
      {
        settings: { hcpTerraformToken: token, hcpTerraformUrl: tfe },
        environment: { TFE_ADDRESS: "https://third.test" },
      },
    ],
    [
      "hcp-terraform",
      "runner-pools:hcpTerraformToken",
      tfe,
      { settings: { hcpTerraformToken: token }, environment: { TFE_ADDRESS: tfe } },
    ],
    ["env-zero", "ENV0_API_KEY with ENV0_API_SECRET", "https://api.env0.com", { environment: keyVariables }],
    [
      "env-zero",
      "ENV0_API_KEY with ENV0_API_SECRET",
      tfe,
      { environment: { ...keyVariables, ENV0_API_ENDPOINT: tfe } },
    ],
    [
      "env-zero",
      "runner-pools:envZeroApiKey with runner-pools:envZeroApiSecret",
      tfe,
      {
        settings: { ...keySettings, envZeroUrl: tfe },
        environment: { ENV0_API_ENDPOINT: "https://third.test" },
      },
    ],
    [
      "env-zero",
      "runner-pools:envZeroApiKey with runner-pools:envZeroApiSecret",
      tfe,
      { settings: keySettings, environment: { ENV0_API_ENDPOINT: tfe } },
    ],
  ])("%s: %s to %s", (kind, source, url, situation) => {
    expect(resolve(kind, undefined, situation)).toEqual({
      url,
      credential: kind === "env-zero" ? key : { token },
    });
    expect(sent(kind, `${url.toUpperCase()}/`, situation)).toBeDefined();
    const { host } = new URL(url);
    expect(refusal(kind, other, situation)).toContain(`at ${other}: ${source} is for ${host}; set `);
    expect(refusal(kind, `${url}:8443`, situation)).toContain(`${source} is for ${host}; set `);
    const unencrypted = url.replace("https:", "http:");
    expect(refusal(kind, unencrypted, situation)).toContain(`${source} is for ${url}; set `);
  });

  it("is not the environment's where only configuration names the service", () => {
    const situation = { settings: { hcpTerraformUrl: tfe }, environment: { TFE_TOKEN: token } };
    expect(refusal("hcp-terraform", undefined, situation)).toMatch(
      /^No credentials for HCP Terraform at https:\/\/tfe\.acme\.test: TFE_TOKEN is for app\.terraform\.io; set TF_TOKEN_tfe_acme_test, or TFE_TOKEN and TFE_ADDRESS=https:\/\/tfe\.acme\.test, .*\.$/,
    );
  });

  it("completes half a key of configuration from the environment of the same service only", () => {
    const half = { settings: { envZeroApiKey: "mine" }, environment: keyVariables };
    expect(sent("env-zero", undefined, half)).toEqual({ apiKey: "mine", apiSecret: key.apiSecret });
    const otherHalf = { settings: { envZeroApiSecret: "mine" }, environment: keyVariables };
    expect(sent("env-zero", undefined, otherHalf)).toEqual({ apiKey: key.apiKey, apiSecret: "mine" });
    const otherElsewhere = { ...otherHalf, settings: { ...otherHalf.settings, envZeroUrl: tfe } };
    expect(refusal("env-zero", undefined, otherElsewhere)).toContain("is for api.env0.com; set");
    const elsewhere = { ...half, settings: { ...half.settings, envZeroUrl: tfe } };
    expect(refusal("env-zero", undefined, elsewhere)).toContain(
      "ENV0_API_KEY with ENV0_API_SECRET is for api.env0.com",
    );
  });

  it.each([
    ["environment", { environment: emulatorEnvironment("http://127.0.0.1:8080") }],
    ["configuration", { settings: emulatorSettings("http://127.0.0.1:8080") }],
  ])("reaches an emulator on loopback by %s", (_, situation) => {
    for (const kind of ["pulumi-cloud", "hcp-terraform", "env-zero"] as const) {
      expect(resolve(kind, undefined, situation).url).toBe("http://127.0.0.1:8080");
      expect(sent(kind, "http://127.0.0.1:8080", situation)).toBeDefined();
    }
  });
});

describe("which credential is preferred", () => {
  const stored = { accounts: { "https://api.pulumi.com": { accessToken: "stored-token" } } };

  it("is configuration, then the environment, then the stored login", () => {
    const environment = { PULUMI_ACCESS_TOKEN: "environment-token" };
    const files = { "/.pulumi/credentials.json": stored };
    const settings = { pulumiCloudAccessToken: "configuration-token" };
    expect(sent("pulumi-cloud", undefined, { settings, environment, files })).toEqual({
      token: "configuration-token",
    });
    expect(sent("pulumi-cloud", undefined, { environment, files })).toEqual({ token: "environment-token" });
    expect(sent("pulumi-cloud", undefined, { files })).toEqual({ token: "stored-token" });
  });

  it("is Terraform's variable for the host before TFE_TOKEN, then the stored login", () => {
    const environment = { TF_TOKEN_app_terraform_io: "by-host", TFE_TOKEN: "general-token" };
    const files = {
      "/.terraform.d/credentials.tfrc.json": {
        credentials: { "app.terraform.io": { token: "stored-token" } },
      },
    };
    expect(sent("hcp-terraform", undefined, { environment, files })).toEqual({ token: "by-host" });
    expect(sent("hcp-terraform", undefined, { environment: { TFE_TOKEN: "general-token" }, files })).toEqual({
      token: "general-token",
    });
    expect(sent("hcp-terraform", undefined, { files })).toEqual({ token: "stored-token" });
    expect(refusal("hcp-terraform", tfe, { files })).toContain("terraform login tfe.acme.test");
    const configured = { settings: { hcpTerraformToken: "configuration-token" }, environment };
    expect(sent("hcp-terraform", undefined, configured)).toEqual({ token: "configuration-token" });
  });

  it("takes the login of Pulumi's command line for its own URL only, from its own folder", () => {
    const login = {
      current: "https://pulumi.acme.test/",
      accounts: { "https://Pulumi.acme.test/": { accessToken: "s" } },
    };
    const situation = {
      environment: { PULUMI_HOME: "/elsewhere" },
      files: { "/elsewhere/credentials.json": login },
    };
    expect(resolve("pulumi-cloud", undefined, situation)).toEqual({
      url: "https://pulumi.acme.test",
      credential: { token: "s" },
    });
    expect(refusal("pulumi-cloud", other, situation)).toContain(`pulumi login ${other}`);
    const old = { files: { "/.pulumi/credentials.json": { accessTokens: { [other]: "old" } } } };
    expect(sent("pulumi-cloud", other, old)).toEqual({ token: "old" });
  });

  it("reads the login of Pulumi's command line in its older forms, and past what is none of its tokens", () => {
    const login = (content: unknown) => ({ files: { "/.pulumi/credentials.json": content } });
    const accessTokens = { "no URL": "a", "https://third.test": "b", [other]: "old" };
    for (const accounts of [undefined, null, "text", {}, { [other]: null }, { [other]: { accessToken: "" } }])
      expect(sent("pulumi-cloud", other, login({ accounts, accessTokens }))).toEqual({ token: "old" });
    for (const content of [undefined, null, "text", [], {}, { accessTokens: { [other]: 7 } }])
      expect(refusal("pulumi-cloud", other, login(content))).toContain("No credentials for Pulumi Cloud");
  });

  it.each(["file:///tmp/state", "s3://state", "", 7])(
    "takes a login to %j, which is no service, for none",
    (current) => {
      const files = { "/.pulumi/credentials.json": { current } };
      const environment = { PULUMI_ACCESS_TOKEN: "environment-token" };
      expect(resolve("pulumi-cloud", undefined, { environment, files }).url).toBe("https://api.pulumi.com");
    },
  );

  it("takes what is empty for nothing", () => {
    const settings = { pulumiCloudAccessToken: "", pulumiCloudUrl: "" };
    const environment = { PULUMI_HOME: "", PULUMI_API: "", PULUMI_ACCESS_TOKEN: "" };
    const files = { "/.pulumi/credentials.json": stored };
    expect(resolve("pulumi-cloud", "", { settings, environment, files })).toEqual({
      url: "https://api.pulumi.com",
      credential: { token: "stored-token" },
    });
    const keys = { envZeroApiKey: "", envZeroApiSecret: "", envZeroUrl: "" };
    const variables = { ENV0_API_KEY: "", ENV0_API_SECRET: "", ENV0_API_ENDPOINT: "" };
    expect(refusal("env-zero", undefined, { settings: keys, environment: variables })).toMatch(
      /^No credentials for env zero at https:\/\/api\.env0\.com: set /,
    );
  });

  it.each([
    ["key", { ENV0_API_KEY: "some-key" }],
    ["secret", { ENV0_API_SECRET: "some-secret" }],
  ])("is none where env zero has a %s only", (_, environment) => {
    expect(refusal("env-zero", undefined, { environment })).toMatch(
      /^No credentials for env zero at https:\/\/api\.env0\.com: set /,
    );
  });
});

it("is taken out of every message from then on", () => {
  sent("hcp-terraform", undefined, { environment: { TFE_TOKEN: "platypus-token\n" } });
  const settings = { envZeroApiKey: "platypus-key", envZeroApiSecret: "platypus-secret" };
  sent("env-zero", undefined, { settings });
  expect(redact("platypus-token platypus-key platypus-secret")).toBe("[secret] [secret] [secret]");
});

describe("the URL of a service", () => {
  it("is the argument's, else that of configuration, else that of the environment, in one spelling", () => {
    const plane = describePlane("hcp-terraform");
    const url = (given?: string, settings = {}, environment = {}) =>
      resolveUrl(plane, given, settings, environment);
    const environment = { TFE_ADDRESS: "https://c.test", TFE_HOSTNAME: "d.test" };
    expect(url("HTTPS://A.test//", { hcpTerraformUrl: "https://b.test" }, environment)).toBe(
      "https://a.test",
    );
    expect(url(undefined, { hcpTerraformUrl: "https://b.test/" }, environment)).toBe("https://b.test");
    expect(url(undefined, {}, environment)).toBe("https://c.test");
    expect(url(undefined, {}, { TFE_HOSTNAME: "d.test" })).toBe("https://d.test");
    expect(url()).toBe("https://app.terraform.io");
    const pulumi = { PULUMI_BACKEND_URL: "file:///tmp/state", PULUMI_HOME: "/nowhere" };
    expect(resolveUrl(describePlane("pulumi-cloud"), undefined, {}, pulumi)).toBe("https://api.pulumi.com");
  });
});

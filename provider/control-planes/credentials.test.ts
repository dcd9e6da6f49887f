import { describe, expect, it } from "vitest";
import { emulatorEnvironment, emulatorSettings } from "../../emulator/environment.ts";
import { MissingCredentialsError, resolveService, resolveUrl, SettingsError } from "./credentials.ts";
import type { Credential, Settings } from "./descriptor.ts";
import { type ControlPlaneKind, describePlane } from "./planes.ts";
import { redact } from "./redact.ts";

interface Situation {
  readonly settings?: Settings;
  readonly environment?: Readonly<Record<string, string>>;
  /** Content of files by the end of their names. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/** What is sent to that URL in that situation. */
function resolve(kind: ControlPlaneKind, url: string | undefined, situation: Situation = {}) {
  const { settings = {}, environment = {}, files = {} } = situation;
  const read = (file: string) => Object.entries(files).find(([name]) => file.endsWith(name))?.[1];
  return resolveService(describePlane(kind), { organization: "acme", url }, settings, environment, read);
}

function sent(kind: ControlPlaneKind, url: string | undefined, situation?: Situation): Credential {
  return resolve(kind, url, situation).credential;
}

function refusal(kind: ControlPlaneKind, url: string | undefined, situation?: Situation): string {
  try {
    resolve(kind, url, situation);
  } catch (error) {
    expect(error).toBeInstanceOf(MissingCredentialsError);
    return (error as Error).message;
  }
  throw new Error("a credential was sent");
}

const other = "https://other.test";
const tfe = "https://tfe.acme.test";

describe("a credential goes to the service that it is for and to no other", () => {
  const token = "some-token";
  const key = { apiKey: "some-key", apiSecret: "some-secret" };
  const keySettings = { env0ApiKey: key.apiKey, env0ApiSecret: key.apiSecret };
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
      "runner-pools:pulumiAccessToken",
      tfe,
      {
        settings: { pulumiAccessToken: token, pulumiUrl: tfe },
        environment: { PULUMI_API: "https://third.test" },
      },
    ],
    [
      "pulumi-cloud",
      "runner-pools:pulumiAccessToken",
      tfe,
      { settings: { pulumiAccessToken: token }, environment: { PULUMI_API: tfe } },
    ],
    ["hcp-terraform", "TFE_TOKEN", "https://app.terraform.io", { environment: { TFE_TOKEN: token } }],
    ["hcp-terraform", "TFE_TOKEN", tfe, { environment: { TFE_TOKEN: token, TFE_ADDRESS: tfe } }],
    ["hcp-terraform", "TFE_TOKEN", tfe, { environment: { TFE_TOKEN: token, TFE_HOSTNAME: "tfe.acme.test" } }],
    [
      "hcp-terraform",
      "runner-pools:tfeToken",
      tfe,
      { settings: { tfeToken: token, tfeUrl: tfe }, environment: { TFE_ADDRESS: "https://third.test" } },
    ],
    [
      "hcp-terraform",
      "runner-pools:tfeToken",
      tfe,
      { settings: { tfeToken: token }, environment: { TFE_ADDRESS: tfe } },
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
      "runner-pools:env0ApiKey with runner-pools:env0ApiSecret",
      tfe,
      {
        settings: { ...keySettings, env0Url: tfe },
        environment: { ENV0_API_ENDPOINT: "https://third.test" },
      },
    ],
    [
      "env-zero",
      "runner-pools:env0ApiKey with runner-pools:env0ApiSecret",
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
    const situation = { settings: { tfeUrl: tfe }, environment: { TFE_TOKEN: token } };
    expect(refusal("hcp-terraform", undefined, situation)).toMatch(
      /^No credentials for HCP Terraform at https:\/\/tfe\.acme\.test: TFE_TOKEN is for app\.terraform\.io; set TF_TOKEN_tfe_acme_test, or TFE_TOKEN and TFE_ADDRESS=https:\/\/tfe\.acme\.test, .*\.$/,
    );
  });

  it("completes half a key of configuration from the environment of the same service only", () => {
    const half = { settings: { env0ApiKey: "mine" }, environment: keyVariables };
    expect(sent("env-zero", undefined, half)).toEqual({ apiKey: "mine", apiSecret: key.apiSecret });
    const otherHalf = { settings: { env0ApiSecret: "mine" }, environment: keyVariables };
    expect(sent("env-zero", undefined, otherHalf)).toEqual({ apiKey: key.apiKey, apiSecret: "mine" });
    const otherElsewhere = { ...otherHalf, settings: { ...otherHalf.settings, env0Url: tfe } };
    expect(refusal("env-zero", undefined, otherElsewhere)).toContain("is for api.env0.com; set");
    const elsewhere = { ...half, settings: { ...half.settings, env0Url: tfe } };
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
  const stored = { accounts: { "https://api.pulumi.com": { accessToken: "stored" } } };

  it("is configuration, then the environment, then the stored login", () => {
    const environment = { PULUMI_ACCESS_TOKEN: "environment" };
    const files = { "/.pulumi/credentials.json": stored };
    const settings = { pulumiAccessToken: "configuration" };
    expect(sent("pulumi-cloud", undefined, { settings, environment, files })).toEqual({
      token: "configuration",
    });
    expect(sent("pulumi-cloud", undefined, { environment, files })).toEqual({ token: "environment" });
    expect(sent("pulumi-cloud", undefined, { files })).toEqual({ token: "stored" });
  });

  it("is Terraform's variable for the host before TFE_TOKEN, then the stored login", () => {
    const environment = { TF_TOKEN_app_terraform_io: "by-host", TFE_TOKEN: "general" };
    const files = {
      "/.terraform.d/credentials.tfrc.json": { credentials: { "app.terraform.io": { token: "stored" } } },
    };
    expect(sent("hcp-terraform", undefined, { environment, files })).toEqual({ token: "by-host" });
    expect(sent("hcp-terraform", undefined, { environment: { TFE_TOKEN: "general" }, files })).toEqual({
      token: "general",
    });
    expect(sent("hcp-terraform", undefined, { files })).toEqual({ token: "stored" });
    expect(refusal("hcp-terraform", tfe, { files })).toContain("terraform login tfe.acme.test");
    const configured = { settings: { tfeToken: "configuration" }, environment };
    expect(sent("hcp-terraform", undefined, configured)).toEqual({ token: "configuration" });
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
});

describe("Terraform's variable for a host", () => {
  it.each([
    ["https://tfe.my-company.test", "TF_TOKEN_tfe_my__company_test"],
    ["https://tfe.my-company.test", "TF_TOKEN_tfe_my-company_test"],
    ["https://TFE.acme.test", "TF_TOKEN_TFE_ACME_TEST"],
    ["https://tfe.bücher.test", "TF_TOKEN_tfe_bücher_test"],
    ["https://tfe.bücher.test", "TF_TOKEN_tfe_xn--bcher-kva_test"],
    ["https://tfe.bücher.test", "TF_TOKEN_tfe_xn____bcher__kva_test"],
    ["https://tfe.acme.test:8443", "TF_TOKEN_tfe_acme_test"],
    ["https://tfe.acme.test:8443", "TF_TOKEN_tfe_acme_test:8443"],
  ])("for %s is %s", (url, variable) => {
    expect(sent("hcp-terraform", url, { environment: { [variable]: "by-host" } })).toEqual({
      token: "by-host",
    });
    const missing = refusal("hcp-terraform", other, { environment: { [variable]: "by-host" } });
    expect(missing).toContain("TF_TOKEN_other_test");
  });

  it("prefers the one with the port", () => {
    const environment = { TF_TOKEN_tfe_acme_test: "without", "TF_TOKEN_tfe_acme_test:8443": "with" };
    expect(sent("hcp-terraform", "https://tfe.acme.test:8443", { environment })).toEqual({ token: "with" });
    expect(sent("hcp-terraform", "https://tfe.acme.test", { environment })).toEqual({ token: "without" });
  });
});

describe("several credentials", () => {
  const all = {
    "hcp-terraform/acme@tfe.acme.test": { token: "organization-and-host" },
    "hcp-terraform/acme": { token: "organization" },
    "hcp-terraform/else": { token: "else" },
    "hcp-terraform@TFE.acme.test": { token: "of-the-host" },
    "hcp-terraform@app.terraform.io": { token: "of-the-public-host" },
    "pulumi-cloud/acme": { token: "pulumi" },
    "env-zero/acme": { apiKey: "the-key", apiSecret: "the-secret" },
  };
  const given = (credentials: object) => ({ credentials: JSON.stringify(credentials) });
  const without = (...keys: string[]) =>
    given(Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key))));

  it("go before all others, the most specific first", () => {
    const environment = { TFE_TOKEN: "environment" };
    const token = (url: string | undefined, settings: Settings) =>
      sent("hcp-terraform", url, { settings: { tfeToken: "configuration", ...settings }, environment });
    expect(token(tfe, given(all))).toEqual({ token: "organization-and-host" });
    expect(token(tfe, without("hcp-terraform/acme@tfe.acme.test"))).toEqual({ token: "of-the-host" });
    expect(token(undefined, given(all))).toEqual({ token: "organization" });
    expect(token(undefined, without("hcp-terraform/acme"))).toEqual({ token: "of-the-public-host" });
    expect(token(undefined, without("hcp-terraform/acme", "hcp-terraform@app.terraform.io"))).toEqual({
      token: "configuration",
    });
    expect(sent("env-zero", undefined, { settings: given(all) })).toEqual({
      apiKey: "the-key",
      apiSecret: "the-secret",
    });
  });

  it("without a host are for the service that configuration or environment name, else for the public one", () => {
    const settings = given({ "hcp-terraform/acme": { token: "organization" } });
    expect(sent("hcp-terraform", undefined, { settings: { ...settings, tfeUrl: tfe } })).toEqual({
      token: "organization",
    });
    expect(sent("hcp-terraform", tfe, { settings, environment: { TFE_ADDRESS: tfe } })).toEqual({
      token: "organization",
    });
    expect(refusal("hcp-terraform", tfe, { settings })).toContain(
      "hcp-terraform/acme in runner-pools:credentials is for app.terraform.io; set TF_TOKEN_tfe_acme_test",
    );
    const login = { "/.pulumi/credentials.json": { current: other } };
    const pulumi = given({ "pulumi-cloud/acme": { token: "public" } });
    expect(refusal("pulumi-cloud", undefined, { settings: pulumi, files: login })).toContain(
      "is for api.pulumi.com",
    );
  });

  it("may stand in the environment, where configuration goes first", () => {
    const environment = { RUNNER_POOLS_CREDENTIALS: JSON.stringify(all) };
    expect(sent("pulumi-cloud", undefined, { environment })).toEqual({ token: "pulumi" });
    const settings = given({ "pulumi-cloud@api.pulumi.com": { token: "configuration" } });
    expect(sent("pulumi-cloud", undefined, { settings, environment })).toEqual({ token: "configuration" });
  });

  it.each([
    ["no JSON", "{secret-value", /^runner-pools:credentials is no JSON text/],
    ["a list", '["secret-value"]', /^runner-pools:credentials is no JSON object/],
    [
      "an unknown plane",
      '{"hcp/acme":{"token":"secret-value"}}',
      /the key "hcp\/acme" begins with no control plane: those are pulumi-cloud, env-zero, hcp-terraform/,
    ],
    [
      "no organization",
      '{"env-zero/":{"apiKey":"k","apiSecret":"secret-value"}}',
      /the key "env-zero\/" has another form than env-zero\/<organization>/,
    ],
    [
      "a URL for a host",
      '{"env-zero@https://a.test":{"apiKey":"k","apiSecret":"secret-value"}}',
      /has another form/,
    ],
    [
      "a text",
      '{"pulumi-cloud/acme":"secret-value"}',
      /the value of "pulumi-cloud\/acme" must be an object with the texts token and nothing else\.$/,
    ],
    ["an empty token", '{"pulumi-cloud/acme":{"token":" "}}', /nothing else: token is missing or wrong\.$/],
    [
      "another plane's credential",
      '{"env-zero/acme":{"token":"secret-value"}}',
      /"env-zero\/acme" must be an object with the texts apiKey and apiSecret/,
    ],
    [
      "more than a token",
      '{"pulumi-cloud/acme":{"token":"secret-value","url":"x"}}',
      /must be an object with the texts token and nothing else/,
    ],
  ])("are refused without a value in the message: %s", (_, credentials, message) => {
    const act = () => resolve("pulumi-cloud", undefined, { settings: { credentials } });
    expect(act).toThrow(SettingsError);
    expect(act).toThrow(message);
    expect(act).not.toThrow(/secret-value/);
  });

  it("are all taken out of messages, also those of other planes and of broken entries", () => {
    const credentials = JSON.stringify({
      "env-zero/acme": { apiKey: "list-key-1", apiSecret: "list-secret-2" },
      "pulumi-cloud/x": ["list-secret-3"],
    });
    expect(() => resolve("hcp-terraform", undefined, { settings: { credentials } })).toThrow(SettingsError);
    expect(redact("list-key-1 list-secret-2 list-secret-3")).toBe("[secret] [secret] [secret]");
  });
});

describe("what cannot be used", () => {
  it.each([
    [
      "pulumi-cloud",
      {},
      "PULUMI_ACCESS_TOKEN, log in with `pulumi login`, or set the secret configuration runner-pools:pulumiAccessToken",
    ],
    [
      "hcp-terraform",
      {},
      "TFE_TOKEN or TF_TOKEN_app_terraform_io, log in with `terraform login app.terraform.io`, or set the secret configuration runner-pools:tfeToken",
    ],
    [
      "env-zero",
      {},
      "ENV0_API_KEY and ENV0_API_SECRET, or the secret configuration runner-pools:env0ApiKey and runner-pools:env0ApiSecret",
    ],
    [
      "env-zero",
      { ENV0_API_ENDPOINT: other },
      "ENV0_API_KEY and ENV0_API_SECRET, or the secret configuration runner-pools:env0ApiKey and runner-pools:env0ApiSecret",
    ],
  ] as const)("says in one sentence what to set for %s", (kind, environment, ways) => {
    const { displayName } = describePlane(kind);
    const url = resolveUrl(describePlane(kind), undefined, {}, environment);
    expect(refusal(kind, undefined, { environment })).toBe(
      `No credentials for ${displayName} at ${url}: set ${ways}.`,
    );
  });

  it.each([
    ["pulumi-cloud", "PULUMI_ACCESS_TOKEN and PULUMI_API=https://other.test", "runner-pools:pulumiUrl"],
    [
      "hcp-terraform",
      "TF_TOKEN_other_test, or TFE_TOKEN and TFE_ADDRESS=https://other.test",
      "runner-pools:tfeUrl",
    ],
    [
      "env-zero",
      "ENV0_API_KEY and ENV0_API_SECRET and ENV0_API_ENDPOINT=https://other.test",
      "runner-pools:env0Url",
    ],
  ] as const)("says for %s how a credential is made one for another URL", (kind, variables, setting) => {
    const message = refusal(kind, other);
    expect(message).toContain(`: set ${variables}, `);
    expect(message).toContain(`and ${setting}.`);
  });

  it("is a URL of another scheme, wherever it comes from", () => {
    const plane = describePlane("hcp-terraform");
    const message =
      /URL of HCP Terraform is "not-a-url", which is no http or https URL: check controlPlane.url, .*TFE_ADDRESS/;
    expect(() => resolveUrl(plane, undefined, {}, { TFE_ADDRESS: "not-a-url" })).toThrow(message);
    expect(() => resolveUrl(plane, "not-a-url", {}, {})).toThrow(SettingsError);
    expect(
      refusal("hcp-terraform", other, { environment: { TFE_TOKEN: "t", TFE_ADDRESS: "tfe" } }),
    ).toContain('TFE_TOKEN is for "tfe", which is no http or https URL; ');
  });

  it("is a credential with a space, which is named by its source; a line break at its end is taken off", () => {
    const environment = (TFE_TOKEN: string) => ({ environment: { TFE_TOKEN } });
    expect(() => resolve("hcp-terraform", undefined, environment("two words"))).toThrow(
      /^The credential of HCP Terraform has spaces .*: check TFE_TOKEN\.$/,
    );
    expect(sent("hcp-terraform", undefined, environment("token\n"))).toEqual({ token: "token" });
  });
});

it("is taken out of every message from then on", () => {
  sent("hcp-terraform", undefined, { environment: { TFE_TOKEN: "platypus-token\n" } });
  const settings = { env0ApiKey: "platypus-key", env0ApiSecret: "platypus-secret" };
  sent("env-zero", undefined, { settings });
  expect(redact("platypus-token platypus-key platypus-secret")).toBe("[secret] [secret] [secret]");
});

describe("the URL of a service", () => {
  it("is the argument's, else that of configuration, else that of the environment, in one spelling", () => {
    const plane = describePlane("hcp-terraform");
    const url = (given?: string, settings = {}, environment = {}) =>
      resolveUrl(plane, given, settings, environment);
    const environment = { TFE_ADDRESS: "https://c.test", TFE_HOSTNAME: "d.test" };
    expect(url("HTTPS://A.test//", { tfeUrl: "https://b.test" }, environment)).toBe("https://a.test");
    expect(url(undefined, { tfeUrl: "https://b.test/" }, environment)).toBe("https://b.test");
    expect(url(undefined, {}, environment)).toBe("https://c.test");
    expect(url(undefined, {}, { TFE_HOSTNAME: "d.test" })).toBe("https://d.test");
    expect(url()).toBe("https://app.terraform.io");
    const pulumi = { PULUMI_BACKEND_URL: "file:///tmp/state", PULUMI_HOME: "/nowhere" };
    expect(resolveUrl(describePlane("pulumi-cloud"), undefined, {}, pulumi)).toBe("https://api.pulumi.com");
  });
});

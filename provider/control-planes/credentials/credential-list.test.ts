import { describe, expect, it } from "vitest";
import type { Settings } from "../descriptor.ts";
import { redact } from "../http/redact.ts";
import { other, refusal, resolve, sent, tfe } from "../testing/situations.ts";
import { SettingsError } from "./sources.ts";

describe("several credentials", () => {
  const all = {
    "hcp-terraform/acme@tfe.acme.test": { token: "organization-and-host" },
    "hcp-terraform/acme": { token: "organization-token" },
    "hcp-terraform/else": { token: "else-token" },
    "hcp-terraform@TFE.acme.test": { token: "of-the-host" },
    "hcp-terraform@app.terraform.io": { token: "of-the-public-host" },
    "pulumi-cloud/acme": { token: "pulumi-token" },
    "env-zero/acme": { apiKey: "the-key", apiSecret: "the-secret" },
  };
  const given = (credentials: object) => ({ credentials: JSON.stringify(credentials) });
  const without = (...keys: string[]) =>
    given(Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key))));

  it("go before all others, the most specific first", () => {
    const environment = { TFE_TOKEN: "environment-token" };
    const token = (url: string | undefined, settings: Settings) =>
      sent("hcp-terraform", url, {
        settings: { hcpTerraformToken: "configuration-token", ...settings },
        environment,
      });
    expect(token(tfe, given(all))).toEqual({ token: "organization-and-host" });
    expect(token(tfe, without("hcp-terraform/acme@tfe.acme.test"))).toEqual({ token: "of-the-host" });
    expect(token(undefined, given(all))).toEqual({ token: "organization-token" });
    expect(token(undefined, without("hcp-terraform/acme"))).toEqual({ token: "of-the-public-host" });
    expect(token(undefined, without("hcp-terraform/acme", "hcp-terraform@app.terraform.io"))).toEqual({
      token: "configuration-token",
    });
    expect(sent("env-zero", undefined, { settings: given(all) })).toEqual({
      apiKey: "the-key",
      apiSecret: "the-secret",
    });
  });

  it("without a host are for the service that configuration or environment name, else for the public one", () => {
    const settings = given({ "hcp-terraform/acme": { token: "organization-token" } });
    expect(sent("hcp-terraform", undefined, { settings: { ...settings, hcpTerraformUrl: tfe } })).toEqual({
      token: "organization-token",
    });
    expect(sent("hcp-terraform", tfe, { settings, environment: { TFE_ADDRESS: tfe } })).toEqual({
      token: "organization-token",
    });
    expect(refusal("hcp-terraform", tfe, { settings })).toContain(
      "hcp-terraform/acme in runner-pools:credentials is for app.terraform.io; set TF_TOKEN_tfe_acme_test",
    );
    const login = { "/.pulumi/credentials.json": { current: other } };
    const pulumi = given({ "pulumi-cloud/acme": { token: "public-token" } });
    expect(refusal("pulumi-cloud", undefined, { settings: pulumi, files: login })).toContain(
      "is for api.pulumi.com",
    );
  });

  it("tell organizations by their case, and hosts without it", () => {
    const settings = given({
      "pulumi-cloud/acme": { token: "small" },
      "pulumi-cloud/acmE": { token: "large" },
      "pulumi-cloud/acme@OTHER.test": { token: "token-of-host" },
    });
    expect(sent("pulumi-cloud", undefined, { settings })).toEqual({ token: "small" });
    expect(sent("pulumi-cloud", other, { settings })).toEqual({ token: "token-of-host" });
  });

  it("may stand in the environment, where configuration goes first", () => {
    const environment = { RUNNER_POOLS_CREDENTIALS: JSON.stringify(all) };
    expect(sent("pulumi-cloud", undefined, { environment })).toEqual({ token: "pulumi-token" });
    const settings = given({ "pulumi-cloud@api.pulumi.com": { token: "configuration-token" } });
    expect(sent("pulumi-cloud", undefined, { settings, environment })).toEqual({
      token: "configuration-token",
    });
  });

  it.each([
    ["no JSON", "{secret-value", /^runner-pools:credentials is not valid JSON: give/],
    ["a list", '["secret-value"]', /^runner-pools:credentials is not a JSON object: give/],
    ["a text", '"secret-value"', /^runner-pools:credentials is not a JSON object: give/],
    ["null", "null", /^runner-pools:credentials is not a JSON object: give/],
    [
      "null for a credential",
      '{"pulumi-cloud/acme":null}',
      /the value of "pulumi-cloud\/acme" must be an object/,
    ],
    [
      "an unknown plane",
      '{"hcp/acme":{"token":"secret-value"}}',
      /the key "hcp\/acme" must begin with a control plane \(pulumi-cloud, env-zero, hcp-terraform.*\), followed by \/<organization> or @<host>\.$/,
    ],
    [
      "no organization",
      '{"env-zero/":{"apiKey":"k","apiSecret":"secret-value"}}',
      /the key "env-zero\/" must have one of the forms env-zero\/<organization>, env-zero\/<organization>@<host>, env-zero@<host>\.$/,
    ],
    [
      "a URL for a host",
      '{"env-zero@https://a.test":{"apiKey":"k","apiSecret":"secret-value"}}',
      /must have one of the forms/,
    ],
    [
      "a text",
      '{"pulumi-cloud/acme":"secret-value"}',
      /the value of "pulumi-cloud\/acme" must be an object with the string fields token and no others\.$/,
    ],
    ["an empty token", '{"pulumi-cloud/acme":{"token":" "}}', /no others: token is missing or wrong\.$/],
    [
      "another plane's credential",
      '{"env-zero/acme":{"token":"secret-value"}}',
      /"env-zero\/acme" must be an object with the string fields apiKey and apiSecret/,
    ],
    [
      "more than a token",
      '{"pulumi-cloud/acme":{"token":"secret-value","url":"x"}}',
      /must be an object with the string fields token and no others/,
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
      "pulumi-cloud/x": [" list-secret-3\n"],
    });
    expect(() => resolve("hcp-terraform", undefined, { settings: { credentials } })).toThrow(SettingsError);
    expect(redact("list-key-1 list-secret-2 list-secret-3")).toBe("[secret] [secret] [secret]");
  });
});

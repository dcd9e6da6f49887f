import { expect, it } from "vitest";
import { secretProperties } from "../../resources/framework/definition.ts";
import { planes } from "../planes.ts";
import { providerConfiguration, settingKeys } from "./settings.ts";

it("are those of all control planes, each key once, and several credentials", () => {
  const keys = planes.flatMap(({ settings }) => Object.keys(settings));
  expect(settingKeys).toEqual([...keys, "credentials"]);
  expect(new Set(settingKeys).size).toBe(settingKeys.length);
  expect(Object.keys(providerConfiguration.shape)).toEqual(settingKeys);
});

it("are secret where they let somebody in, and described", () => {
  expect(secretProperties(providerConfiguration.shape).toSorted()).toEqual([
    "credentials",
    "envZeroApiKey",
    "envZeroApiSecret",
    "hcpTerraformToken",
    "pulumiCloudAccessToken",
  ]);
  for (const schema of Object.values(providerConfiguration.shape))
    expect(schema.meta()?.description).toMatch(/\.$/);
});

it("are all optional, and no others are taken", () => {
  expect(providerConfiguration.safeParse({}).success).toBe(true);
  expect(providerConfiguration.safeParse({ tfeTokn: "x" }).success).toBe(false);
});

it("takes http and https URLs only", () => {
  expect(
    providerConfiguration.safeParse({ pulumiCloudUrl: "https://a.test", hcpTerraformUrl: "http://b.test" })
      .success,
  ).toBe(true);
  expect(providerConfiguration.safeParse({ envZeroUrl: "ftp://a.test" }).error?.issues).toMatchObject([
    { path: ["envZeroUrl"], message: "must be an http or https URL" },
  ]);
});

it("says what is wrong with several credentials by their keys", () => {
  const check = (credentials: object) =>
    providerConfiguration.safeParse({ credentials: JSON.stringify(credentials) }).error?.issues;
  expect(check({ "env-zero/acme": { apiKey: "key", apiSecret: "some-secret" } })).toBeUndefined();
  expect(check({ "env-zero/acme": { apiKey: "key", apiSecret: 7 } })).toMatchObject([
    {
      path: ["credentials"],
      message: expect.stringMatching(/"env-zero\/acme" must be .*: apiSecret is missing or wrong\.$/),
    },
  ]);
});

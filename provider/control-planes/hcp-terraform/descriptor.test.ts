import { expect, test } from "vitest";
import { hcpTerraform } from "./descriptor.ts";
import { startCannedService } from "./testing/canned-service.ts";
import { openPlane } from "./testing/plane.ts";

const { capabilities, targets } = hcpTerraform;

test.each([
  ["workspace", "network-prod_2", true],
  ["workspace", "ws-0123456789abcdef", true],
  ["workspace", "..", false],
  ["workspace", "a/b", false],
  ["workspace", "a b", false],
  ["workspace", "app-*", false],
  ["workspace", "", false],
  ["project", "Default Project", true],
  ["project", "prj-0123456789abcdef", true],
  ["project", "..", false],
  ["project", "a/b", false],
  ["project", " a", false],
  ["project", "a ", false],
  ["project", "app-*", false],
  ["project", "", false],
] as const)("a %s may be named %j: %s", (kind, name, allowed) => {
  expect(targets[kind]?.name.pattern.test(name)).toBe(allowed);
});

test.each([
  ["builders_1-a", true],
  ["b.c", false],
  ["a b", false],
  ["", false],
])("a pool may be named %j: %s", (name, allowed) => {
  expect(capabilities.poolName?.pattern.test(name)).toBe(allowed);
});

test("says what can be selected, and how", () => {
  expect(Object.entries(targets).map(([kind, { plural, filters }]) => [kind, plural, filters])).toEqual([
    ["workspace", "workspaces", ["tag", "project"]],
    ["project", "projects", []],
  ]);
});

test("says what the plane can do", () => {
  expect(hcpTerraform).toMatchObject({ kind: "hcp-terraform", displayName: "HCP Terraform" });
  expect(capabilities).toMatchObject({
    poolDescription: false,
    poolScope: true,
    logHosting: false,
    forceDestroy: false,
    defaultPool: "settable",
    explicitHosted: true,
    agentOidc: false,
  });
  expect(capabilities).not.toHaveProperty("tokenSlots");
});

test("takes a token and nothing else", () => {
  const open = () =>
    hcpTerraform.open({ organization: "acme", url: "http://127.0.0.1" }, { apiKey: "k", apiSecret: "s" }, {});
  expect(open).toThrow(new TypeError("HCP Terraform takes an API token."));
});

test.each([
  [401, "The token is not valid here"],
  [403, "HCP Terraform also answers 404 where a token lacks a permission"],
  [404, "HCP Terraform also answers 404 where a token lacks a permission"],
  [429, "The rate limit of 30 requests a second did not clear in time"],
  [500, "see the vendor's status page"],
])("advises on status %i", async (status, advice) => {
  const service = await startCannedService({ "GET /organizations/acme": { status, body: {} } });
  await expect(openPlane(service.url).defaultPool.find()).rejects.toThrow(advice);
  await service.stop();
});

test("a refusal without advice of ours has the vendor's words, each with the place that it is about", async () => {
  const errors = [
    { title: "invalid attribute", detail: "Name is bad", source: { pointer: "/data/attributes/name" } },
    { title: "Only a title" },
    {},
    "only a text",
  ];
  const service = await startCannedService({ "GET /organizations/acme": { status: 422, body: { errors } } });
  await expect(openPlane(service.url).defaultPool.find()).rejects.toMatchObject({
    vendorMessage: "Name is bad (/data/attributes/name); Only a title; an error without a text; only a text",
    advice: undefined,
  });
  await service.stop();
});

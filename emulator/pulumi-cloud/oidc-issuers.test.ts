import { expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const issuers = "/api/orgs/acme/oidc/issuers";
const policies = "/api/orgs/acme/auth/policies";
const allow = {
  decision: "allow",
  tokenType: "runner",
  runnerID: "r",
  authorizedPermissions: [],
  rules: { sub: "a*" },
};

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

async function register(): Promise<string> {
  const body = { name: "cluster", url: "https://oidc.example.invalid" };
  return textAt((await send("POST", issuers, body)).body, "id");
}

test("an issuer is registered once, and its policy object with it", async () => {
  const id = await register();
  expect((await send("POST", issuers, { name: "b", url: "https://oidc.example.invalid" })).status).toBe(409);
  const policy = (await send("GET", `${policies}/oidcissuers/${id}`)).body;
  expect(policy).toMatchObject({ version: 1, policies: [] });
  expect(textAt(policy, "id")).not.toBe(id);
});

test("rules are replaced as a whole, by the policy's id, and can't be empty", async () => {
  const id = await register();
  const policyId = textAt((await send("GET", `${policies}/oidcissuers/${id}`)).body, "id");
  expect((await send("PATCH", `${policies}/${id}`, { policies: [allow] })).status).toBe(404);
  await send("PATCH", `${policies}/${policyId}`, { policies: [allow, { ...allow, runnerID: "s" }] });
  const replaced = await send("PATCH", `${policies}/${policyId}`, { policies: [allow] });
  expect(valueAt(replaced.body, "policies")).toEqual([allow]);
  const empty = await send("PATCH", `${policies}/${policyId}`, { policies: [] });
  expect([empty.status, textAt(empty.body, "message")]).toEqual([
    400,
    expect.stringContaining("can not be empty"),
  ]);
});

test("a rule names whom its tokens are for", async () => {
  const id = await register();
  const policyId = textAt((await send("GET", `${policies}/oidcissuers/${id}`)).body, "id");
  const { runnerID: _runnerID, ...anonymous } = allow;
  expect((await send("PATCH", `${policies}/${policyId}`, { policies: [anonymous] })).status).toBe(400);
});

test("an update needs the name", async () => {
  const id = await register();
  expect((await send("PATCH", `${issuers}/${id}`, { maxExpiration: 60 })).status).toBe(400);
  const updated = await send("PATCH", `${issuers}/${id}`, { name: "renamed", maxExpiration: 60 });
  expect(updated.body).toMatchObject({
    name: "renamed",
    maxExpiration: 60,
    url: "https://oidc.example.invalid",
  });
});

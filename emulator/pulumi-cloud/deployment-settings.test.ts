import { expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const settings = "/api/stacks/acme/network/prod/deployments/settings";
const secretPath = ["operationContext", "environmentVariables", "SECRET"];
const withSecret = {
  operationContext: { environmentVariables: { SECRET: { secret: "hunter2" }, PLAIN: "text" } },
};

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

test("a stack without settings gets 404, as does an unknown stack", async () => {
  expect((await send("GET", settings)).status).toBe(404);
  expect((await send("POST", settings.replace("prod", "nowhere"), {})).status).toBe(404);
});

test("POST merges, null removes, PUT replaces", async () => {
  await send("POST", settings, { tag: "t", sourceContext: { git: { branch: "main", repoDir: "a" } } });
  const merged = await send("POST", settings, { sourceContext: { git: { repoDir: null } } });
  expect(merged.body).toMatchObject({ tag: "t", sourceContext: { git: { branch: "main" } }, version: 2 });
  expect(valueAt(merged.body, "sourceContext", "git")).not.toHaveProperty("repoDir");
  expect((await send("PUT", settings, { tag: "u" })).body).toEqual({ tag: "u", source: "api", version: 3 });
});

test("vcs is taken whole even by a merge", async () => {
  await send("POST", settings, { vcs: { provider: "gitlab", repository: "a/b", deployCommits: true } });
  const { body } = await send("POST", settings, { vcs: { provider: "gitlab", repository: "a/c" } });
  expect(valueAt(body, "vcs")).toEqual({ provider: "gitlab", repository: "a/c" });
});

test("a pool that doesn't exist is refused", async () => {
  const { status, body } = await send("POST", settings, { agentPoolID: "nowhere" });
  expect([status, textAt(body, "message")]).toEqual([400, expect.stringContaining("Invalid agent pool id")]);
  expect((await send("GET", settings)).status).toBe(404);
});

test("secrets come back encrypted, in the shape of the version that was asked for", async () => {
  await send("POST", settings, withSecret);
  const old = (await send("GET", settings, undefined, { accept: "application/vnd.pulumi+8" })).body;
  const modern = (await send("GET", settings, undefined, { accept: "application/vnd.pulumi+9" })).body;
  expect(JSON.stringify([old, modern])).not.toContain("hunter2");
  expect(valueAt(old, ...secretPath)).toHaveProperty("secret");
  expect(valueAt(modern, ...secretPath)).toEqual({ isSecret: true, value: expect.any(String) });
  expect(valueAt(old, "operationContext", "environmentVariables", "PLAIN")).toBe("text");
});

test("sending a ciphertext back leaves it as it was", async () => {
  await send("POST", settings, withSecret);
  const accept = { accept: "application/vnd.pulumi+9" };
  const before = (await send("GET", settings, undefined, accept)).body;
  await send("POST", settings, { operationContext: valueAt(before, "operationContext") });
  const after = (await send("GET", settings, undefined, accept)).body;
  expect(valueAt(after, ...secretPath)).toEqual(valueAt(before, ...secretPath));
});

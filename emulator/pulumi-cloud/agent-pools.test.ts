import { expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const pools = "/api/orgs/acme/agent-pools";
const settings = "/api/stacks/acme/network/prod/deployments/settings";

const emulator = useEmulator();
const send = clientOf(emulator, "pulumi-cloud");

async function createPool(name: string): Promise<string> {
  return textAt((await send("POST", pools, { name, description: "d" })).body, "id");
}

test("a pool is born with its one token, and never shows it again", async () => {
  const made = await send("POST", pools, { name: "p", description: "" });
  expect(made.body).toEqual({
    id: expect.any(String),
    tokenValue: expect.stringMatching(/^pul-[0-9a-f]{40}$/),
  });
  const id = textAt(made.body, "id");
  const shown = JSON.stringify([(await send("GET", pools)).body, (await send("GET", `${pools}/${id}`)).body]);
  expect(shown).not.toContain(textAt(made.body, "tokenValue"));
});

test("an update changes what it names and answers without the id", async () => {
  const id = await createPool("p");
  expect((await send("PATCH", `${pools}/${id}`, { name: "q" })).body).toEqual({
    name: "q",
    description: "d",
  });
  expect((await send("PATCH", `${pools}/${id}`, { description: "" })).body).toEqual({
    name: "q",
    description: "",
  });
});

test("a pool that a stack uses can't be deleted, even after the stack's settings are", async () => {
  const id = await createPool("busy");
  await send("POST", settings, { agentPoolID: id });
  const refusal = await send("DELETE", `${pools}/${id}`);
  expect(refusal.status).toBe(400);
  expect(textAt(refusal.body, "message")).toContain('configured to use deployment pool: "busy"');
  await send("DELETE", settings);
  expect((await send("DELETE", `${pools}/${id}`)).status).toBe(400);
  emulator.admin.reset();
});

test("clearing the key releases the pool", async () => {
  const id = await createPool("p");
  await send("POST", settings, { agentPoolID: id });
  await send("POST", settings, { agentPoolID: null });
  expect((await send("DELETE", `${pools}/${id}`)).status).toBe(204);
});

test("force deletes a pool in use and moves its stacks to the vendor's runners", async () => {
  const id = await createPool("p");
  await send("POST", settings, { agentPoolID: id, tag: "kept" });
  expect((await send("DELETE", `${pools}/${id}?force=true`)).status).toBe(204);
  const after = (await send("GET", settings)).body;
  expect(after).toMatchObject({ tag: "kept" });
  expect(after).not.toHaveProperty("agentPoolID");
});

test("the default pool shows in the list only, and goes with the pool", async () => {
  const id = await createPool("p");
  const answer = await send("PATCH", "/api/orgs/acme", { setDefaultAgentPoolID: id });
  expect(JSON.stringify(answer.body)).not.toContain(id);
  const listed = (await send("GET", pools)).body;
  expect(valueAt(listed, "defaultAgentPoolID")).toBe(id);
  expect(valueAt(listed, "agentPools", 0, "isDefault")).toBe(true);
  await send("DELETE", `${pools}/${id}`);
  expect((await send("GET", pools)).body).toEqual({ agentPools: [] });
});

test('other organization settings leave the default pool alone, and "" clears it', async () => {
  const id = await createPool("p");
  await send("PATCH", "/api/orgs/acme", { setDefaultAgentPoolID: id });
  await send("PATCH", "/api/orgs/acme", { setMembersCanCreateStacks: true });
  expect(valueAt((await send("GET", pools)).body, "defaultAgentPoolID")).toBe(id);
  await send("PATCH", "/api/orgs/acme", { setDefaultAgentPoolID: "" });
  expect((await send("GET", pools)).body).not.toHaveProperty("defaultAgentPoolID");
});

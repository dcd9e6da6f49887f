import { describe, expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../test/contract/emulator-client.ts";
import { useEmulator } from "../test/contract/use-emulator.ts";

const organization = "acme";
const base = "/_emulator/agents/hcp-terraform";

const emulator = useEmulator();

/** A pool that `app-prod` is assigned to, and a client with its token. */
function makePool() {
  const { hcpTerraform } = emulator.admin;
  const { id } = hcpTerraform.createAgentPool({ organization, name: "p" });
  hcpTerraform.assign({ organization, target: { workspace: "app-prod" }, agentPoolId: id });
  const { token } = hcpTerraform.createAgentToken({ agentPoolId: id });
  const send = clientOf(emulator, "hcp-terraform", `Bearer ${token}`);
  const json = { "content-type": "application/json" };
  const call = (path: string, body?: object) => send("POST", base + path, body, body && json);
  const register = (name: string, more: object = {}) =>
    call("", { name, version: "1", architecture: "amd64", ...more });
  return { id, call, register };
}

function queue(options: { planOnly?: boolean; workspace?: string } = {}): string {
  return emulator.admin.hcpTerraform.queueRun({ organization, workspace: "app-prod", ...options }).id;
}

test("a user's token opens nothing here, and the admin API nothing for agents", async () => {
  const body = { name: "a", version: "1", architecture: "amd64" };
  const json = { "content-type": "application/json" };
  expect((await clientOf(emulator, "hcp-terraform")("POST", base, body, json)).status).toBe(401);
  expect((await clientOf(emulator, "env-zero")("POST", "/_emulator/agents/env-zero", body)).status).toBe(401);
});

test("the agents of a pool share the first one's architecture while it is there", async () => {
  const { call, register } = makePool();
  const first = textAt((await register("a")).body, "id");
  const other = await register("b", { architecture: "arm64" });
  expect([other.status, textAt(other.body, "message")]).toEqual([409, expect.stringContaining("amd64")]);
  await call(`/${first}/exit`);
  expect((await register("b", { architecture: "arm64" })).status).toBe(200);
});

describe("a run", () => {
  test("goes to one agent, and a second one of the workspace waits for its end", async () => {
    const { call, register } = makePool();
    const [first, second] = [queue(), queue()];
    const a = textAt((await register("a")).body, "id");
    const b = textAt((await register("b")).body, "id");
    expect((await call(`/${a}/poll`)).body).toEqual({ id: first, seconds: 1 });
    expect((await call(`/${b}/poll`)).status).toBe(204);
    // An answer may get lost on the way: who asks again gets the same run.
    expect(textAt((await call(`/${a}/poll`)).body, "id")).toBe(first);
    expect((await call(`/${b}/jobs/${first}/finish`, { outcome: "succeeded" })).status).toBe(409);
    await call(`/${a}/jobs/${first}/finish`, { outcome: "failed" });
    expect(textAt((await call(`/${b}/poll`)).body, "id")).toBe(second);
    expect(emulator.admin.jobs({ plane: "hcp-terraform" })).toMatchObject([
      { id: first, outcome: "failed", agent: "a" },
      { id: second, outcome: "running", agent: "b" },
    ]);
  });

  test("goes to agents that accept its operations", async () => {
    const { call, register } = makePool();
    const planner = textAt((await register("planner", { accept: ["plan"] })).body, "id");
    const [whole, speculative] = [queue(), queue({ planOnly: true })];
    expect(textAt((await call(`/${planner}/poll`)).body, "id")).toBe(speculative);
    const agent = textAt((await register("agent")).body, "id");
    expect(textAt((await call(`/${agent}/poll`)).body, "id")).toBe(whole);
  });

  test("shows in the vendor's lists as planning, then as applied", async () => {
    const { id, call, register } = makePool();
    const run = queue();
    const send = clientOf(emulator, "hcp-terraform");
    const status = async () =>
      valueAt((await send("GET", `/api/v2/runs/${run}`)).body, "data", "attributes", "status");
    const agent = textAt((await register("a")).body, "id");
    await call(`/${agent}/poll`);
    expect(await status()).toBe("planning");
    const { body } = await send("GET", `/api/v2/agent-pools/${id}/agents`);
    expect(valueAt(body, "data", 0, "attributes", "status")).toBe("busy");
    await call(`/${agent}/jobs/${run}/finish`, { outcome: "succeeded" });
    expect(await status()).toBe("applied");
  });

  test("without a pool is hosted, for good", async () => {
    const { id, call, register } = makePool();
    const run = queue({ workspace: "network-prod" });
    expect(emulator.admin.jobs()).toMatchObject([{ id: run, outcome: "hosted", pool: null }]);
    const target = { workspace: "network-prod" };
    emulator.admin.hcpTerraform.assign({ organization, target, agentPoolId: id });
    const agent = textAt((await register("a")).body, "id");
    expect((await call(`/${agent}/poll`)).status).toBe(204);
  });

  test("that loses its pool while it waits becomes hosted: the move that nobody wanted shows", async () => {
    const { id } = makePool();
    queue();
    emulator.admin.hcpTerraform.deleteAgentPool({ agentPoolId: id });
    expect(emulator.admin.jobs()).toMatchObject([{ outcome: "hosted" }]);
  });
});

test("an agent that was given up is told to end", async () => {
  const { id, call, register } = makePool();
  const agent = textAt((await register("a")).body, "id");
  emulator.admin.setAgentTimeouts({ hcpTerraform: { errored: 0.05 } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await call(`/${agent}/poll`)).status).toBe(410);
  const send = clientOf(emulator, "hcp-terraform");
  expect((await send("DELETE", `/api/v2/agents/${agent}`)).status).toBe(204);
  expect(emulator.admin.snapshot().hcpTerraform.agentPools.find((pool) => pool.id === id)?.agents).toEqual(
    [],
  );
});

test("faults strike agents' calls, and the journal has them", async () => {
  const { register } = makePool();
  emulator.admin.addFault({ kind: "status", status: 503, operation: "emulator:registerAgent", times: 1 });
  expect((await register("a")).status).toBe(503);
  expect((await register("a")).status).toBe(200);
  const calls = emulator.admin.journal({ operation: "emulator:registerAgent" });
  expect(calls.map(({ status }) => status)).toEqual([503, 200]);
});

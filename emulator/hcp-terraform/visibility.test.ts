import { beforeEach, describe, expect, test } from "vitest";
import { clientOf, resource, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const pools = "/api/v2/organizations/acme/agent-pools";

const emulator = useEmulator();
const administrator = clientOf(emulator, "hcp-terraform");
const member = clientOf(emulator, "hcp-terraform", "Bearer member");
const reader = clientOf(emulator, "hcp-terraform", "Bearer reader");
beforeEach(() => {
  emulator.admin.setRateLimits({ hcpTerraform: null });
  const credential = { plane: "hcp-terraform" as const, organizations: ["acme"] };
  emulator.admin.addCredential({ ...credential, value: "member", kind: "member" });
  emulator.admin.addCredential({ ...credential, value: "reader", kind: "read-only" });
});

function everythingOfAPool(): string[] {
  const { hcpTerraform } = emulator.admin;
  const { id: agentPoolId } = hcpTerraform.createAgentPool({ organization: "acme", name: "p" });
  const token = hcpTerraform.createAgentToken({ agentPoolId });
  const agent = hcpTerraform.putAgent({ agentPoolId, name: "a" });
  const pool = `/api/v2/agent-pools/${agentPoolId}`;
  return [
    pools,
    pool,
    `${pool}/authentication-tokens`,
    `/api/v2/authentication-tokens/${token.id}`,
    `${pool}/agents`,
    `/api/v2/agents/${agent.id}`,
  ];
}

async function mayUpdatePools(send: typeof member): Promise<unknown> {
  const { body } = await send("GET", "/api/v2/organizations/acme");
  return valueAt(body, "data", "attributes", "permissions", "can-update-agent-pools");
}

describe("a member without the permission for agent pools", () => {
  test("sees the organization, its workspaces and projects", async () => {
    for (const path of ["", "/workspaces", "/projects", "/workspaces/app-prod"]) {
      expect((await member("GET", `/api/v2/organizations/acme${path}`)).status).toBe(200);
    }
  });

  test("finds neither pools nor agents nor tokens", async () => {
    for (const path of everythingOfAPool())
      expect([path, (await member("GET", path)).status]).toEqual([path, 404]);
  });

  test("is told so by the organization alone", async () => {
    expect(await mayUpdatePools(member)).toBe(false);
    expect(await mayUpdatePools(administrator)).toBe(true);
  });
});

test("who may look at everything sees pools and tokens, and changes none", async () => {
  const paths = everythingOfAPool();
  for (const path of paths) expect([path, (await reader("GET", path)).status]).toEqual([path, 200]);
  expect((await reader("DELETE", paths[3] ?? "")).status).toBe(404);
  expect((await administrator("GET", paths[3] ?? "")).status).toBe(200);
});

describe("an update of a pool that leaves the scope out", () => {
  async function scopeAfterRename(): Promise<unknown> {
    const made = await administrator(
      "POST",
      pools,
      resource("agent-pools", { name: "p", "organization-scoped": false }),
    );
    const path = `/api/v2/agent-pools/${textAt(made.body, "data", "id")}`;
    const renamed = await administrator("PATCH", path, resource("agent-pools", { name: "q" }));
    return valueAt(renamed.body, "data", "attributes", "organization-scoped");
  }

  test("keeps it, or resets it where the switch says so", async () => {
    expect(await scopeAfterRename()).toBe(false);
    emulator.admin.reset();
    emulator.admin.hcpTerraform.setPatchDefaults({ enabled: true });
    expect(await scopeAfterRename()).toBe(true);
  });
});

test("a pool in use can't be deleted, and the refusal names who uses it", async () => {
  const { id } = emulator.admin.hcpTerraform.createAgentPool({ organization: "acme", name: "p" });
  const organization = "acme";
  for (const workspace of ["app-prod", "network-dev"]) {
    emulator.admin.hcpTerraform.assign({ organization, target: { workspace }, agentPoolId: id });
  }
  const { status, body } = await administrator("DELETE", `/api/v2/agent-pools/${id}`);
  expect(status).toBe(422);
  expect(textAt(body, "errors", 0, "detail")).toMatch(/network-dev, app-prod$/);
});

describe("a token's last use", () => {
  async function lastUse(id: string): Promise<unknown> {
    const { body } = await administrator("GET", `/api/v2/authentication-tokens/${id}`);
    return valueAt(body, "data", "attributes", "last-used-at");
  }

  test("is noted when an agent calls, and set by the admin API", async () => {
    const { hcpTerraform } = emulator.admin;
    const { id: agentPoolId } = hcpTerraform.createAgentPool({ organization: "acme", name: "p" });
    const { id, token } = hcpTerraform.createAgentToken({ agentPoolId });
    expect(await lastUse(id)).toBeNull();
    const agent = clientOf(emulator, "hcp-terraform", `Bearer ${token}`);
    const identity = { name: "a", version: "1.0.0", architecture: "amd64" };
    await agent("POST", "/_emulator/agents/hcp-terraform", identity, { "content-type": "application/json" });
    expect(Date.parse(String(await lastUse(id)))).toBeGreaterThan(Date.now() - 10_000);
    hcpTerraform.updateAgentToken({ id, lastUsedAt: "2026-01-02T03:04:05.000Z" });
    expect(await lastUse(id)).toBe("2026-01-02T03:04:05.000Z");
  });
});

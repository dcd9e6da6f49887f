import { beforeEach, describe, expect, test } from "vitest";
import { clientOf, resource, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const pools = "/api/v2/organizations/acme/agent-pools";
const workspace = "/api/v2/organizations/acme/workspaces/app-prod";

const emulator = useEmulator();
const send = clientOf(emulator, "hcp-terraform");
beforeEach(() => emulator.admin.setRateLimits({ hcpTerraform: null }));

async function createPool(attributes: object): Promise<string> {
  return textAt((await send("POST", pools, resource("agent-pools", attributes))).body, "data", "id");
}

function useInWorkspace(poolId: string) {
  return send(
    "PATCH",
    workspace,
    resource("workspaces", { "execution-mode": "agent", "agent-pool-id": poolId }),
  );
}

describe("a pool", () => {
  test("has a name of letters, digits, - and _, which nobody else has", async () => {
    const made = await send("POST", pools, resource("agent-pools", { name: "a_b-1" }));
    expect(made.status).toBe(201);
    expect(textAt(made.body, "data", "id")).toMatch(/^apool-[1-9A-HJ-NP-Za-km-z]{16}$/);
    expect((await send("POST", pools, resource("agent-pools", { name: "a b" }))).status).toBe(422);
    const taken = await send("POST", pools, resource("agent-pools", { name: "a_b-1" }));
    expect([taken.status, valueAt(taken.body, "errors", 0, "detail")]).toEqual([
      422,
      "Name has already been taken",
    ]);
  });

  test("keeps what an update doesn't mention, and lists are set as a whole", async () => {
    const id = await createPool({ name: "p", "organization-scoped": false });
    const workspaceId = textAt((await send("GET", workspace)).body, "data", "id");
    const lists = { "allowed-workspaces": { data: [{ id: workspaceId, type: "workspaces" }] } };
    await send("PATCH", `/api/v2/agent-pools/${id}`, resource("agent-pools", {}, lists));
    const renamed = await send("PATCH", `/api/v2/agent-pools/${id}`, resource("agent-pools", { name: "q" }));
    expect(valueAt(renamed.body, "data", "attributes")).toMatchObject({
      name: "q",
      "organization-scoped": false,
    });
    expect(valueAt(renamed.body, "data", "relationships", "allowed-workspaces", "data")).toHaveLength(1);
    const none = { "allowed-workspaces": { data: [] } };
    const cleared = await send("PATCH", `/api/v2/agent-pools/${id}`, resource("agent-pools", {}, none));
    expect(valueAt(cleared.body, "data", "relationships", "allowed-workspaces", "data")).toEqual([]);
  });

  test("in use can't be deleted", async () => {
    const id = await createPool({ name: "p" });
    expect((await useInWorkspace(id)).status).toBe(200);
    expect((await send("DELETE", `/api/v2/agent-pools/${id}`)).status).toBe(422);
    await send("PATCH", workspace, resource("workspaces", { "execution-mode": "remote" }));
    expect((await send("DELETE", `/api/v2/agent-pools/${id}`)).status).toBe(204);
  });

  test("narrowed in scope keeps the workspaces that use it", async () => {
    const id = await createPool({ name: "p" });
    await useInWorkspace(id);
    await send(
      "PATCH",
      `/api/v2/agent-pools/${id}`,
      resource("agent-pools", { "organization-scoped": false }),
    );
    expect(valueAt((await send("GET", workspace)).body, "data", "attributes", "execution-mode")).toBe(
      "agent",
    );
  });
});

test("lists are paged, searched and sorted", async () => {
  for (const name of ["b", "a", "c"]) await createPool({ name });
  const page = (await send("GET", `${pools}?sort=-name&page[size]=2`)).body;
  const names = (valueAt(page, "data") as unknown[]).map((pool) => valueAt(pool, "attributes", "name"));
  expect(names).toEqual(["c", "b"]);
  expect(valueAt(page, "meta", "pagination")).toMatchObject({
    "next-page": 2,
    "total-pages": 2,
    "total-count": 3,
  });
  const found = (await send("GET", `${pools}?q=a`)).body;
  expect(valueAt(found, "meta", "status-counts")).toEqual({ total: 3, matching: 1 });
});

describe("a token", () => {
  test("shows its value once", async () => {
    const id = await createPool({ name: "p" });
    const tokens = `/api/v2/agent-pools/${id}/authentication-tokens`;
    const made = await send("POST", tokens, resource("authentication-tokens", { description: "one" }));
    expect(made.status).toBe(201);
    const value = textAt(made.body, "data", "attributes", "token");
    expect(value).toMatch(/^\w{14}\.atlasv1\.\w{60,}$/);
    const listed = (await send("GET", tokens)).body;
    expect(valueAt(listed, "data", 0, "attributes")).toMatchObject({ token: null, "last-used-at": null });
    const one = `/api/v2/authentication-tokens/${textAt(made.body, "data", "id")}`;
    expect(valueAt((await send("GET", one)).body, "data", "attributes", "token")).toBeNull();
    expect((await send("DELETE", one)).status).toBe(204);
    expect((await send("GET", one)).status).toBe(404);
  });

  test("needs a description, and more than an organization token", async () => {
    const id = await createPool({ name: "p" });
    const tokens = `/api/v2/agent-pools/${id}/authentication-tokens`;
    expect((await send("POST", tokens, resource("authentication-tokens", {}))).status).toBe(422);
    const organizations = ["acme"];
    emulator.admin.seed({
      credentials: [{ plane: "hcp-terraform", value: "org", kind: "organization-token", organizations }],
    });
    const asOrganization = clientOf(emulator, "hcp-terraform", "Bearer org");
    const refused = await asOrganization(
      "POST",
      tokens,
      resource("authentication-tokens", { description: "d" }),
    );
    expect(refused.status).toBe(404);
    expect((await asOrganization("GET", tokens)).status).toBe(200);
  });

  test("list refuses a sort key that it doesn't know", async () => {
    const id = await createPool({ name: "p" });
    expect((await send("GET", `/api/v2/agent-pools/${id}/authentication-tokens?sort=name`)).status).toBe(400);
  });
});

test("an agent can only be deleted when it is gone", async () => {
  const agentPoolId = await createPool({ name: "p" });
  const { id } = emulator.admin.hcpTerraform.putAgent({ agentPoolId, name: "a", status: "busy" });
  expect((await send("DELETE", `/api/v2/agents/${id}`)).status).toBe(412);
  emulator.admin.hcpTerraform.putAgent({ agentPoolId, name: "a", status: "exited" });
  expect((await send("DELETE", `/api/v2/agents/${id}`)).status).toBe(204);
});

import { beforeEach, describe, expect, test } from "vitest";
import { clientOf, resource, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const organization = "/api/v2/organizations/acme";
const workspace = `${organization}/workspaces/app-prod`;

const emulator = useEmulator();
const send = clientOf(emulator, "hcp-terraform");
beforeEach(() => emulator.admin.setRateLimits({ hcpTerraform: null, hcpTerraformRunLists: null }));

async function createPool(name: string, organizationScoped = true): Promise<string> {
  return emulator.admin.hcpTerraform.createAgentPool({ organization: "acme", name, organizationScoped }).id;
}

async function workspaceSettings() {
  const { body } = await send("GET", workspace);
  return {
    mode: valueAt(body, "data", "attributes", "execution-mode"),
    overwrites: valueAt(body, "data", "attributes", "setting-overwrites"),
    pool: valueAt(body, "data", "relationships", "agent-pool", "data", "id"),
  };
}

function patchWorkspace(attributes: object) {
  return send("PATCH", workspace, resource("workspaces", attributes));
}

describe("a workspace", () => {
  test("must be let into the pool first", async () => {
    const pool = await createPool("narrow", false);
    const wish = { "execution-mode": "agent", "agent-pool-id": pool };
    const refused = await patchWorkspace(wish);
    expect(refused.status).toBe(422);
    expect(valueAt(refused.body, "errors", 0)).toMatchObject({
      title: "invalid attribute",
      detail: "Agent pool workspace does not have access to use this agent pool",
    });
    const projectId = textAt(
      (await send("GET", workspace)).body,
      "data",
      "relationships",
      "project",
      "data",
      "id",
    );
    emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, allowedProjectIds: [projectId] });
    expect((await patchWorkspace(wish)).status).toBe(200);
  });

  test("excluded from an organization-scoped pool may not use it", async () => {
    const pool = await createPool("wide");
    const id = textAt((await send("GET", workspace)).body, "data", "id");
    emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: pool, excludedWorkspaceIds: [id] });
    expect((await patchWorkspace({ "execution-mode": "agent", "agent-pool-id": pool })).status).toBe(422);
  });

  test("needs a pool for mode agent, and mode agent for a pool", async () => {
    const pool = await createPool("wide");
    expect((await patchWorkspace({ "execution-mode": "agent" })).status).toBe(422);
    expect((await patchWorkspace({ "execution-mode": "remote", "agent-pool-id": pool })).status).toBe(422);
    expect((await patchWorkspace({ "execution-mode": "remote", "agent-pool-id": "" })).status).toBe(200);
  });

  test("inherits from its project, and that from the organization", async () => {
    const [ofOrganization, ofProject] = [await createPool("organization"), await createPool("project")];
    await send(
      "PATCH",
      organization,
      resource(
        "organizations",
        { "default-execution-mode": "agent" },
        { "default-agent-pool": { data: { id: ofOrganization, type: "agent-pools" } } },
      ),
    );
    const inherited = { "execution-mode": false, "agent-pool": false };
    expect(await workspaceSettings()).toEqual({ mode: "agent", overwrites: inherited, pool: ofOrganization });

    const projectId = textAt(
      (await send("GET", workspace)).body,
      "data",
      "relationships",
      "project",
      "data",
      "id",
    );
    const projectDefaults = { "default-execution-mode": "agent", "default-agent-pool-id": ofProject };
    await send("PATCH", `/api/v2/projects/${projectId}`, resource("projects", projectDefaults));
    expect((await workspaceSettings()).pool).toBe(ofProject);

    await patchWorkspace({ "execution-mode": "local" });
    const own = { "execution-mode": true, "agent-pool": true };
    expect(await workspaceSettings()).toEqual({ mode: "local", overwrites: own, pool: undefined });

    await patchWorkspace({ "setting-overwrites": inherited });
    expect(await workspaceSettings()).toEqual({ mode: "agent", overwrites: inherited, pool: ofProject });
  });

  test("is found by part of its name and by wildcard", async () => {
    const count = async (query: string) =>
      valueAt(
        (await send("GET", `${organization}/workspaces?${query}`)).body,
        "meta",
        "pagination",
        "total-count",
      );
    expect(await count("search[name]=prod")).toBe(2);
    expect(await count("search[wildcard-name]=network-*")).toBe(2);
    expect(await count("search[wildcard-name]=*-dev")).toBe(1);
    expect(await count("search[wildcard-name]=network")).toBe(0);
  });
});

test("setting the organization back to remote drops its pool", async () => {
  const pool = await createPool("p");
  const relationship = { "default-agent-pool": { data: { id: pool, type: "agent-pools" } } };
  await send(
    "PATCH",
    organization,
    resource("organizations", { "default-execution-mode": "agent" }, relationship),
  );
  const after = await send(
    "PATCH",
    organization,
    resource("organizations", { "default-execution-mode": "remote" }),
  );
  expect(valueAt(after.body, "data", "relationships", "default-agent-pool", "data")).toBeNull();
});

test("runs are filtered by the pool that their workspace uses, and counted without totals", async () => {
  const pool = await createPool("busy");
  await patchWorkspace({ "execution-mode": "agent", "agent-pool-id": pool });
  const target = { organization: "acme", workspace: "app-prod" };
  const { id } = emulator.admin.hcpTerraform.queueRun(target);
  emulator.admin.hcpTerraform.queueRun({ ...target, status: "applied" });
  emulator.admin.hcpTerraform.queueRun({ organization: "acme", workspace: "network-dev" });
  const query = "filter[agent_pool_names]=busy&filter[status_group]=non_final";
  const { body } = await send("GET", `${organization}/runs?${query}`);
  expect((valueAt(body, "data") as unknown[]).map((run) => valueAt(run, "id"))).toEqual([id]);
  expect(valueAt(body, "meta", "pagination")).not.toHaveProperty("total-count");
});

import { describe, expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../test/contract/emulator-client.ts";
import { useEmulator } from "../test/contract/use-emulator.ts";
import { AdminError } from "./admin-command.ts";
import { emulatorIds } from "./default-seed.ts";

const emulator = useEmulator();

async function post(command: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${emulator.url}/_emulator/${command}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe("over HTTP", () => {
  test("every command is there under its own name", async () => {
    const made = await post("pulumiCloud/createAgentPool", { organization: "acme", name: "p" });
    expect(made).toEqual({
      status: 200,
      body: { id: expect.any(String), tokenValue: expect.stringMatching(/^pul-/) },
    });
    await post("addFault", { kind: "status", status: 500 });
    expect((await clientOf(emulator, "env-zero")("GET", "/organizations")).status).toBe(500);
    expect(valueAt((await post("journalCounts", undefined)).body, "env-zero", "total")).toBe(1);
  });

  test("wrong arguments and unknown commands are told", async () => {
    expect((await post("addFault", { kind: "explode" })).status).toBe(400);
    expect((await post("addFault", { kind: "hang", path: "(" })).status).toBe(400);
    expect((await post("toString", {})).status).toBe(404);
    expect((await post("pulumiCloud", {})).status).toBe(404);
  });
});

test("in the process, wrong arguments throw", () => {
  expect(() =>
    emulator.admin.pulumiCloud.deleteAgentPool({ organization: "acme", agentPoolId: "x" }),
  ).toThrow(AdminError);
});

describe("behind a client's back", () => {
  test("a Pulumi stack is pointed elsewhere, and its pool deleted", async () => {
    const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "p" });
    emulator.admin.pulumiCloud.assign({
      organization: "acme",
      target: { stack: "network/dev" },
      agentPoolId: id,
    });
    const send = clientOf(emulator, "pulumi-cloud");
    const settings = "/api/stacks/acme/network/dev/deployments/settings";
    expect((await send("GET", settings)).body).toMatchObject({ agentPoolID: id, source: "console" });
    emulator.admin.pulumiCloud.deleteAgentPool({ organization: "acme", agentPoolId: id });
    expect((await send("GET", settings)).body).not.toHaveProperty("agentPoolID");
  });

  test("an HCP Terraform workspace is given back to its project", async () => {
    const { id } = emulator.admin.hcpTerraform.createAgentPool({ organization: "acme", name: "p" });
    const target = { workspace: "app-prod" };
    const send = clientOf(emulator, "hcp-terraform");
    const path = "/api/v2/organizations/acme/workspaces/app-prod";
    emulator.admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId: id });
    const assigned = await send("GET", path);
    expect(valueAt(assigned.body, "data", "relationships", "agent-pool", "data", "id")).toBe(id);
    emulator.admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId: "inherit" });
    expect(valueAt((await send("GET", path)).body, "data", "attributes", "execution-mode")).toBe("remote");
  });

  test("an env zero pool loses its projects", async () => {
    const organizationId = emulatorIds.envZeroOrganizationId;
    const projectId = emulatorIds.envZeroProjects.app;
    const { id: agentId } = emulator.admin.envZero.createAgent({ organizationId, name: "p" });
    emulator.admin.envZero.assign({ projectId, agentId });
    emulator.admin.envZero.deleteAgent({ agentId });
    const map = await clientOf(emulator, "env-zero")(
      "GET",
      `/agents/projects-assignments?organizationId=${organizationId}`,
    );
    expect(map.body).toEqual({ defaultAgent: "ENV0_DEFAULT", projectsAgents: {} });
  });
});

test("queued work and agents show in the vendors' lists", async () => {
  const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "p" });
  emulator.admin.pulumiCloud.putAgent({ organization: "acme", agentPoolId: id, hostname: "h" });
  const work = { organization: "acme", stack: "network/dev", agentPoolId: id };
  const deployment = emulator.admin.pulumiCloud.queueDeployment(work);
  const send = clientOf(emulator, "pulumi-cloud");
  const listed = (await send("GET", "/api/orgs/acme/deployments")).body;
  expect(valueAt(listed, "deployments", 0)).toMatchObject({
    status: "not-started",
    agentPool: { id, name: "p" },
  });
  emulator.admin.pulumiCloud.updateDeployment({ organization: "acme", id: deployment.id, status: "running" });
  const metadata = (await send("GET", "/api/orgs/acme/deployments/metadata")).body;
  expect(metadata).toMatchObject({ deploymentCounts: { running: 1, notStarted: 0 } });
  expect(textAt((await send("GET", "/api/orgs/acme/agent-pools")).body, "agentPools", 0, "status")).toBe(
    "online",
  );
});

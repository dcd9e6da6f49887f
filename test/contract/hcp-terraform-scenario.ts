import type { Emulator } from "../../emulator/emulator.ts";
import { driveOwnAgent } from "./agent-scenario.ts";
import { resource, textAt } from "./emulator-client.ts";
import { caller } from "./scenario.ts";

/** Calls every operation of HCP Terraform that is emulated. */
export async function driveHcpTerraform(emulator: Emulator): Promise<void> {
  const { admin } = emulator;
  const call = caller(emulator, "hcp-terraform");
  const send = (method: string, path: string, type: string, attributes: object, relationships?: object) =>
    call(method, `/api/v2${path}`, resource(type, attributes, relationships));
  const get = (path: string) => call("GET", `/api/v2${path}`);

  await call("GET", "/.well-known/terraform.json");
  await get("/ping");
  await get("/account/details");
  await get("/organizations");
  await get("/organizations/acme");
  await get("/organizations/acme/entitlement-set");

  const project = textAt(
    await send("POST", "/organizations/acme/projects", "projects", { name: "contract" }),
    "data",
    "id",
  );
  await get("/organizations/acme/projects");
  const workspaces = "/organizations/acme/workspaces";
  const workspace = textAt(
    await send("POST", workspaces, "workspaces", { name: "contract" }, { project: one("projects", project) }),
    "data",
    "id",
  );
  const pools = "/organizations/acme/agent-pools";
  const pool = textAt(
    await send("POST", pools, "agent-pools", { name: "contract", "organization-scoped": false }),
    "data",
    "id",
  );
  await send(
    "PATCH",
    `/agent-pools/${pool}`,
    "agent-pools",
    { "organization-scoped": false },
    {
      "allowed-workspaces": { data: [{ id: workspace, type: "workspaces" }] },
      "allowed-projects": { data: [{ id: project, type: "projects" }] },
      "excluded-workspaces": { data: [] },
    },
  );
  const agentMode = { "execution-mode": "agent", "agent-pool-id": pool };
  await send("PATCH", `/workspaces/${workspace}`, "workspaces", agentMode);
  await send("PATCH", `${workspaces}/contract`, "workspaces", { description: "by name" });
  const defaults = { "default-execution-mode": "agent" };
  await send("PATCH", `/projects/${project}`, "projects", { ...defaults, "default-agent-pool-id": pool });
  await send("PATCH", "/organizations/acme", "organizations", defaults, {
    "default-agent-pool": one("agent-pools", pool),
  });
  await get(`/projects/${project}`);
  await get(`/workspaces/${workspace}`);
  await get(`${workspaces}/contract`);
  await get(`${workspaces}?search[name]=contract`);
  await get(pools);
  await get(`/agent-pools/${pool}?include=workspaces`);
  await call("DELETE", `/api/v2/agent-pools/${pool}`);

  const tokens = `/agent-pools/${pool}/authentication-tokens`;
  const token = textAt(
    await send("POST", tokens, "authentication-tokens", { description: "one" }),
    "data",
    "id",
  );
  await get(tokens);
  await get(`/authentication-tokens/${token}`);
  await call("DELETE", `/api/v2/authentication-tokens/${token}`);
  const agent = admin.hcpTerraform.putAgent({ agentPoolId: pool, name: "agent-1", status: "idle" });
  await get(`/agent-pools/${pool}/agents`);
  await get(`/agents/${agent.id}`);
  await call("DELETE", `/api/v2/agents/${agent.id}`);
  admin.hcpTerraform.putAgent({ agentPoolId: pool, name: "agent-1", status: "exited" });
  await call("DELETE", `/api/v2/agents/${agent.id}`);

  const run = admin.hcpTerraform.queueRun({ organization: "acme", workspace: "contract" });
  await get("/organizations/acme/runs?filter[agent_pool_names]=contract&filter[status_group]=non_final");
  await get("/organizations/acme/runs/queue");
  await get("/organizations/acme/capacity");
  await get(`/workspaces/${workspace}/runs`);
  await get(`/runs/${run.id}`);

  await driveOwnAgent(emulator, "hcp-terraform");

  const tags = `/api/v2/workspaces/${workspace}/relationships/tags`;
  await call("POST", tags, { data: [{ type: "tags", attributes: { name: "a" } }] });
  await call("GET", tags);
  await call("DELETE", tags, { data: [{ type: "tags", attributes: { name: "a" } }] });
  for (const target of [`workspaces/${workspace}`, `projects/${project}`]) {
    const binding = { type: "tag-bindings", attributes: { key: "team", value: "network" } };
    await call("PATCH", `/api/v2/${target}/tag-bindings`, { data: [binding] });
    await get(`/${target}/tag-bindings`);
    await get(`/${target}/effective-tag-bindings`);
  }
  const consumers = `/api/v2/workspaces/${workspace}/relationships/remote-state-consumers`;
  const consumer = textAt(await get(`${workspaces}/app-prod`), "data", "id");
  for (const method of ["PATCH", "POST", "DELETE"]) {
    await call(method, consumers, { data: [{ type: "workspaces", id: consumer }] });
  }
  await call("GET", consumers);

  const inherit = { "setting-overwrites": { "execution-mode": false, "agent-pool": false } };
  await send("PATCH", `/workspaces/${workspace}`, "workspaces", inherit);
  const remote = { "default-execution-mode": "remote" };
  await send("PATCH", `/projects/${project}`, "projects", remote);
  await send("PATCH", "/organizations/acme", "organizations", remote);
  await call("POST", `/api/v2/workspaces/${workspace}/actions/safe-delete`);
  for (const name of ["one", "two", "three"]) await send("POST", workspaces, "workspaces", { name });
  const two = textAt(await get(`${workspaces}/two`), "data", "id");
  await call("DELETE", `/api/v2${workspaces}/one`);
  await call("DELETE", `/api/v2/workspaces/${two}`);
  await call("POST", `/api/v2${workspaces}/three/actions/safe-delete`);
  await call("DELETE", `/api/v2/projects/${project}`);
  await call("DELETE", `/api/v2/agent-pools/${pool}`);
}

function one(type: string, id: string): object {
  return { data: { type, id } };
}

import { beforeEach, describe, expect, test } from "vitest";
import { clientOf, resource, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";

const workspaces = "/api/v2/organizations/acme/workspaces";
const organization = "acme";

const emulator = useEmulator();
const send = clientOf(emulator, "hcp-terraform");
beforeEach(() => emulator.admin.setRateLimits({ hcpTerraform: null, hcpTerraformRunLists: null }));

async function namesOf(query: string): Promise<unknown[]> {
  const data = valueAt((await send("GET", `${workspaces}?${query}`)).body, "data") as unknown[];
  return data.map((workspace) => valueAt(workspace, "attributes", "name"));
}

async function idOf(workspace: string): Promise<string> {
  return textAt((await send("GET", `${workspaces}/${workspace}`)).body, "data", "id");
}

describe("the list of workspaces", () => {
  test("is narrowed by all the tags that are named", async () => {
    const { setWorkspaceTags } = emulator.admin.hcpTerraform;
    setWorkspaceTags({ organization, workspace: "network-dev", tagNames: ["network", "dev"] });
    setWorkspaceTags({ organization, workspace: "network-prod", tagNames: ["network"] });
    expect(await namesOf("search[tags]=network")).toEqual(["network-dev", "network-prod"]);
    expect(await namesOf("search[tags]=network,dev")).toEqual(["network-dev"]);
    expect(await namesOf("search[tags]=network&search[exclude-tags]=dev")).toEqual(["network-prod"]);
    expect(await namesOf("search[tags]=net")).toEqual([]);
    const { body } = await send("GET", `${workspaces}/network-dev`);
    expect(valueAt(body, "data", "attributes", "tag-names")).toEqual(["network", "dev"]);
  });

  test("is narrowed by key-value tags, those of the project among them", async () => {
    const tagBindings = { team: "network" };
    emulator.admin.hcpTerraform.setWorkspaceTags({ organization, workspace: "network-dev", tagBindings });
    const { body } = await send("GET", `${workspaces}/app-prod`);
    const projectId = textAt(body, "data", "relationships", "project", "data", "id");
    const ofProject = [{ type: "tag-bindings", attributes: { key: "team", value: "platform" } }];
    await send("PATCH", `/api/v2/projects/${projectId}/tag-bindings`, { data: ofProject });
    expect(await namesOf("filter[tagged][0][key]=team&filter[tagged][0][value]=network")).toEqual([
      "network-dev",
    ]);
    expect(await namesOf("filter[tagged][0][key]=team&filter[tagged][0][value]=platform")).toEqual([
      "app-prod",
      "network-prod",
    ]);
    expect(await namesOf("filter[tagged][0][key]=team")).toHaveLength(3);
    expect(await namesOf("filter[tagged][0][key]=nobody")).toEqual([]);
  });

  test("is narrowed by project, with other filters", async () => {
    emulator.admin.seed({ hcpTerraform: [{ organization, workspaces: [{ name: "app-lone" }] }] });
    const { body } = await send("GET", `${workspaces}/app-prod`);
    const projectId = textAt(body, "data", "relationships", "project", "data", "id");
    expect(await namesOf("search[name]=app")).toEqual(["app-lone", "app-prod"]);
    expect(await namesOf(`search[name]=app&filter[project][id]=${projectId}`)).toEqual(["app-prod"]);
  });
});

describe("behind a client's back", () => {
  test("a workspace is renamed and keeps its id, and its old name is free", async () => {
    const id = await idOf("app-prod");
    emulator.admin.hcpTerraform.renameWorkspace({ organization, workspace: "app-prod", name: "app-live" });
    expect((await send("GET", `${workspaces}/app-prod`)).status).toBe(404);
    expect(await idOf("app-live")).toBe(id);
    expect(() =>
      emulator.admin.hcpTerraform.renameWorkspace({
        organization,
        workspace: "app-live",
        name: "network-dev",
      }),
    ).toThrow("already");
  });

  test("a workspace is deleted, and leaves the pools' lists", async () => {
    const { hcpTerraform } = emulator.admin;
    const { id } = hcpTerraform.createAgentPool({ organization, name: "p", organizationScoped: false });
    hcpTerraform.updateAgentPool({ agentPoolId: id, allowedWorkspaceIds: [await idOf("app-prod")] });
    hcpTerraform.deleteWorkspace({ organization, workspace: "app-prod" });
    const { body } = await send("GET", `/api/v2/agent-pools/${id}`);
    expect(valueAt(body, "data", "relationships", "allowed-workspaces", "data")).toEqual([]);
  });

  test("a project is renamed and keeps its id", async () => {
    emulator.admin.hcpTerraform.renameProject({ organization, project: "platform", name: "base" });
    const { body } = await send("GET", `/api/v2/organizations/acme/projects?filter[names]=base`);
    expect(valueAt(body, "data")).toHaveLength(1);
  });
});

describe("a change of execution settings", () => {
  const queue = (status: string) =>
    emulator.admin.hcpTerraform.queueRun({ organization, workspace: "app-prod", status }).id;
  const statusOf = async (run: string) =>
    valueAt((await send("GET", `/api/v2/runs/${run}`)).body, "data", "attributes", "status");
  const createPool = (name: string) => emulator.admin.hcpTerraform.createAgentPool({ organization, name }).id;
  const usePool = (id: string) =>
    send(
      "PATCH",
      `${workspaces}/app-prod`,
      resource("workspaces", { "execution-mode": "agent", "agent-pool-id": id }),
    );

  test("of the mode errors the active runs, and no others", async () => {
    const active = ["plan_queued", "planning", "apply_queued", "applying"].map(queue);
    const others = ["pending", "planned", "applied"].map(queue);
    const elsewhere = emulator.admin.hcpTerraform.queueRun({ organization, workspace: "network-dev" }).id;
    expect((await usePool(createPool("p"))).status).toBe(200);
    expect(await Promise.all(active.map(statusOf))).toEqual(active.map(() => "errored"));
    expect(await Promise.all(others.map(statusOf))).toEqual(["pending", "planned", "applied"]);
    expect(await statusOf(elsewhere)).toBe("plan_queued");
  });

  test("of the pool errors what an agent works on, and moves what waits", async () => {
    await usePool(createPool("one"));
    const [planning, waiting] = [queue("planning"), queue("plan_queued")];
    await usePool(createPool("two"));
    expect([await statusOf(planning), await statusOf(waiting)]).toEqual(["errored", "plan_queued"]);
  });

  test("counts too where it comes from the project or the organization", async () => {
    const mode = { "default-execution-mode": "agent" };
    const ofProject = queue("planning");
    const { body } = await send("GET", `${workspaces}/app-prod`);
    const projectId = textAt(body, "data", "relationships", "project", "data", "id");
    const own = { ...mode, "default-agent-pool-id": createPool("project") };
    const lone = { name: "lone", project: "Default Project" };
    emulator.admin.seed({ hcpTerraform: [{ organization, workspaces: [lone] }] });
    const ofOrganization = emulator.admin.hcpTerraform.queueRun({ organization, workspace: "lone" }).id;
    await send("PATCH", `/api/v2/projects/${projectId}`, resource("projects", own));
    expect([await statusOf(ofProject), await statusOf(ofOrganization)]).toEqual(["errored", "plan_queued"]);
    const pool = { "default-agent-pool": { data: { id: createPool("organization"), type: "agent-pools" } } };
    await send("PATCH", "/api/v2/organizations/acme", resource("organizations", mode, pool));
    expect(await statusOf(ofOrganization)).toBe("errored");
  });

  test("by somebody else has the same effect", async () => {
    const run = queue("planning");
    const target = { workspace: "app-prod" };
    emulator.admin.hcpTerraform.assign({ organization, target, agentPoolId: createPool("p") });
    expect(await statusOf(run)).toBe("errored");
  });

  test("leaves runs alone when it changes nothing", async () => {
    const run = queue("planning");
    await send("PATCH", `${workspaces}/app-prod`, resource("workspaces", { "execution-mode": "remote" }));
    expect(await statusOf(run)).toBe("planning");
  });

  test("can be put off: active runs show in the workspace, in its list and in its runs", async () => {
    const id = await idOf("app-prod");
    const ended = queue("plan_queued");
    emulator.admin.hcpTerraform.updateRun({ id: ended, status: "applied" });
    const active = queue("planning");
    const { body: one } = await send("GET", `${workspaces}/app-prod`);
    expect(valueAt(one, "data", "relationships", "current-run", "data", "id")).toBe(active);
    expect(await namesOf("filter[current-run][status]=planning,applying")).toEqual(["app-prod"]);
    const listed = async (query: string) =>
      (valueAt((await send("GET", `/api/v2/workspaces/${id}/runs?${query}`)).body, "data") as unknown[]).map(
        (run) => valueAt(run, "id"),
      );
    expect(await listed("filter[status]=planning,plan_queued")).toEqual([active]);
    expect(await listed("filter[status_group]=non_final")).toEqual([active]);
    expect(await listed("")).toEqual([active, ended]);
    expect(emulator.admin.jobs()[0]?.finishedAt).not.toBeNull();
  });
});

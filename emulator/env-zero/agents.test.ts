import { describe, expect, test } from "vitest";
import { clientOf, textAt, valueAt } from "../../test/contract/emulator-client.ts";
import { useEmulator } from "../../test/contract/use-emulator.ts";
import { emulatorIds } from "../default-seed.ts";

const { envZeroOrganizationId: organizationId, envZeroProjects: projects } = emulatorIds;
const assignments = `/agents/projects-assignments?organizationId=${organizationId}`;

const emulator = useEmulator();
const send = clientOf(emulator, "env-zero");

async function createAgent(name: string): Promise<string> {
  return textAt((await send("POST", "/agents", { organizationId, name })).body, "id");
}

describe("a pool", () => {
  test("has a name of its own", async () => {
    await createAgent("p");
    expect((await send("POST", "/agents", { organizationId, name: "p" })).status).toBe(400);
  });

  test("loses its log hosting by null, and hosts logs for its own organization only", async () => {
    const id = await createAgent("p");
    const logs = (externalId: string) => ({
      logs: { dynamo: { selfHosted: { accountId: "1", region: "eu-west-1", externalId } } },
    });
    expect((await send("PATCH", `/agents/${id}`, logs("somebody-else"))).status).toBe(400);
    expect((await send("PATCH", `/agents/${id}`, logs(organizationId))).body).toHaveProperty("logs");
    expect((await send("PATCH", `/agents/${id}`, { logs: null })).body).not.toHaveProperty("logs");
  });

  test("holds two secrets, whose values show once", async () => {
    const secrets = `/agents/${await createAgent("p")}/secrets`;
    const first = await send("POST", secrets, { description: "one" });
    expect(textAt(first.body, "secret")).toMatch(/^env0agent_[0-9a-f-]+_\w+$/);
    await send("POST", secrets, {});
    expect((await send("POST", secrets, {})).status).toBe(400);
    const listed = await send("GET", secrets);
    expect(valueAt(listed.body, 0)).toMatchObject({ description: "one" });
    expect(valueAt(listed.body, 0)).not.toHaveProperty("secret");
    await send("DELETE", `${secrets}/${textAt(first.body, "id")}`);
    expect((await send("POST", secrets, {})).status).toBe(200);
  });

  test("in use can't be deleted", async () => {
    const id = await createAgent("p");
    await send("POST", assignments, { [projects.app]: id });
    expect((await send("DELETE", `/agents/${id}`)).status).toBe(409);
    await send("POST", assignments, { [projects.app]: "ENV0_DEFAULT" });
    expect((await send("DELETE", `/agents/${id}`)).status).toBe(200);
  });
});

describe("assignments", () => {
  test("merge, and ENV0_DEFAULT takes a project off the map", async () => {
    const id = await createAgent("p");
    await send("POST", assignments, { [projects.app]: id });
    const both = await send("POST", assignments, { [projects.network]: id });
    expect(valueAt(both.body, "projectsAgents")).toEqual({ [projects.app]: id, [projects.network]: id });
    await send("POST", assignments, { [projects.app]: "ENV0_DEFAULT" });
    expect((await send("GET", assignments)).body).toEqual({
      defaultAgent: "ENV0_DEFAULT",
      projectsAgents: { [projects.network]: id },
    });
  });

  test("to what doesn't exist change nothing", async () => {
    const id = await createAgent("p");
    expect((await send("POST", assignments, { [projects.app]: id, nowhere: id })).status).toBe(404);
    expect((await send("POST", assignments, { [projects.app]: "nobody" })).status).toBe(400);
    expect(valueAt((await send("GET", assignments)).body, "projectsAgents")).toEqual({});
  });
});

test("an archived project can be read, not listed", async () => {
  await send("DELETE", `/projects/${projects.sandbox}`);
  expect(valueAt((await send("GET", `/projects/${projects.sandbox}`)).body, "isArchived")).toBe(true);
  expect((await send("GET", `/projects?organizationId=${organizationId}`)).body).toHaveLength(2);
});

describe("a pool that is older than self-service", () => {
  const plant = (agentKey: string, name?: string) =>
    emulator.admin.envZero.createLegacyAgent({ organizationId, agentKey, ...(name && { name }) }).id;

  test("shows in assignments by its key, whether it was assigned by key or by id", async () => {
    const id = plant("acme_frankfurt", "frankfurt");
    const listed = (await send("GET", `/agents?organizationId=${organizationId}`)).body;
    expect(listed).toMatchObject([{ id, agentKey: "acme_frankfurt", name: "frankfurt" }]);
    expect(id).not.toBe("acme_frankfurt");
    const answer = await send("POST", assignments, {
      [projects.app]: id,
      [projects.network]: "acme_frankfurt",
    });
    expect(valueAt(answer.body, "projectsAgents")).toEqual({
      [projects.app]: "acme_frankfurt",
      [projects.network]: "acme_frankfurt",
    });
    expect((await send("DELETE", `/agents/${id}`)).status).toBe(409);
  });

  test("shows as the organization's default by its key", async () => {
    emulator.admin.envZero.setDefaultAgent({ organizationId, agentId: plant("acme_frankfurt", "frankfurt") });
    expect(valueAt((await send("GET", assignments)).body, "defaultAgent")).toBe("acme_frankfurt");
  });

  test("can be a mere key in the list, beside others", async () => {
    plant("acme_old");
    const id = await createAgent("new");
    const listed = (await send("GET", `/agents?organizationId=${organizationId}`)).body;
    expect(listed).toEqual([{ agentKey: "acme_old" }, expect.objectContaining({ id, agentKey: id })]);
    await send("POST", assignments, { [projects.app]: "acme_old" });
    emulator.admin.envZero.queueDeployment({ projectId: projects.app });
    expect(emulator.admin.jobs()).toMatchObject([{ pool: "acme_old", outcome: "queued" }]);
  });
});

test("a project is renamed behind a client's back and keeps its id and pool", async () => {
  const id = await createAgent("p");
  await send("POST", assignments, { [projects.app]: id });
  emulator.admin.envZero.renameProject({ projectId: projects.app, name: "application" });
  expect(valueAt((await send("GET", `/projects/${projects.app}`)).body, "name")).toBe("application");
  expect(valueAt((await send("GET", assignments)).body, "projectsAgents")).toEqual({ [projects.app]: id });
});

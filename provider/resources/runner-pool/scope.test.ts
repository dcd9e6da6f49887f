import { afterEach, beforeEach, expect, it } from "vitest";
import type { Properties } from "../framework/lifecycle.ts";
import { strangersPool } from "../testing/strangers.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;
const workspaces: Record<string, string> = {};

beforeEach(async () => {
  world = await openWorld();
  const listed = await world.outsider("hcp-terraform").assignments.list("workspace");
  for (const { name, id } of listed) workspaces[name] = id;
});

afterEach(() => world.close());

const poolOf = (inputs: Properties) =>
  world.resource("RunnerPool", {
    controlPlane: world.plane("hcp-terraform").controlPlane,
    name: "builders",
    ...inputs,
  });

const scopeOf = async (poolId: unknown) =>
  (await world.outsider("hcp-terraform").pools.find(String(poolId)))?.scope;

it("keeps the scope of an adopted pool that declares none", async () => {
  const { id } = strangersPool(world, "hcp-terraform", "theirs");
  const excluded = { excludedWorkspaceIds: [workspaces["app-prod"] ?? ""] };
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: id, ...excluded });
  const before = await scopeOf(id);
  const adopted = await poolOf({ adopt: id }).create();
  for (const step of [() => adopted.update(), () => adopted.refresh(), () => adopted.update()]) {
    world.nextDeployment();
    await step();
    expect(await adopted.pendingChanges()).toEqual([]);
    expect(await scopeOf(id)).toEqual(before);
  }
  expect(before).toMatchObject({ organizationScoped: true, excludedWorkspaces: [workspaces["app-prod"]] });
});

it("lets in what is assigned where the scope of an adopted pool becomes assigned", async () => {
  const { id } = strangersPool(world, "hcp-terraform", "theirs");
  const { admin } = world.emulator;
  admin.hcpTerraform.updateAgentPool({
    agentPoolId: id,
    excludedWorkspaceIds: [workspaces["app-prod"] ?? ""],
  });
  const target = { workspace: "network-prod" };
  admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId: id });
  await poolOf({ adopt: id, scope: { mode: "assigned" } }).create();
  expect(await scopeOf(id)).toEqual({
    organizationScoped: false,
    allowedWorkspaces: [workspaces["network-prod"]],
    allowedProjects: [],
    excludedWorkspaces: [],
  });
});

it("leaves nothing excluded when the scope changes from organization to assigned", async () => {
  const excludedWorkspaces = [workspaces["app-prod"]];
  const pool = await poolOf({ scope: { mode: "organization", excludedWorkspaces } }).create();
  const { admin } = world.emulator;
  const agentPoolId = String(pool.state["poolId"]);
  admin.hcpTerraform.assign({ organization: "acme", target: { project: "platform" }, agentPoolId });
  await pool.declare({ scope: { mode: "assigned" } });
  await pool.update();
  expect(await scopeOf(agentPoolId)).toMatchObject({ organizationScoped: false, excludedWorkspaces: [] });
  expect((await scopeOf(agentPoolId))?.allowedProjects).toHaveLength(1);
  world.nextDeployment();
  await pool.refresh();
  expect(await pool.pendingChanges()).toEqual([]);
});

it("empties the list of exclusions that is no longer declared", async () => {
  const excludedWorkspaces = [workspaces["app-prod"]];
  const pool = await poolOf({ scope: { mode: "organization", excludedWorkspaces } }).create();
  expect((await scopeOf(pool.state["poolId"]))?.excludedWorkspaces).toEqual(excludedWorkspaces);
  await pool.declare({ scope: { mode: "organization" } });
  await pool.update();
  expect(await scopeOf(pool.state["poolId"])).toMatchObject({
    organizationScoped: true,
    excludedWorkspaces: [],
  });
});

it("finds an exclusion that somebody takes away", async () => {
  const excludedWorkspaces = [workspaces["app-prod"]];
  const pool = await poolOf({ scope: { mode: "organization", excludedWorkspaces } }).create();
  const agentPoolId = String(pool.state["poolId"]);
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId, excludedWorkspaceIds: [] });
  world.nextDeployment();
  await pool.refresh();
  expect(pool.inputs["scope"]).toEqual({ mode: "organization", excludedWorkspaces: [] });
  expect(await pool.pendingChanges()).toEqual(["scope"]);
});

it("takes an id that is listed twice for one", async () => {
  const twice = [workspaces["network-prod"], workspaces["app-prod"], workspaces["network-prod"]];
  const pool = await poolOf({ scope: { mode: "listed", allowedWorkspaces: twice } }).create();
  expect(pool.inputs["scope"]).toEqual({ mode: "listed", allowedWorkspaces: twice.slice(0, 2) });
  world.nextDeployment();
  await pool.refresh();
  expect(await pool.pendingChanges()).toEqual([]);
});

it("takes a name and an id of one workspace for one", async () => {
  const twice = ["network-prod", workspaces["network-prod"], "app-prod"];
  const pool = await poolOf({ scope: { mode: "listed", allowedWorkspaces: twice } }).create();
  expect(await scopeOf(String(pool.state["poolId"]))).toMatchObject({
    allowedWorkspaces: [workspaces["app-prod"], workspaces["network-prod"]].sort(),
  });
  world.nextDeployment();
  await pool.refresh();
  expect(await pool.pendingChanges()).toEqual([]);
});

it("sees when somebody opens the pool to the whole organization", async () => {
  const pool = await poolOf({}).create();
  const agentPoolId = String(pool.state["poolId"]);
  expect(await scopeOf(agentPoolId)).toMatchObject({ organizationScoped: false });
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId, organizationScoped: true });
  world.nextDeployment();
  await pool.refresh();
  expect(pool.inputs["scope"]).toEqual({ mode: "organization" });
  expect(await pool.pendingChanges()).toEqual(["scope"]);
  await pool.update();
  expect(await scopeOf(agentPoolId)).toMatchObject({ organizationScoped: false });
});

it("shows every list of an organization's pool to an import", async () => {
  const { id } = strangersPool(world, "hcp-terraform", "theirs");
  const excluded = { excludedWorkspaceIds: [workspaces["app-prod"] ?? ""] };
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId: id, ...excluded });
  const found = await poolOf({}).importedAs(`hcp-terraform/acme/${id}`);
  expect(found?.inputs["scope"]).toEqual({
    mode: "organization",
    excludedWorkspaces: [workspaces["app-prod"]],
  });
});

it("leaves nothing excluded that somebody else has excluded, when the scope becomes assigned", async () => {
  const pool = await poolOf({ scope: { mode: "organization" } }).create();
  const agentPoolId = String(pool.state["poolId"]);
  const excluded = { excludedWorkspaceIds: [workspaces["app-prod"] ?? ""] };
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId, ...excluded });
  await pool.declare({ scope: { mode: "assigned" } });
  await pool.update();
  expect(await scopeOf(agentPoolId)).toMatchObject({ organizationScoped: false, excludedWorkspaces: [] });
});

it("takes workspaces and projects by name, shows them as they were written, and finds drift all the same", async () => {
  const projects = await world.outsider("hcp-terraform").assignments.list("project");
  const platform = projects.find(({ name }) => name === "platform")?.id;
  const [network, app] = [workspaces["network-prod"] ?? "", workspaces["app-prod"] ?? ""];
  const scope = { mode: "listed", allowedWorkspaces: ["network-prod", app], allowedProjects: ["platform"] };
  const pool = await poolOf({ scope }).create();
  const { poolId } = pool.state;
  expect(await scopeOf(poolId)).toMatchObject({
    allowedWorkspaces: expect.arrayContaining([network, app]),
    allowedProjects: [platform],
  });

  world.nextDeployment();
  await pool.refresh();
  expect(pool.inputs["scope"]).toEqual(scope);
  expect(await pool.pendingChanges()).toEqual([]);

  const agentPoolId = String(poolId);
  world.emulator.admin.hcpTerraform.updateAgentPool({ agentPoolId, allowedWorkspaceIds: [app] });
  world.nextDeployment();
  await pool.refresh();
  expect(pool.inputs["scope"]).toEqual({ ...scope, allowedWorkspaces: [app] });
  expect(await pool.pendingChanges()).toEqual(["scope"]);
  await pool.update();
  expect(await scopeOf(poolId)).toMatchObject({
    allowedWorkspaces: expect.arrayContaining([network, app]),
  });

  // The id of what was named changes nothing on the control plane.
  await pool.declare({ scope: { ...scope, allowedWorkspaces: [network, app] } });
  world.emulator.admin.clearJournal();
  await pool.update();
  expect(world.emulator.admin.journal().filter(({ method }) => method !== "GET")).toEqual([]);
});

it("says which name in a list stands for nothing, before anything is made", async () => {
  const scope = { mode: "organization", excludedWorkspaces: ["network-prod", "netwrk-dev"] };
  await expect(poolOf({ scope }).create()).rejects.toThrow(
    "HCP Terraform: scope.excludedWorkspaces names workspace netwrk-dev, which organization acme does not have, or the credential may not see it. Check its name.",
  );
  expect(await world.poolsNamed("hcp-terraform", "builders")).toEqual([]);
});

it("says in a preview whom an adoption shuts out", async () => {
  const { id } = strangersPool(world, "hcp-terraform", "theirs");
  const { admin } = world.emulator;
  const target = { workspace: "network-prod" };
  admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId: id });
  await poolOf({ adopt: id, name: undefined, scope: { mode: "assigned" } }).declareHere();
  const listed = { mode: "listed", allowedWorkspaces: ["network-prod"] };
  admin.hcpTerraform.updateAgentPool({
    agentPoolId: id,
    organizationScoped: false,
    allowedWorkspaceIds: [workspaces["network-prod"] ?? "", workspaces["app-prod"] ?? ""],
  });
  world.nextDeployment();
  await poolOf({ adopt: id, name: undefined, scope: listed }).declareHere();
  expect(world.plans.map((sentence) => sentence.replace(/^.* and changes /, ""))).toEqual([
    "its scope (until now every workspace may use it, from then on 1 workspace and 0 projects)",
    `its scope (${workspaces["app-prod"]} may use it no longer)`,
  ]);
});

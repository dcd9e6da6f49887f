import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import type { ControlPlaneKind } from "../../control-planes/planes.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
  world.emulator.admin.seed({
    pulumiCloud: [{ organization, policyGroups: ["audits", { name: "guards", mode: "preventative" }] }],
  });
});

afterEach(() => world.close());

const { organization } = emulatorIds;
const deletions = (kind: ControlPlaneKind) =>
  world.emulator.admin.journal({ plane: kind }).filter(({ method }) => method === "DELETE");

/** Targets that do not keep the service from deleting their pool, or of which nobody knows it. */
const users: [ControlPlaneKind, string, Record<string, string>][] = [
  ["pulumi-cloud", "insights account aws-production", { insightsAccount: "aws-production" }],
  ["pulumi-cloud", "policy group audits", { policyGroup: "audits" }],
  ["hcp-terraform", "project Default Project", { project: "Default Project" }],
  ["env-zero", "project network", { project: emulatorIds.envZeroProjects.network }],
];

describe.each(users)("on %s, a pool that %s of somebody else uses", (kind, words, target) => {
  let pool: TestResource;

  beforeEach(async () => {
    pool = await world.poolOn(kind);
    world.nextDeployment();
    await world.repoint(kind, target, pool);
  });

  it("is not deleted", async () => {
    const error = await pool.delete().catch((reason: Error) => reason.message);
    expect(error).toContain(
      `: pool "builders" was not deleted: ${words} uses it, and that work would move to the vendor's hosted runners. Pool "builders" is kept. Take it from everything that uses it first`,
    );
    expect(String(error).includes("set forceDestroy: true")).toBe(kind === "pulumi-cloud");
    expect(deletions(kind)).toEqual([]);
  });

  it("is deleted once it is not used", async () => {
    await world.repoint(kind, target, null);
    await pool.delete();
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
    expect(world.warnings).toEqual([]);
  });

  it("keeps no other pool", async () => {
    const other = await world.poolOn(kind, "other");
    await other.delete();
    expect(await world.poolsNamed(kind, "other")).toEqual([]);
  });
});

describe("on Pulumi Cloud", () => {
  const kind = "pulumi-cloud";
  const account = { insightsAccount: "aws-production" };

  it("a pool in use is deleted by force, with a warning that names all who used it", async () => {
    const { controlPlane, target } = world.plane(kind);
    const pool = await world
      .resource("RunnerPool", { controlPlane, name: "builders", forceDestroy: true })
      .create();
    for (const user of [account, { policyGroup: "audits" }, target]) await world.repoint(kind, user, pool);
    await pool.delete();
    expect(world.warnings).toEqual([
      expect.stringContaining("was deleted while in use, as forceDestroy says: that work now runs"),
      `Pulumi Cloud: pool "builders" was deleted while in use, as forceDestroy says: the work of insights account aws-production, policy group audits now runs on the vendor's hosted runners.`,
    ]);
  });

  it("a pool is deleted where the plan has no Insights", async () => {
    const pool = await world.poolOn(kind);
    world.emulator.admin.pulumiCloud.setInsightsAvailable({ organization, enabled: false });
    await pool.delete();
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
  });

  it.each([
    [403, "ListAccounts"],
    [403, "ListPolicyGroups"],
    [404, "ListPolicyGroups"],
  ])("a pool is deleted where the credential gets %d for %s", async (status, operation) => {
    const pool = await world.poolOn(kind);
    world.emulator.admin.addFault({ kind: "status", status, operation });
    await pool.delete();
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
  });

  it("a pool is kept where nobody knows who uses it, since the list fails", async () => {
    const pool = await world.poolOn(kind);
    world.emulator.admin.addFault({ kind: "status", status: 500, operation: "ListAccounts" });
    await expect(pool.delete()).rejects.toThrow("could not list the Insights accounts");
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });

  it("the groups that are no audits are not read, and the stacks not listed", async () => {
    const pool = await world.poolOn(kind);
    const before = world.emulator.admin.journal({ plane: kind }).length;
    await pool.delete();
    const asked = world.emulator.admin.journal({ plane: kind }).slice(before);
    expect(asked.map(({ operation }) => operation).sort()).toEqual([
      "DeleteOrgAgentPool",
      "GetPolicyGroup",
      "GetPolicyGroup",
      "ListAccounts",
      "ListOrgAgentPool",
      "ListPolicyGroups",
    ]);
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../provider/emulator/faults.ts";
import { openWorld, type World } from "./world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const kinds = ["pulumi-cloud", "env-zero", "hcp-terraform"] as const;

/** Ways to lose the answer to a create that was carried out, and one where it was not. */
const lost: [string, Fault["kind"]][] = [
  ["the answer is cut off", "drop-after"],
  ["the answer is garbled", "malformed-json"],
  ["the answer ends half-way", "truncate"],
  ["the connection is cut before the server acts", "drop-before"],
  ["a proxy answers with a page", "html"],
];

describe.each(kinds)("RunnerPool on %s", (kind) => {
  const pool = (inputs = {}) =>
    world.resource("RunnerPool", {
      controlPlane: world.plane(kind).controlPlane,
      name: "builders",
      ...inputs,
    });

  it("is created, and a refresh then finds nothing to change", async () => {
    const created = await pool().create();
    expect(created.id).toBe(`${kind}/acme/${created.state["poolId"]}`);
    const { inputs, state } = created;
    world.nextDeployment();
    expect(await created.refresh()).toBe(true);
    expect(created).toMatchObject({ inputs, state });
    expect(created.pendingChanges()).toEqual([]);
  });

  it("is renamed in place, and a rename behind our back is found and repaired", async () => {
    const created = await pool().create();
    const { id } = created;
    expect(created.declare({ name: "renamed" })).toEqual(["name"]);
    await created.update();
    expect(created.id).toBe(id);
    expect(await world.poolsNamed(kind, "renamed")).toHaveLength(1);
    expect(created.declare({ name: "declared" })).toEqual(["name"]);
    await created.update();

    const other = world.resource("RunnerPool", {
      controlPlane: world.plane(kind).controlPlane,
      name: "x",
      adopt: created.state["poolId"],
    });
    await other.create();
    world.nextDeployment();
    await created.refresh();
    expect(created.pendingChanges()).toEqual(["name"]);
    await created.update();
    expect(await world.poolsNamed(kind, "declared")).toHaveLength(1);
  });

  it("is gone after a delete, and a second delete is no error", async () => {
    const created = await pool().create();
    await created.delete();
    await created.delete();
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
    expect(await created.refresh()).toBe(false);
  });

  it("is not dropped from state while the credential cannot see the organization", async () => {
    const created = await pool().create();
    const wrong = {
      pulumiAccessToken: "pul-wrong-token",
      tfeToken: "wrong-token",
      env0ApiKey: "wrong",
      env0ApiSecret: "wrong-secret",
    };
    world.nextDeployment(wrong);
    await expect(created.refresh()).rejects.toThrow(/HTTP 40[13]/);
  });

  it("refuses a name that is taken, and says how to take that pool over", async () => {
    const first = await pool().create();
    world.nextDeployment();
    await expect(pool().create()).rejects.toThrow(
      new RegExp(
        `the name is taken by pool ${first.state["poolId"]} in organization acme.*adopt: "${first.state["poolId"]}"`,
        "s",
      ),
    );
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });

  it("refuses to take the name of another pool", async () => {
    await pool({ name: "taken" }).create();
    const created = await pool().create();
    created.declare({ name: "taken" });
    await expect(created.update()).rejects.toThrow(/could not rename .* "taken".*the name is taken by pool/);
  });

  it("keeps what it made although the note of it can't be removed", async () => {
    const home = process.env["PULUMI_HOME"] ?? "";
    writeFileSync(join(home, "runner-pools"), "a file where a folder should be");
    const created = await pool().create();
    expect(created.id).toContain(kind);
  });

  it("adopts an existing pool and brings it to what is declared", async () => {
    const first = await pool({ name: "old-name" }).create();
    world.nextDeployment();
    const adopted = await pool({ adopt: first.state["poolId"] }).create();
    expect(adopted.id).toBe(first.id);
    expect(await world.poolsNamed(kind, "builders")).toEqual([
      expect.objectContaining({ id: first.state["poolId"] }),
    ]);
    await adopted.refresh();
    expect(adopted.pendingChanges()).toEqual([]);
  });

  it("refuses to adopt what is not there", async () => {
    await expect(pool({ adopt: "apool-none" }).create()).rejects.toThrow("cannot adopt pool apool-none");
  });

  it("is imported by its id alone", async () => {
    const created = await pool().create();
    world.nextDeployment();
    const read = () => created.importedAs(created.id);
    // The id names no URL, so that of the emulator comes from configuration.
    const found = await withUrl(world.emulator.url, read);
    expect(found?.inputs).toMatchObject({
      controlPlane: { kind, organization: "acme" },
      name: "builders",
      forceDestroy: false,
    });
    expect(found?.state).toMatchObject({ poolId: created.state["poolId"] });
  });

  it.each(lost)("is made exactly once when %s", async (_, fault) => {
    world.emulator.admin.addFault({
      kind: fault,
      plane: kind,
      method: "POST",
      path: "agent-pools$|/agents$",
      times: 1,
    } as Fault);
    const created = await pool().create();
    const pools = await world.poolsNamed(kind, "builders");
    expect(pools.map(({ id }) => id)).toEqual([created.state["poolId"]]);
    if (kind === "pulumi-cloud") expect(created.state["initialToken"]).toMatch(/^pul-/);
  });

  it.each(lost)(
    "is made exactly once by the next deployment when %s and the network stays away",
    async (_, fault) => {
      const { admin } = world.emulator;
      admin.addFault({
        kind: fault,
        plane: kind,
        method: "POST",
        path: "agent-pools$|/agents$",
        times: 1,
      } as Fault);
      // The list that tells names and ids is read before; whatever comes after the create fails.
      admin.addFault({
        kind: "drop-before",
        plane: kind,
        path: "agent-pools|/agents",
        skip: 2,
      });
      await expect(pool().create()).rejects.toThrow(/could not create agent pool "builders"/);
      admin.clearFaults();
      world.nextDeployment();
      const created = await pool().create();
      const pools = await world.poolsNamed(kind, "builders");
      expect(pools.map(({ id }) => id)).toEqual([created.state["poolId"]]);
      if (kind === "pulumi-cloud") expect(created.state["initialToken"]).toMatch(/^pul-/);
    },
  );

  it.each([500, 503, 429])("is created in spite of a passing HTTP %d", async (status) => {
    world.emulator.admin.addFault({
      kind: "status",
      status,
      plane: kind,
      method: "POST",
      path: "agent-pools$|/agents$",
      times: 1,
    });
    await pool().create();
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });

  it.each([401, 402, 403, 404, 409, 412, 422])(
    "passes on a refusal with HTTP %d and leaves nothing",
    async (status) => {
      world.emulator.admin.addFault({
        kind: "status",
        status,
        plane: kind,
        method: "POST",
        path: "agent-pools$|/agents$",
      });
      await expect(pool().create()).rejects.toThrow(`HTTP ${status}`);
      world.emulator.admin.clearFaults();
      world.nextDeployment();
      await pool().create();
      expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
    },
  );

  it("names the organization that is not there", async () => {
    const stray = world.resource("RunnerPool", {
      controlPlane: { ...world.plane(kind).controlPlane, organization: "nobody" },
      name: "x",
    });
    await expect(stray.create()).rejects.toThrow(/nobody/);
  });

  it("costs no call when an update changes nothing on the control plane", async () => {
    const created = await pool().create();
    world.emulator.admin.clearJournal();
    await created.update();
    expect(world.emulator.admin.journalCounts()[kind].total).toBe(0);
  });
});

describe("RunnerPool", () => {
  it("keeps the description of planes that have one, and clears it", async () => {
    for (const kind of ["pulumi-cloud", "env-zero"] as const) {
      const { controlPlane } = world.plane(kind);
      const pool = await world
        .resource("RunnerPool", { controlPlane, name: "described", description: "first" })
        .create();
      pool.declare({ description: undefined });
      await pool.update();
      world.nextDeployment();
      await pool.refresh();
      expect(pool.inputs).not.toHaveProperty("description");
      expect(pool.pendingChanges()).toEqual([]);
    }
  });

  it("refuses to delete a pool in use on Pulumi Cloud, and says what forcing would mean", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const pool = await world.resource("RunnerPool", { controlPlane, name: "used" }).create();
    const assignment = await world
      .resource("StackPoolAssignment", { controlPlane, pool: pool.id, target })
      .create();
    await expect(pool.delete()).rejects.toThrow(
      /HTTP 400: .*configured to use.*Pool "used" is kept\..*hosted runners, set forceDestroy: true/s,
    );
    await assignment.delete();
    await pool.delete();
    expect(await world.poolsNamed("pulumi-cloud", "used")).toEqual([]);
  });

  it("deletes a pool in use when forced", async () => {
    const { controlPlane, target } = world.plane("pulumi-cloud");
    const pool = await world
      .resource("RunnerPool", { controlPlane, name: "used", forceDestroy: true })
      .create();
    await world.resource("StackPoolAssignment", { controlPlane, pool: pool.id, target }).create();
    await pool.delete();
    expect(await world.poolsNamed("pulumi-cloud", "used")).toEqual([]);
  });

  it("owns listed workspaces exactly on HCP Terraform, in any order", async () => {
    const { controlPlane } = world.plane("hcp-terraform");
    const ids = await workspaceIds();
    const listed = { mode: "listed", allowedWorkspaces: [ids["network-prod"], ids["app-prod"]] };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "scoped", scope: listed }).create();
    await pool.refresh();
    expect(pool.pendingChanges()).toEqual([]);
    pool.declare({ scope: { mode: "listed", allowedWorkspaces: [ids["app-prod"]] } });
    await pool.update();
    world.nextDeployment();
    await pool.refresh();
    expect(pool.inputs["scope"]).toEqual({ mode: "listed", allowedWorkspaces: [ids["app-prod"]] });
    pool.declare({ scope: { mode: "organization" } });
    await pool.update();
    world.nextDeployment();
    await pool.refresh();
    expect(pool.pendingChanges()).toEqual([]);
  });

  it("keeps log hosting on env zero, with the organization as external id", async () => {
    const { controlPlane } = world.plane("env-zero");
    const logHosting = { accountId: "123456789012", region: "eu-west-1" };
    const pool = await world.resource("RunnerPool", { controlPlane, name: "logged", logHosting }).create();
    world.nextDeployment();
    await pool.refresh();
    expect(pool.pendingChanges()).toEqual([]);
    pool.declare({ logHosting: undefined });
    await pool.update();
    world.nextDeployment();
    await pool.refresh();
    expect(pool.inputs).not.toHaveProperty("logHosting");
  });
});

async function workspaceIds(): Promise<Record<string, string>> {
  const response = await fetch(`${world.emulator.url}/api/v2/organizations/acme/workspaces`, {
    headers: { authorization: `Bearer emulatortoken1.atlasv1.${"emulator".repeat(8)}` },
  });
  const { data } = (await response.json()) as { data: { id: string; attributes: { name: string } }[] };
  return Object.fromEntries(data.map(({ id, attributes }) => [attributes.name, id]));
}

async function withUrl<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const names = ["PULUMI_BACKEND_URL", "TFE_ADDRESS", "ENV0_API_ENDPOINT"];
  const former = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = url;
  try {
    return await work();
  } finally {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each(controlPlaneKinds)("RunnerPool on %s", (kind) => {
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
    expect({ inputs: created.inputs, state: created.state }).toEqual({ inputs, state });
    expect("initialToken" in state).toBe(kind === "pulumi-cloud");
    expect(await created.pendingChanges()).toEqual([]);
  });

  it("is renamed in place, and a rename behind our back is found and repaired", async () => {
    const created = await pool().create();
    const { id, state } = created;
    expect(await created.declare({ name: "renamed" })).toEqual(["name"]);
    await created.update();
    expect(created.id).toBe(id);
    expect(created.state).toEqual({ ...state, name: "renamed" });
    expect(await world.poolsNamed(kind, "renamed")).toHaveLength(1);
    expect(await created.declare({ name: "declared" })).toEqual(["name"]);
    await created.update();

    const other = world.resource("RunnerPool", {
      controlPlane: world.plane(kind).controlPlane,
      name: "x",
      adopt: created.state["poolId"],
    });
    await other.create();
    world.nextDeployment();
    await created.refresh();
    expect(await created.pendingChanges()).toEqual(["name"]);
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
      pulumiCloudAccessToken: "pul-wrong-token",
      hcpTerraformToken: "wrong-token",
      envZeroApiKey: "wrong",
      envZeroApiSecret: "wrong-secret",
    };
    world.nextDeployment(wrong);
    await expect(created.refresh()).rejects.toThrow(/HTTP 40[13]/);
  });

  it("refuses a name that is taken, and says how to take that pool over", async () => {
    const first = await pool().create();
    world.nextDeployment();
    await expect(pool().create()).rejects.toThrow(
      new RegExp(
        `in organization acme: HTTP 409: the name is taken by pool ${first.state["poolId"]}\\..*adopt: "${first.state["poolId"]}"`,
        "s",
      ),
    );
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });

  it("refuses to take the name of another pool", async () => {
    await pool({ name: "taken" }).create();
    world.nextDeployment();
    const created = await pool().create();
    await created.declare({ name: "taken" });
    await expect(created.update()).rejects.toThrow(
      /could not rename .* to "taken".*the name is taken by pool/,
    );
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
    expect(await adopted.pendingChanges()).toEqual([]);
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
    expect(found?.state).not.toHaveProperty("initialToken");
  });

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

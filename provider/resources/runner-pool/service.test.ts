import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import { controlPlaneKinds } from "../../control-planes/planes.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const elsewhere = "https://other.test";

/** From now on configuration names another service. */
function moveConfiguration(): void {
  const urls = { pulumiCloudUrl: elsewhere, hcpTerraformUrl: elsewhere, envZeroUrl: elsewhere };
  world.nextDeployment({ ...emulatorCredentials, ...urls });
}

describe.each(controlPlaneKinds)("a resource of %s, whose URL configuration names", (kind) => {
  /** What a program declares that names no URL. */
  const address = { kind, organization: "acme" };

  async function makeBoth(): Promise<TestResource[]> {
    const pool = await world.resource("RunnerPool", { controlPlane: address, name: "builders" }).create();
    const token = await world
      .resource("PoolToken", {
        controlPlane: address,
        pool: pool.id,
        description: "builders",
        ...(kind === "pulumi-cloud" && { initialToken: pool.state["initialToken"] }),
      })
      .create();
    return [pool, token];
  }

  it("keeps it in state", async () => {
    for (const made of await makeBoth()) expect(made.state["serviceUrl"]).toBe(world.emulator.url);
  });

  it("refuses everything once configuration names another one, with both in the message", async () => {
    const both = await makeBoth();
    moveConfiguration();
    const refusal = new RegExp(
      `this resource was made on ${world.emulator.url}, but .* now name ${elsewhere}\\. Nothing was looked up`,
    );
    for (const made of both) {
      await expect(made.refresh()).rejects.toThrow(refusal);
      await expect(made.pendingChanges()).rejects.toThrow(refusal);
      await expect(made.update()).rejects.toThrow(refusal);
      await expect(made.delete()).rejects.toThrow(refusal);
    }
    expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
  });

  it("is not replaced when the program states that URL", async () => {
    for (const made of await makeBoth()) {
      await made.declare({ controlPlane: { ...address, url: world.emulator.url } });
      const { changes } = await made.difference();
      expect(changes.filter(({ replaces }) => replaces)).toEqual([]);
      await made.update();
      expect(await made.refresh()).toBe(true);
    }
  });

  it("is replaced when the program states another one", async () => {
    const [pool] = await makeBoth();
    moveConfiguration();
    await pool?.declare({ controlPlane: { ...address, url: elsewhere } });
    const { changes } = (await pool?.difference()) ?? {};
    expect(changes?.filter(({ replaces }) => replaces).map(({ path }) => path)).toEqual(["controlPlane.url"]);
    // The old one is deleted once configuration names its service again.
    await expect(pool?.delete()).rejects.toThrow(/as controlPlane.url in the program besides/);
    world.nextDeployment();
    await pool?.delete();
    expect(await world.poolsNamed(kind, "builders")).toEqual([]);
  });

  it("is not looked for in the wrong place by a state of a version that kept no URL", async () => {
    const [pool] = await makeBoth();
    const { serviceUrl: _, ...old } = pool?.state ?? {};
    Object.assign(pool as TestResource, { state: old });
    expect(await pool?.refresh()).toBe(true);
    expect(pool?.state["serviceUrl"]).toBe(world.emulator.url);
  });
});

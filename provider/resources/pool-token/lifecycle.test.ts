import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import type { Fault } from "../../../emulator/faults.ts";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const minting = ["env-zero", "hcp-terraform"] as const;
type Minting = (typeof minting)[number];

function tokenOf(kind: Minting, pool: TestResource, description = "builders") {
  return world.resource("PoolToken", {
    controlPlane: world.plane(kind).controlPlane,
    pool: pool.id,
    description,
  });
}

async function tokensOf(kind: Minting, pool: TestResource) {
  return (await world.outsider(kind).tokens?.list(String(pool.state["poolId"]))) ?? [];
}

describe.each(minting)("PoolToken on %s", (kind) => {
  it("is made once, keeps its value through refreshes, and is revoked on delete", async () => {
    const pool = await world.poolOn(kind);
    const token = await tokenOf(kind, pool).create();
    const { value } = token.state;
    expect(value).toMatch(kind === "env-zero" ? /^env0agent_/ : /\.atlasv1\./);
    expect(token.id).toBe(`${pool.id}/${token.state["tokenId"]}`);
    world.nextDeployment();
    expect(await token.refresh()).toBe(true);
    expect(token.state["value"]).toBe(value);
    expect(await token.pendingChanges()).toEqual([]);
    expect(await tokensOf(kind, pool)).toHaveLength(1);
    await token.delete();
    await token.delete();
    expect(await tokensOf(kind, pool)).toEqual([]);
  });

  it("is gone when it was revoked behind our back, and when its pool was deleted", async () => {
    const pool = await world.poolOn(kind);
    const token = await tokenOf(kind, pool).create();
    await world.outsider(kind).tokens?.delete(String(pool.state["poolId"]), String(token.state["tokenId"]));
    world.nextDeployment();
    expect(await token.refresh()).toBe(false);
    await pool.delete();
    world.nextDeployment();
    expect(await token.refresh()).toBe(false);
  });

  it.each<[string, Fault["kind"]]>([
    ["the answer is cut off", "drop-after"],
    ["the answer is garbled", "malformed-json"],
    ["the connection is cut before the server acts", "drop-before"],
    ["a proxy answers with a page", "html"],
  ])("is minted exactly once in the end when %s", async (_, fault) => {
    const pool = await world.poolOn(kind);
    world.emulator.admin.addFault({
      kind: fault,
      plane: kind,
      method: "POST",
      path: "authentication-tokens$|/secrets$",
      times: 1,
    } as Fault);
    const token = await tokenOf(kind, pool).create();
    expect((await tokensOf(kind, pool)).map(({ id }) => id)).toEqual([token.state["tokenId"]]);
    expect(token.state["value"]).toBeTruthy();
  });

  it("leaves no orphan for the next deployment when the network stays away", async () => {
    const pool = await world.poolOn(kind);
    const { admin } = world.emulator;
    admin.addFault({
      kind: "drop-after",
      method: "POST",
      path: "authentication-tokens$|/secrets$",
      times: 1,
    });
    admin.addFault({ kind: "drop-before", method: "GET" });
    await expect(tokenOf(kind, pool).create()).rejects.toThrow("could not create");
    admin.clearFaults();
    world.nextDeployment();
    const token = await tokenOf(kind, pool).create();
    expect((await tokensOf(kind, pool)).map(({ id }) => id)).toEqual([token.state["tokenId"]]);
  });

  it("is revoked without a complaint where somebody has done that already", async () => {
    const pool = await world.poolOn(kind);
    const token = await tokenOf(kind, pool).create();
    await world.outsider(kind).tokens?.delete(String(pool.state["poolId"]), String(token.state["tokenId"]));
    await token.delete(pool);
    expect(await tokensOf(kind, pool)).toEqual([]);
  });

  it("is named in the refusal as the program describes it", async () => {
    const pool = await world.poolOn(kind);
    world.emulator.admin.addFault({ kind: "status", status: 422, method: "POST", plane: kind });
    await expect(tokenOf(kind, pool).create()).rejects.toThrow(
      `could not create token "builders" for pool ${pool.state["poolId"]}: HTTP 422`,
    );
  });

  it("is replaced by a new generation, made before the old one is revoked", async () => {
    const pool = await world.poolOn(kind);
    const first = await tokenOf(kind, pool).create();
    const second = await world
      .resource("PoolToken", {
        controlPlane: world.plane(kind).controlPlane,
        pool: pool.id,
        description: "builders",
        generation: 2,
      })
      .create();
    expect(second.state["value"]).not.toBe(first.state["value"]);
    await first.delete();
    expect((await tokensOf(kind, pool)).map(({ id }) => id)).toEqual([second.state["tokenId"]]);
  });

  it("names the pool that does not exist", async () => {
    const stray = world.resource("PoolToken", {
      controlPlane: world.plane(kind).controlPlane,
      pool: "none",
      description: "x",
    });
    await expect(stray.create()).rejects.toThrow(/none.*HTTP 404/);
  });

  it("is imported by its id alone, without its value", async () => {
    const pool = await world.poolOn(kind);
    const token = await tokenOf(kind, pool).create();
    const settings = {
      ...emulatorCredentials,
      hcpTerraformUrl: world.emulator.url,
      envZeroUrl: world.emulator.url,
    };
    world.nextDeployment(settings);
    const found = await token.importedAs(token.id);
    expect(found?.inputs).toMatchObject({ pool: pool.id, description: "builders", generation: 1 });
    expect(found?.state).not.toHaveProperty("value");
  });
});

describe("PoolToken", () => {
  it("surfaces the token that is born with a pool of Pulumi Cloud, with no call of its own", async () => {
    const pool = await world.poolOn("pulumi-cloud");
    const { initialToken } = pool.state;
    world.emulator.admin.clearJournal();
    const token = await world
      .resource("PoolToken", {
        controlPlane: world.plane("pulumi-cloud").controlPlane,
        pool: pool.id,
        description: "x",
        initialToken,
      })
      .create();
    expect(token.id).toBe(`${pool.id}/initial`);
    expect(token.state["value"]).toBe(initialToken);
    await token.delete();
    expect(world.emulator.admin.journalCounts()["pulumi-cloud"].total).toBe(0);
    await token.refresh();
    expect(await token.pendingChanges()).toEqual([]);
    await pool.delete();
    world.nextDeployment();
    expect(await token.refresh()).toBe(false);
  });

  it("of Pulumi Cloud has the value that its pool has now, also where it was imported without", async () => {
    const pool = await world.poolOn("pulumi-cloud");
    const { controlPlane } = world.plane("pulumi-cloud");
    const { url } = world.emulator;
    world.nextDeployment({ ...emulatorCredentials, pulumiCloudUrl: url });
    const token = world.resource("PoolToken", { controlPlane, pool: pool.id, description: "initial" });
    const found = await token.importedAs(`${pool.id}/initial`);
    expect(found?.inputs).toMatchObject({ pool: pool.id, description: "initial" });
    expect(found?.state).toMatchObject({ tokenId: "initial" });
    expect(found?.state).not.toHaveProperty("value");
    expect(found?.state).not.toHaveProperty("createdAt");
    Object.assign(token, found);
    await token.declare({
      initialToken: pool.state["initialToken"],
      controlPlane: found?.inputs["controlPlane"],
    });
    await token.update();
    expect(token.state["value"]).toBe(pool.state["initialToken"]);
    expect(token.state).not.toHaveProperty("createdAt");
  });

  it("of Pulumi Cloud is none besides the one that is issued with the pool", async () => {
    const pool = await world.poolOn("pulumi-cloud");
    world.nextDeployment({ ...emulatorCredentials, pulumiCloudUrl: world.emulator.url });
    const { controlPlane } = world.plane("pulumi-cloud");
    const token = world.resource("PoolToken", { controlPlane, pool: pool.id, description: "x" });
    expect(await token.importedAs(`${pool.id}/other`)).toBeUndefined();
    expect((await token.importedAs(`${pool.id}/initial`))?.id).toBe(`${pool.id}/initial`);
  });

  it("costs one request where a pool has any number of tokens", async () => {
    const pool = await world.poolOn("hcp-terraform");
    world.emulator.admin.clearJournal();
    await tokenOf("hcp-terraform", pool).create();
    expect(world.emulator.admin.journal().map(({ method }) => method)).toEqual(["POST"]);
  });

  it("names the two secrets that occupy a pool of env zero", async () => {
    const pool = await world.poolOn("env-zero");
    await tokenOf("env-zero", pool, "first").create();
    await tokenOf("env-zero", pool, "second").create();
    await expect(tokenOf("env-zero", pool, "third").create()).rejects.toThrow(
      /at most 2 tokens at a time, and there are "first #[0-9a-f]{6}" \(.+\) and "second #[0-9a-f]{6}" \(.+\)\. Revoke one/,
    );
    expect(await tokensOf("env-zero", pool)).toHaveLength(2);
  });

  it("says that an organization token cannot create agent tokens on HCP Terraform", async () => {
    const pool = await world.poolOn("hcp-terraform");
    const organizationToken = `organization1.atlasv1.${"organization".repeat(6)}`;
    world.emulator.admin.addCredential({
      plane: "hcp-terraform",
      value: organizationToken,
      kind: "organization-token",
      organizations: ["acme"],
    });
    world.nextDeployment({ ...emulatorCredentials, hcpTerraformToken: organizationToken });
    const error = await tokenOf("hcp-terraform", pool)
      .create()
      .catch((reason: Error) => reason);
    expect(String(error)).toContain("organization tokens cannot create agent tokens, so use a user token");
    expect(String(error)).not.toContain(organizationToken);
  });
});

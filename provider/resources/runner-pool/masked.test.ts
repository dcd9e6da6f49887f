import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../../emulator/default-seed.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** From now on the credential sees the organization, while pools and tokens answer as if they were not there. */
function maskPools(): void {
  const pulumiCloudAccessToken = `pul-${"ab".repeat(20)}`;
  const hcpTerraformToken = `member00000001.atlasv1.${"member".repeat(10)}`;
  const organizations = ["acme"];
  const { admin } = world.emulator;
  admin.addCredential({
    plane: "pulumi-cloud",
    value: pulumiCloudAccessToken,
    kind: "member",
    organizations,
    agentPools: 404,
  });
  admin.addCredential({ plane: "hcp-terraform", value: hcpTerraformToken, kind: "member", organizations });
  world.nextDeployment({ ...emulatorCredentials, pulumiCloudAccessToken, hcpTerraformToken });
}

describe.each(["pulumi-cloud", "hcp-terraform"] as const)(
  "a credential that may not see pools of %s",
  (kind) => {
    it("does not make a pool count as gone in a refresh", async () => {
      const pool = await world.poolOn(kind);
      maskPools();
      await expect(pool.refresh()).rejects.toThrow(/HTTP 40[34]|may not manage/);
    });

    it("does not make a pool count as deleted", async () => {
      const pool = await world.poolOn(kind);
      maskPools();
      await expect(pool.delete()).rejects.toThrow(/HTTP 40[34]|may not manage/);
      expect(await world.poolsNamed(kind, "builders")).toHaveLength(1);
    });

    it("is told from a pool that is gone by an update", async () => {
      const pool = await world.poolOn(kind);
      maskPools();
      await pool.declare({ name: "renamed" });
      await expect(pool.update()).rejects.toThrow(/HTTP 40[34]/);
    });

    it("cannot adopt a pool", async () => {
      const { state } = await world.poolOn(kind);
      maskPools();
      const { controlPlane } = world.plane(kind);
      const adopting = world.resource("RunnerPool", { controlPlane, adopt: state["poolId"] });
      await expect(adopting.create()).rejects.toThrow(/HTTP 404|or the credential may not see it/);
    });
  },
);

it("tells what to do where a pool that is to be updated is gone", async () => {
  const pool = await world.poolOn("pulumi-cloud");
  await world.outsider("pulumi-cloud").pools.delete(String(pool.state["poolId"]), { force: false });
  await pool.declare({ description: "new" });
  await expect(pool.update()).rejects.toThrow(/HTTP 404.*run `pulumi refresh`/s);
});

describe("a credential that may not see tokens of hcp-terraform", () => {
  const tokenOf = async () => {
    const pool = await world.poolOn("hcp-terraform");
    const { controlPlane } = world.plane("hcp-terraform");
    return world.resource("PoolToken", { controlPlane, pool: pool.id, description: "builders" }).create();
  };

  it("does not make a token count as gone in a refresh", async () => {
    const token = await tokenOf();
    maskPools();
    await expect(token.refresh()).rejects.toThrow(/HTTP 40[34]|may not manage/);
  });

  it("does not make a token count as revoked", async () => {
    const token = await tokenOf();
    maskPools();
    await expect(token.delete()).rejects.toThrow(/HTTP 40[34]|may not manage/);
    const [, , poolId = ""] = token.id.split("/");
    expect(await world.outsider("hcp-terraform").tokens?.list(poolId)).toHaveLength(1);
  });
});

it("does not make the token that is issued with a pool of pulumi-cloud count as gone", async () => {
  const pool = await world.poolOn("pulumi-cloud");
  const { controlPlane } = world.plane("pulumi-cloud");
  const { initialToken } = pool.state;
  const inputs = { controlPlane, pool: pool.id, description: "x", initialToken };
  const token = await world.resource("PoolToken", inputs).create();
  maskPools();
  await expect(token.refresh()).rejects.toThrow(/HTTP 40[34]/);
});

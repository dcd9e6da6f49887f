import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorld, type TestResource, type World } from "../testing/world.ts";

let world: World;
let pool: TestResource;
let token: TestResource;

beforeEach(async () => {
  world = await openWorld();
  pool = await world.poolOn("hcp-terraform");
  const { controlPlane } = world.plane("hcp-terraform");
  token = await world
    .resource("PoolToken", { controlPlane, pool: pool.id, description: "builders" })
    .create();
});

afterEach(() => world.close());

/** Paths of the requests since the test began that revoke a token. */
function revocations(): string[] {
  const journal = world.emulator.admin.journal();
  return journal.filter(({ method }) => method === "DELETE").map(({ path }) => path);
}

async function tokenIds(): Promise<string[]> {
  const tokens = await world.outsider("hcp-terraform").tokens?.list(String(pool.state["poolId"]));
  return (tokens ?? []).map(({ id }) => id);
}

describe("a token of which the control plane answers 404 when it is looked at", () => {
  it.each(["refuse", "wait"])("is not revoked while its pool lists it (%s)", async (whenInUse) => {
    token.state["whenInUse"] = whenInUse;
    const id = String(token.state["tokenId"]);
    world.emulator.admin.addFault({
      kind: "status",
      status: 404,
      plane: "hcp-terraform",
      method: "GET",
      path: `/api/v2/authentication-tokens/${id}`,
    });
    await expect(token.delete(pool)).rejects.toThrow(
      `HCP Terraform: could not see whether an agent uses token ${id} of pool ${pool.state["poolId"]}, which was therefore not revoked: it answers 404, yet agent pool`,
    );
    expect(revocations()).toEqual([]);
    expect(await tokenIds()).toEqual([id]);
  });

  it("is left alone once it is gone", async () => {
    await world
      .outsider("hcp-terraform")
      .tokens?.delete(String(pool.state["poolId"]), String(token.state["tokenId"]));
    const before = revocations().length;
    await token.delete(pool);
    expect(revocations()).toHaveLength(before);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { strangersToken, tokenCreation } from "../testing/strangers.ts";
import { openWorld, type World } from "../testing/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

describe.each(["env-zero", "hcp-terraform"] as const)(
  "a stranger's token of the same description on %s",
  (kind) => {
    const creation = { plane: kind, method: "POST", path: tokenCreation } as const;

    it.each([
      ["before", "status-after"],
      ["after", "status-after"],
      ["before", "status"],
      ["after", "drop-after"],
    ] as const)("lives when it comes just %s our request, whose answer is lost (%s)", async (when, fault) => {
      const pool = await world.poolOn(kind);
      const poolId = String(pool.state["poolId"]);
      const stranger = { id: "" };
      const { admin } = world.emulator;
      admin.interpose({
        ...creation,
        when,
        times: 1,
        run: () => void Object.assign(stranger, strangersToken(world, kind, poolId, "builders")),
      });
      admin.addFault(
        fault === "drop-after"
          ? { ...creation, kind: fault, times: 1 }
          : { ...creation, kind: fault, status: 502, times: 1 },
      );
      const { controlPlane } = world.plane(kind);
      const ours = await world
        .resource("PoolToken", { controlPlane, pool: pool.id, description: "builders" })
        .create();
      const listed = (await world.outsider(kind).tokens?.list(poolId)) ?? [];
      expect(listed.map(({ id }) => id).sort()).toEqual([stranger.id, String(ours.state["tokenId"])].sort());
      expect(ours.state["value"]).toBeTruthy();
    });

    it("does not share the note of a create with a token that is made at the same time", async () => {
      const pool = await world.poolOn(kind);
      const { controlPlane } = world.plane(kind);
      const inputs = { controlPlane, pool: pool.id, description: "builders" };
      world.emulator.admin.addFault({ ...creation, kind: "drop-after", times: 1 });
      const both = [world.resource("PoolToken", inputs), world.resource("PoolToken", inputs)];
      const made = await Promise.all(both.map((token) => token.create()));
      const listed = (await world.outsider(kind).tokens?.list(String(pool.state["poolId"]))) ?? [];
      const ids = made.map(({ state }) => state["tokenId"]).sort();
      expect(listed.map(({ id }) => id).sort()).toEqual(ids);
    });
  },
);

it("finds the slot of env zero that somebody has freed a moment ago", async () => {
  const pool = await world.poolOn("env-zero");
  const poolId = String(pool.state["poolId"]);
  const { controlPlane } = world.plane("env-zero");
  const make = (description: string) =>
    world.resource("PoolToken", { controlPlane, pool: pool.id, description }).create();
  const first = await make("first");
  await make("second");
  await expect(make("third")).rejects.toThrow("at most 2 tokens");
  await world.outsider("env-zero").tokens?.delete(poolId, String(first.state["tokenId"]));
  await make("third");
  expect(await world.outsider("env-zero").tokens?.list(poolId)).toHaveLength(2);
});

it("is surfaced by one resource only where it is issued with the pool", async () => {
  const pool = await world.poolOn("pulumi-cloud");
  const other = await world.poolOn("pulumi-cloud", "others");
  const { controlPlane } = world.plane("pulumi-cloud");
  const tokenOf = ({ id, state: { initialToken } }: typeof pool, description: string) =>
    world.resource("PoolToken", { controlPlane, pool: id, description, initialToken });
  await tokenOf(pool, "one").create();
  await expect(tokenOf(pool, "two").create()).rejects.toThrow(
    `of this program also declares the token that is issued with pool ${pool.state["poolId"]}. Only one`,
  );
  await tokenOf(other, "three").create();
});

import { describe, expect, it, vi } from "vitest";
import { type Claim, Claims } from "./claims.ts";

const claim = (owner: string, more: Partial<Claim> = {}): Claim => ({
  owner,
  declared: [],
  resolve: async () => [],
  ...more,
});

describe("claims that cannot hold together", () => {
  it("are those of two resources on one thing for different pools", () => {
    const claims = new Claims();
    claims.declare(claim("a", { pool: "one", declared: ["stack x"] }));
    const conflict = claims.conflictWith(claim("b", { pool: "two", declared: ["stack w", "stack x"] }));
    expect(conflict).toMatchObject({ claim: { owner: "a" }, thing: "stack x" });
    expect(claims.conflictWith(claim("b", { pool: "one", declared: ["stack x"] }))).toBeUndefined();
    expect(claims.conflictWith(claim("b", { pool: "two", declared: ["stack y"] }))).toBeUndefined();
    expect(claims.conflictWith(claim("a", { pool: "two", declared: ["stack x"] }))).toBeUndefined();
    expect(claims.conflictWith(claim("b", { declared: ["stack x"] }))).toBeUndefined();
    claims.declare(claim("default", { declared: ["stack z"] }));
    expect(claims.conflictWith(claim("b", { pool: "two", declared: ["stack z"] }))).toBeUndefined();
  });

  it("are those on a thing that only one resource may declare, whatever the pool", () => {
    const claims = new Claims();
    claims.declare(claim("a", { declared: ["name ci"] }));
    expect(claims.conflictWith(claim("b", { declared: ["name ci"], exclusive: true }))?.thing).toBe(
      "name ci",
    );
    expect(claims.conflictWith(claim("b", { declared: ["name ci"] }))).toBeUndefined();
  });

  it("tell resources of one name apart by their URN", () => {
    const claims = new Claims();
    claims.declare(claim("a", { urn: "urn:1", pool: "one", declared: ["x"] }));
    expect(claims.conflictWith(claim("a", { urn: "urn:2", pool: "two", declared: ["x"] }))).toBeDefined();
    expect(claims.conflictWith(claim("b", { urn: "urn:1", pool: "two", declared: ["x"] }))).toBeUndefined();
    expect(claims.conflictWith(claim("a", { pool: "two", declared: ["x"] }))).toBeUndefined();
    claims.declare(claim("c", { pool: "one", declared: ["y"] }));
    expect(claims.conflictWith(claim("c", { urn: "urn:3", pool: "two", declared: ["y"] }))).toBeUndefined();
  });

  it("are found by what the words stand for", async () => {
    const claims = new Claims();
    claims.declare(claim("a", { pool: "one", declared: ["name"], resolve: async () => ["w", "target 1"] }));
    const byId = (pool: string | undefined, key: string, owner = "b") =>
      claims.hiddenConflictWith(claim(owner, { pool, declared: ["id"], resolve: async () => [key, "z"] }));
    expect(await byId("two", "target 1")).toMatchObject({ owner: "a" });
    expect(await byId("one", "target 1")).toBeUndefined();
    expect(await byId("two", "target 2")).toBeUndefined();
    expect(await byId("two", "target 1", "a")).toBeUndefined();
    expect(await byId(undefined, "target 1")).toBeUndefined();
  });

  it("are passed over as long as nobody can say what they stand for", async () => {
    const claims = new Claims();
    const fails = async () => Promise.reject(new Error("no network"));
    claims.declare(claim("broken", { pool: "one", resolve: fails }));
    claims.declare(claim("a", { pool: "one", resolve: async () => ["target 1"] }));
    const own = claim("b", { pool: "two", resolve: async () => ["target 1"] });
    expect(await claims.hiddenConflictWith(own)).toMatchObject({ owner: "a" });
    expect(await claims.hiddenConflictWith({ ...own, resolve: fails })).toBeUndefined();
  });

  it("ask nothing of the others where nobody can say what this one stands for", async () => {
    const claims = new Claims();
    const resolve = vi.fn(async () => ["target 1"]);
    claims.declare(claim("a", { pool: "one", resolve }));
    await claims.hiddenConflictWith(claim("b", { pool: "two" }));
    expect(resolve).not.toHaveBeenCalled();
  });

  it("cost nothing where no other pool is claimed", async () => {
    const claims = new Claims();
    let asked = 0;
    const resolve = async () => {
      asked++;
      return ["x"];
    };
    claims.declare(claim("a", { pool: "one", resolve }));
    claims.declare(claim("default", { resolve }));
    claims.declare(claim("pool", { pool: "two", manages: "pool", resolve }));
    await claims.hiddenConflictWith(claim("b", { pool: "one", resolve }));
    expect(asked).toBe(0);
    claims.declare(claim("c", { pool: "three", resolve }));
    await claims.hiddenConflictWith(claim("p", { pool: "one", manages: "access", resolve }));
    expect(asked).toBe(0);
  });
});

describe("claims on a thing", () => {
  it("are those of the others, and the last one of a resource counts", async () => {
    const claims = new Claims();
    claims.declare(claim("a", { urn: "urn:a", resolve: async () => ["x"] }));
    expect((await claims.on("x")).map(({ owner }) => owner)).toEqual(["a"]);
    expect(await claims.on("x", { owner: "a", urn: "urn:a" })).toEqual([]);
    claims.declare(claim("a", { urn: "urn:a", resolve: async () => ["y"] }));
    expect(await claims.on("x")).toEqual([]);
    expect(await claims.on("y", { owner: "b", urn: "urn:b" })).toHaveLength(1);
  });

  it("are renewed only where they were made", async () => {
    const claims = new Claims();
    claims.renew(claim("a", { resolve: async () => ["x"] }));
    expect(await claims.on("x")).toEqual([]);
    claims.declare(claim("a"));
    claims.renew(claim("a", { resolve: async () => ["x"] }));
    expect(await claims.on("x")).toHaveLength(1);
  });

  it("are looked up once, and again after a failure, which is told", async () => {
    const claims = new Claims();
    let calls = 0;
    claims.declare(
      claim("a", {
        resolve: async () => {
          if (++calls === 1) throw new Error("no network");
          return ["x"];
        },
      }),
    );
    await expect(claims.on("x")).rejects.toThrow("no network");
    await claims.resolved("one https://one.test");
    expect(await claims.on("x")).toHaveLength(1);
    expect(calls).toBe(2);
  });

  it("on another service are not looked up: that may be down", async () => {
    const claims = new Claims();
    const resolve = () => Promise.reject(new Error("no network"));
    claims.declare(claim("a", { service: "two https://two.test", resolve }));
    claims.declare(
      claim("b", { service: "one https://one.test", resolve: async () => ["target one https://one.test x"] }),
    );
    await claims.resolved("one https://one.test");
    expect(await claims.on("target one https://one.test x")).toMatchObject([{ owner: "b" }]);
    await expect(claims.resolved("two https://two.test")).rejects.toThrow("no network");
    await expect(claims.on("target two https://two.test x")).rejects.toThrow("no network");
  });

  it("are all looked up before, or the failure is told", async () => {
    const claims = new Claims();
    claims.declare(claim("a", { resolve: () => Promise.reject(new Error("no network")) }));
    await expect(claims.resolved("one https://one.test")).rejects.toThrow("no network");
  });
});

describe("pools of a deployment", () => {
  it("are those that it manages now, or did by its state", () => {
    const claims = new Claims();
    claims.declare(claim("p1", { pool: "one", manages: "access" }));
    claims.declare(claim("p2", { pool: "two", manages: "pool" }));
    claims.declare(claim("a", { pool: "three" }));
    claims.notePool("four", { owner: "p4" });
    const pools = ["one", "two", "three", "four", "five"];
    expect(pools.filter((pool) => claims.isOwnPool(pool))).toEqual(["one", "two", "four"]);
    expect(pools.filter((pool) => claims.managesAccess(pool))).toEqual(["one"]);
    expect(pools.filter((pool) => claims.declaresPool(pool))).toEqual(["one", "two", "three"]);
  });

  it("have a manager where the program declares one", () => {
    const claims = new Claims();
    claims.declare(claim("user", { pool: "one" }));
    claims.declare(claim("other manager", { pool: "two", manages: "pool" }));
    expect(claims.managerOf("one")).toBeUndefined();
    claims.declare(claim("manager", { pool: "one", manages: "access" }));
    expect(claims.managerOf("one")?.owner).toBe("manager");
  });

  it("may give away their targets, and so may what state holds", () => {
    const claims = new Claims();
    const target = { kind: "workspace", id: "ws-1" };
    claims.notePool("own", { owner: "p" });
    claims.noteHeld("foreign", { ...target, poolId: "1" }, { owner: "a" });
    expect(claims.mayTakeFrom("own", { kind: "project", id: "prj-1" })).toBe(true);
    expect(claims.mayTakeFrom("foreign", target)).toBe(true);
    expect(claims.mayTakeFrom("foreign", { ...target, id: "ws-2" })).toBe(false);
    expect(claims.mayTakeFrom("foreign", { ...target, kind: "project" })).toBe(false);
    expect(claims.mayTakeFrom("other", target)).toBe(false);
  });
});

describe("what a resource did before", () => {
  const [first, second] = [
    { owner: "a", urn: "urn:1" },
    { owner: "a", urn: "urn:2" },
  ];

  it("tells the targets that its replacement takes over, and their pools", () => {
    const claims = new Claims();
    const granted = { kind: "workspace", id: "ws-1", name: "one", poolId: "x", accessGranted: true };
    const ofOther = { kind: "workspace", id: "ws-2", poolId: "x" };
    const atOther = { kind: "workspace", id: "ws-3", poolId: "y" };
    claims.noteHeld("pool x", granted, first);
    claims.noteHeld("pool x", ofOther, second);
    claims.noteHeld("pool y", atOther, first);
    expect(claims.heldBy(first)).toMatchObject([
      { pool: "pool x", target: granted },
      { pool: "pool y", target: atOther },
    ]);
    expect(claims.heldBy({ owner: "b" })).toEqual([]);
    // Where a URN is not known, the words have to do.
    expect(claims.heldBy({ owner: "a" }).map(({ target }) => target.id)).toEqual(["ws-1", "ws-2", "ws-3"]);
  });

  it("is noted anew by each comparison", () => {
    const claims = new Claims();
    const target = { kind: "workspace", id: "ws-1", poolId: "x" };
    claims.noteHeld("pool x", { ...target, accessGranted: true }, first);
    claims.noteHeld("pool x", { ...target, accessGranted: false }, first);
    expect(claims.heldBy(first).map((held) => held.target)).toEqual([{ ...target, accessGranted: false }]);
  });

  it("tells the pools that it managed, and not those of others", () => {
    const claims = new Claims();
    claims.notePool("pool x", first);
    expect(claims.managedBefore("pool x", first)).toBe(true);
    expect(claims.managedBefore("pool x", second)).toBe(false);
    expect(claims.managedBefore("pool y", first)).toBe(false);
    // To declare a pool is not to have managed it.
    claims.declare(claim("a", { urn: "urn:1", pool: "pool y", manages: "pool" }));
    expect(claims.managedBefore("pool y", first)).toBe(false);
  });
});

it("a resource that is declared again is found by its owner, with what it declares now", () => {
  const claims = new Claims();
  expect(claims.ofOwner({ owner: "a", urn: "urn:1" })).toBeUndefined();
  claims.declare(claim("a", { urn: "urn:1", maxReleases: 1 }));
  claims.declare(claim("a", { urn: "urn:2", maxReleases: 2 }));
  claims.declare(claim("a", { urn: "urn:1", maxReleases: 3 }));
  expect(claims.ofOwner({ owner: "a", urn: "urn:1" })?.maxReleases).toBe(3);
  expect(claims.ofOwner({ owner: "a", urn: "urn:2" })?.maxReleases).toBe(2);
  expect(claims.ofOwner({ owner: "b" })).toBeUndefined();
  expect(claims.ofOwner({ owner: "other words", urn: "urn:2" })?.maxReleases).toBe(2);
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ControlPlaneAddress } from "../control-planes/connect.ts";
import { canonicalPool, describePool, poolIdOf, poolRules, requirePool } from "./pool-reference.ts";
import { expectRefusal, pulumi, type Refusal, terraform } from "./testing/check-inputs.ts";
import { openWorld, type World } from "./testing/world.ts";

describe("the pool that inputs refer to", () => {
  it.each<Refusal>([
    [
      "the id of a token for a pool",
      "StackPoolAssignment",
      { controlPlane: pulumi, pool: "pulumi-cloud/acme/1/initial", target: { stack: "a/b" } },
      "pool",
      "is not the id of a pool",
    ],
    [
      "a pool of another plane",
      "PoolToken",
      { controlPlane: terraform, pool: "env-zero/acme/1", description: "x" },
      "controlPlane",
      "is HCP Terraform, but the pool is one of env zero",
    ],
    [
      "a pool of another organization",
      "OrganizationDefaultPool",
      { controlPlane: terraform, pool: "hcp-terraform/other/1" },
      "controlPlane",
      "names organization acme, but the pool is one of organization other",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));

  it.each([
    ["nothing, as long as it is not known", terraform, undefined],
    ["the vendor's own id", terraform, "apool-1"],
    ["the id of a RunnerPool", terraform, "hcp-terraform/acme/apool-1"],
    ["the organization in other letters", terraform, "hcp-terraform/ACME/apool-1"],
    ["a pool for a control plane that is not known yet", undefined, "hcp-terraform/acme/apool-1"],
    ["a pool for an organization that is not known yet", { kind: "hcp-terraform" }, "hcp-terraform/acme/1"],
    ["a pool for a kind that is not known yet", { organization: "other" }, "hcp-terraform/acme/1"],
    [
      "an organization by its id, where it has one",
      { kind: "env-zero", organization: "7d3e" },
      "env-zero/acme/1",
    ],
  ])("allows %s", (_what, address, reference) => {
    expect(poolRules(address as ControlPlaneAddress | undefined, reference)).toEqual([]);
  });

  it("is named by the vendor's id or by the id of a RunnerPool, which is the canonical form", () => {
    const address = { kind: "hcp-terraform", organization: "acme" } as const;
    expect(["apool-1", "hcp-terraform/other/apool-1"].map(poolIdOf)).toEqual(["apool-1", "apool-1"]);
    expect(canonicalPool(address, "apool-1")).toBe("hcp-terraform/acme/apool-1");
    expect(canonicalPool(address, "hcp-terraform/ACME/apool-1")).toBe("hcp-terraform/ACME/apool-1");
  });
});

describe("a pool on its control plane", () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("must exist; the message names those that do", async () => {
    const pool = await world.poolOn("pulumi-cloud");
    await world.poolOn("pulumi-cloud", "second");
    const plane = world.outsider("pulumi-cloud");
    await requirePool(plane, String(pool.state["poolId"]));
    await expect(requirePool(plane, "none")).rejects.toThrow(
      /^Pulumi Cloud: there is no agent pool none in organization acme; there are: .*builders \(.*\).* Pass the id of a RunnerPool, or one of these ids\.$/,
    );
    await expect(requirePool(plane, "none")).rejects.toThrow(/ \([^)]*\), second \(/);
    await expect(requirePool(world.outsider("hcp-terraform"), "none")).rejects.toThrow(
      "in organization acme; it has no pools. Pass",
    );
  });

  it("is found although the list that is known is older than it", async () => {
    const plane = world.outsider("pulumi-cloud");
    await plane.pools.list();
    const pool = await world.poolOn("pulumi-cloud");
    await requirePool(plane, String(pool.state["poolId"]));
  });

  it("is asked for once only", async () => {
    const pool = await world.poolOn("pulumi-cloud");
    const plane = world.outsider("pulumi-cloud");
    const run = vi.fn();
    world.emulator.admin.interpose({ method: "GET", path: "/agent-pools", when: "before", run });
    await requirePool(plane, String(pool.state["poolId"]));
    await requirePool(plane, String(pool.state["poolId"]));
    expect(run).toHaveBeenCalledOnce();
  });

  it("is described by its name where that can be looked up", async () => {
    const pool = await world.poolOn("hcp-terraform");
    const poolId = String(pool.state["poolId"]);
    expect(await describePool(world.outsider("hcp-terraform"), poolId)).toBe(`pool "builders" (${poolId})`);
    expect(await describePool(world.outsider("hcp-terraform"), "apool-none")).toBe("pool apool-none");
    world.emulator.admin.addFault({ kind: "status", status: 403, path: "/agent-pools" });
    expect(await describePool(world.outsider("hcp-terraform"), poolId)).toBe(`pool ${poolId}`);
  });
});

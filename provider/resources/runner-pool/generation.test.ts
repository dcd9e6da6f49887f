import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { check, envZero, pulumi, terraform } from "../testing/check-inputs.ts";
import { openWorld, type World } from "../testing/world.ts";

describe("the generation of a RunnerPool", () => {
  const violations = (generation: number, previous?: object, controlPlane: object = pulumi) =>
    check(
      "RunnerPool",
      { controlPlane, name: "builders", generation },
      previous && { previous: { controlPlane, name: "builders", ...previous } },
    ).violations;

  it.each([
    [1, { generation: 1 }],
    [2, { generation: 1 }],
    [3, { generation: 2 }],
    [2, {}],
    [7, undefined],
  ])("may be %d after %j", (wanted, previous) => {
    expect(violations(wanted, previous)).toEqual([]);
  });

  it.each([
    [3, { generation: 1 }, "is 1 now and cannot become 3: it may only rise by one at a time, to 2"],
    [1, { generation: 2 }, "is 2 now and cannot become 1: it may only rise by one at a time, to 3"],
    [3, {}, "is 1 now and cannot become 3"],
  ])("may not be %d after %j", (wanted, previous, reason) => {
    expect(violations(wanted, previous)).toEqual([
      { property: "generation", reason: expect.stringContaining(reason) },
    ]);
  });

  it.each([0, 1.5])("may not be %d", (wanted) => {
    expect(violations(wanted)).toHaveLength(1);
  });

  it.each([
    [envZero, "env zero makes tokens one by one"],
    [terraform, "HCP Terraform makes tokens one by one"],
  ])("is refused where tokens are made: %j", (controlPlane, reason) => {
    expect(violations(2, { generation: 1 }, controlPlane)).toEqual([
      { property: "generation", reason: expect.stringContaining(reason) },
    ]);
    expect(violations(1, undefined, controlPlane)).toEqual([]);
  });
});

it("needs a name, also where the first generation was adopted without", () => {
  const inputs = { controlPlane: pulumi, adopt: "1", generation: 2 };
  const { violations } = check("RunnerPool", inputs, { previous: { ...inputs, generation: 1 } });
  expect(violations).toEqual([
    { property: "name", reason: "is required where the resource makes a pool: give a name" },
  ]);
});

describe("a new generation of a pool of Pulumi Cloud", () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld();
  });

  afterEach(() => world.close());

  const names = async () => {
    const pools = await world.outsider("pulumi-cloud").pools.list();
    return pools.map(({ name }) => name).sort();
  };

  it("is made under a name of its own, takes over the assignments, and then the old one is deleted", async () => {
    const { target, controlPlane } = world.plane("pulumi-cloud");
    const first = await world.poolOn("pulumi-cloud");
    const inputs = { controlPlane, pool: first.id, target };
    const assignment = await world.resource("StackPoolAssignment", inputs).create();
    world.nextDeployment();
    await first.declare({ generation: 2 });
    expect((await first.difference()).changes).toEqual([
      { path: "generation", kind: "update", replaces: true },
    ]);
    const second = await first.replacement();
    expect(second.state["initialToken"]).toMatch(/^pul-/);
    expect(second.state["initialToken"]).not.toBe(first.state["initialToken"]);
    expect(second.inputs["name"]).toBe("builders");
    expect(await names()).toEqual(["builders", "builders-g2"]);
    await assignment.declare({ pool: second.id });
    await assignment.update();
    await first.delete(second, assignment);
    expect(await names()).toEqual(["builders-g2"]);
    expect(await world.poolOfTarget("pulumi-cloud", target)).toBe(second.state["poolId"]);

    world.nextDeployment();
    await second.refresh();
    expect(second.inputs["name"]).toBe("builders");
    expect(await second.pendingChanges()).toEqual([]);
    expect(await second.declare({ name: "renamed" })).toEqual(["name"]);
    await second.update();
    expect(await names()).toEqual(["renamed-g2"]);
    expect(await second.declare({ name: "renamed", description: "new" })).toEqual(["description"]);
    await second.update();
    expect(await names()).toEqual(["renamed-g2"]);
  });

  it("is a pool of its own also where the first one was adopted", async () => {
    const { id } = world.emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "theirs" });
    const { controlPlane } = world.plane("pulumi-cloud");
    const first = await world.resource("RunnerPool", { controlPlane, name: "builders", adopt: id }).create();
    world.nextDeployment();
    await first.declare({ generation: 2 });
    const { changes } = await first.difference();
    expect(changes.map(({ path, replaces }) => [path, replaces])).toEqual([["generation", true]]);
    const second = await first.replacement();
    expect(second.state["poolId"]).not.toBe(id);
    await first.delete(second);
    expect(await names()).toEqual(["builders-g2"]);
    await second.refresh();
    expect(await second.pendingChanges()).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorIds } from "../../../emulator/default-seed.ts";
import { controlPlaneKinds } from "../../control-planes/planes.ts";
import { lifecycles, type ResourceName } from "../index.ts";
import { strangersPool } from "../testing/strangers.ts";
import { openWorld, type World } from "../testing/world.ts";
import { ResourceHandler } from "./handler.ts";
import type { Properties } from "./lifecycle.ts";
import { unknownValue } from "./unknown.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** Checks a resource that is new, as the first preview of a program does. */
async function previewed(name: ResourceName, inputs: Properties, subject: string = name) {
  const { violations } = await new ResourceHandler(lifecycles[name]).check(inputs, world.contextOf(subject));
  return violations;
}

const requests = () => world.emulator.admin.journal().map(({ method, path }) => `${method} ${path}`);

describe.each(controlPlaneKinds)("the first preview of a program on %s", (kind) => {
  it("fails for a credential that is not valid, before anything is made", async () => {
    const { controlPlane, target } = world.plane(kind);
    const wrong = { pulumiCloudAccessToken: "pul-wrong", hcpTerraformToken: "wrong", envZeroApiKey: "wrong" };
    world.nextDeployment(wrong);
    for (const [name, inputs] of [
      ["RunnerPool", { controlPlane, name: "builders" }],
      ["StackPoolAssignment", { controlPlane, pool: unknownValue, target }],
    ] as const) {
      const [violation, ...others] = await previewed(name, inputs);
      expect(others).toEqual([]);
      expect(violation?.property).toBe("controlPlane");
      expect(violation?.reason).toMatch(/: could not .*: HTTP 401: /);
    }
    expect(requests().filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  it("warns of a target that does not exist, alone and in a set, while the pool is not known", async () => {
    const { controlPlane, target } = world.plane(kind);
    const [[targetKind = "", name = ""] = []] = Object.entries(target);
    const missing = `${name}-typo`;
    await previewed("StackPoolAssignment", {
      controlPlane,
      pool: unknownValue,
      target: { [targetKind]: missing },
    });
    const targets = { [`${targetKind}s`]: [name, missing] };
    await previewed("StackPoolAssignments", { controlPlane, pool: unknownValue, targets });
    const sentence = `there is no ${targetKind} ${missing} in organization acme at present, or the credential may not see it. Unless this program makes it first, the deployment fails: check its name.`;
    expect(world.warnings).toEqual([
      `StackPoolAssignment: ${sentence}`,
      `StackPoolAssignments: targets.${targetKind}s[1] ("${missing}"): ${sentence}`,
    ]);
  });

  it("names the pool that has the target, and says what is refused, while the own pool is not known", async () => {
    const { controlPlane, target } = world.plane(kind);
    const { id } = strangersPool(world, kind, "theirs");
    const [[targetKind = "", name = ""] = []] = Object.entries(target);
    const { assignments } = world.outsider(kind);
    const found = await assignments.find({ kind: targetKind, name });
    if (found) await assignments.assign(found, id);
    const inputs = { controlPlane, pool: unknownValue, target };
    await previewed("StackPoolAssignment", inputs);
    await previewed("StackPoolAssignment", { ...inputs, overwrite: true });
    const shown = `${targetKind} ${name}`;
    const sentence = `${shown} is assigned to pool "theirs" (${id}) at present. Unless this program manages that pool, the deployment fails; to take it from there, set overwrite: true.`;
    expect(world.plans).toEqual([
      `StackPoolAssignment: ${sentence}`,
      `StackPoolAssignment moves ${shown} from pool "theirs" (${id})`,
    ]);
    expect(world.warnings).toEqual([]);
  });

  it("says that the name of a new pool is taken, and by which pool", async () => {
    const { controlPlane } = world.plane(kind);
    const { id } = strangersPool(world, kind, "theirs");
    expect(await previewed("RunnerPool", { controlPlane, name: "theirs" })).toEqual([]);
    expect(world.plans).toEqual([
      `RunnerPool: the name "theirs" is taken by pool ${id} at present. Unless this program gives that pool up, the deployment fails: choose another name, or take it over with adopt: "${id}".`,
    ]);
  });

  it("warns of a pool to adopt that does not exist", async () => {
    const { controlPlane } = world.plane(kind);
    expect(await previewed("RunnerPool", { controlPlane, adopt: "typo" })).toEqual([]);
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^RunnerPool: there is no agent pool typo in organization acme; it has no pools\. The deployment fails: check the id in adopt\./,
      ),
    ]);
    expect(world.plans).toEqual([]);
  });

  it.each(["StackPoolAssignment", "StackPoolAssignments"] as const)(
    "warns of a pool that does not exist: %s",
    async (type) => {
      const { controlPlane, target } = world.plane(kind);
      const [[targetKind = "", name = ""] = []] = Object.entries(target);
      const targets = { [`${targetKind}s`]: [name] };
      const what = type === "StackPoolAssignment" ? { target } : { targets };
      expect(await previewed(type, { controlPlane, pool: "typo", ...what })).toEqual([]);
      expect(world.warnings).toEqual([
        `${type}: there is no agent pool typo in organization acme; it has no pools. Pass the id of a RunnerPool, or one of these ids. The deployment fails.`,
      ]);
    },
  );

  it("goes on where the control plane does not answer, and says so", async () => {
    const { controlPlane } = world.plane(kind);
    world.emulator.admin.addFault({ kind: "status", status: 403, method: "GET", times: 10 });
    expect(await previewed("RunnerPool", { controlPlane, name: "builders" })).toEqual([]);
    expect(world.warnings).toEqual([
      expect.stringMatching(/^RunnerPool: the preview could not look up what would change: .*403/),
    ]);
  });
});

it("shows what a set selects while its pool is not known, and what selects nothing", async () => {
  const { controlPlane } = world.plane("pulumi-cloud");
  const targets = { stacks: ["network/*", "none/*", "app/prod"] };
  await previewed("StackPoolAssignments", { controlPlane, pool: unknownValue, targets });
  expect(world.plans).toEqual([
    expect.stringMatching(/^StackPoolAssignments selects 3 targets: .*stack network\/prod/),
  ]);
  expect(world.warnings).toEqual([
    'StackPoolAssignments: targets.stacks[1] ("none/*") selects nothing at present.',
  ]);
});

it("does not count as assigned what a set cannot assign: names that do not exist, and targets of another pool", async () => {
  const { controlPlane, target } = world.plane("hcp-terraform");
  const name = "workspace" in target ? target.workspace : "";
  const [theirs, ours] = ["theirs", "ours"].map((pool) => strangersPool(world, "hcp-terraform", pool).id);
  const { assignments } = world.outsider("hcp-terraform");
  const found = await assignments.find({ kind: "workspace", name });
  if (found) await assignments.assign(found, theirs ?? "");
  const targets = { workspaces: ["app-prod", name, "typo"] };
  await previewed("StackPoolAssignments", { controlPlane, pool: ours, targets });
  expect(world.warnings).toEqual([
    expect.stringMatching(
      /^StackPoolAssignments: targets\.workspaces\[2\] \("typo"\): there is no workspace typo /,
    ),
  ]);
  expect(world.plans).toEqual([
    `StackPoolAssignments: workspace ${name} is assigned to pool "theirs" (${theirs}) at present. Unless this program manages that pool, the deployment fails; to take it from there, set overwrite: true.`,
    `StackPoolAssignments assigns 1 target to pool "ours" (${ours}): workspace app-prod`,
  ]);
});

it("warns of a name in a scope that stands for nothing", async () => {
  const { controlPlane } = world.plane("hcp-terraform");
  const scope = { mode: "listed", allowedWorkspaces: ["typo"] };
  expect(await previewed("RunnerPool", { controlPlane, name: "builders", scope })).toEqual([]);
  expect(world.warnings).toEqual([
    expect.stringContaining(
      "scope.allowedWorkspaces names workspace typo, which organization acme does not have",
    ),
  ]);
});

it("asks nothing where the targets, or the control plane, are not known", async () => {
  const { controlPlane } = world.plane("pulumi-cloud");
  await previewed("StackPoolAssignment", {
    controlPlane,
    pool: unknownValue,
    target: { stack: unknownValue },
  });
  await previewed("StackPoolAssignments", {
    controlPlane,
    pool: unknownValue,
    targets: { stacks: [unknownValue] },
  });
  await previewed("StackPoolAssignment", {
    controlPlane: { ...controlPlane, organization: unknownValue },
    pool: unknownValue,
    target: { stack: "network/prod" },
  });
  expect(requests()).toEqual([]);
});

it("costs a handful of requests however many assignments a program has", async () => {
  const { admin } = world.emulator;
  const { organization } = emulatorIds;
  const names = Array.from({ length: 40 }, (_, index) => `many/s${index}`);
  for (const stack of names) admin.pulumiCloud.createStack({ organization, stack });
  admin.clearJournal();
  const { controlPlane } = world.plane("pulumi-cloud");
  for (const stack of names) {
    await previewed("StackPoolAssignment", { controlPlane, pool: unknownValue, target: { stack } }, stack);
  }
  expect(world.warnings).toEqual([]);
  expect(requests().length).toBeLessThanOrEqual(8);
});

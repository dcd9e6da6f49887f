import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emulatorCredentials } from "../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { unknownValue } from "./framework/unknown.ts";
import type { ResourceName } from "./index.ts";
import { lifecycles } from "./index.ts";
import { check } from "./testing/check-inputs.ts";
import { handlerOf } from "./testing/handled.ts";
import { openWorld, type World } from "./testing/world.ts";

const acme = { kind: "hcp-terraform", organization: "acme" };
const pool = "hcp-terraform/acme/apool-1";

/** Everything that has a pool, with what it needs besides. */
const poolUsers: [ResourceName, Record<string, unknown>][] = [
  ["PoolToken", { description: "ci" }],
  ["StackPoolAssignment", { target: { workspace: "network-prod" } }],
  ["StackPoolAssignments", { targets: { workspaces: ["network-*"] } }],
  ["OrganizationDefaultPool", {}],
  ["AgentsOnline", {}],
];

describe.each(poolUsers)("the control plane of a %s", (resource, inputs) => {
  it("is that which the id of the pool names", () => {
    const checked = check(resource, { pool, ...inputs });
    expect(checked.violations).toEqual([]);
    expect(checked.inputs["controlPlane"]).toEqual(acme);
  });

  it("is not known as long as the pool is not", () => {
    const checked = check(resource, { pool: unknownValue, ...inputs });
    expect(checked.violations).toEqual([]);
    expect(checked.inputs["controlPlane"]).toBe(unknownValue);
  });

  it("must be given with the vendor's own id of a pool", () => {
    expect(check(resource, { pool: "apool-1", ...inputs }).violations).toEqual([
      {
        property: "controlPlane",
        reason: expect.stringMatching(
          /^is required here: "apool-1" .*<control plane>\/<organization>\/apool-1/,
        ),
      },
    ]);
  });

  it("stays that of the last deployment while the pool is being replaced", () => {
    const previous = { controlPlane: { ...acme, url: "https://tfe.acme.example" }, pool, ...inputs };
    const checked = check(resource, { pool: unknownValue, ...inputs }, { previous });
    expect(checked.inputs["controlPlane"]).toEqual(previous.controlPlane);
  });
});

describe("a program that leaves the control plane out from now on", () => {
  const inputs = { pool, target: { workspace: "network-prod" } };

  it.each([
    ["the default URL", { ...acme, url: "https://app.terraform.io/" }],
    ["the organization in other letters", { ...acme, organization: "ACME" }],
  ])("changes nothing where it named %s", (_what, controlPlane) => {
    const checked = check("StackPoolAssignment", inputs, { previous: { ...inputs, controlPlane } });
    expect(checked).toMatchObject({ violations: [], inputs: { controlPlane } });
  });

  it("changes nothing in a preview where something else is not known yet", () => {
    const previous = { ...inputs, controlPlane: { ...acme, url: "https://app.terraform.io" } };
    const target = { workspace: unknownValue };
    const checked = check("StackPoolAssignment", { pool, target }, { previous });
    expect(checked).toMatchObject({ violations: [], inputs: { controlPlane: previous.controlPlane } });
  });

  it("is told that the id does not name the URL which it gave", () => {
    const previous = { ...inputs, controlPlane: { ...acme, url: "https://tfe.acme.example" } };
    expect(check("StackPoolAssignment", inputs, { previous }).violations).toEqual([
      {
        property: "controlPlane",
        reason: expect.stringMatching(
          /^the last deployment found the pool at https:\/\/tfe\.acme\.example\. .*looked for at https:\/\/app\.terraform\.io/,
        ),
      },
    ]);
  });
});

it("stays as it was while the provider's configuration is not known yet", async () => {
  const { handler, context } = handlerOf(lifecycles.StackPoolAssignment as never);
  const target = { workspace: "network-prod" };
  const previous = { pool, target, controlPlane: { ...acme, url: "https://tfe.acme.example" } };
  const checked = await handler.check({ pool, target }, context, { previous, isReachable: false });
  expect(checked).toMatchObject({ violations: [], inputs: { controlPlane: previous.controlPlane } });
});

it("takes the control plane of another pool", () => {
  const previous = { pool, controlPlane: { ...acme, url: "https://tfe.acme.example" }, count: 1 };
  const checked = check("AgentsOnline", { pool: "hcp-terraform/other/apool-2" }, { previous });
  expect(checked).toMatchObject({
    violations: [],
    inputs: { controlPlane: { kind: "hcp-terraform", organization: "other" } },
  });
});

it("shows no replacement while the pool of an assignment is not known", async () => {
  const { handler, context } = handlerOf(lifecycles.StackPoolAssignment as never);
  const state = {
    controlPlane: acme,
    pool,
    poolId: "apool-1",
    target: { workspace: "a" },
    accessGranted: true,
  };
  const { inputs } = await handler.check({ pool: unknownValue, target: { workspace: "a" } }, context, {
    previous: state,
  });
  const { changes } = await handler.diff({ state, wanted: inputs }, context);
  expect(changes).toEqual([{ path: "pool", kind: "update", replaces: false }]);
});

describe("a pool on a service that is not the configured one", () => {
  let world: World;
  let elsewhere: Emulator;

  beforeEach(async () => {
    world = await openWorld();
    elsewhere = await startEmulator();
    const { host } = new URL(elsewhere.url);
    const token = emulatorCredentials.pulumiCloudAccessToken;
    world.nextDeployment({
      ...emulatorCredentials,
      credentials: JSON.stringify({ [`pulumi-cloud@${host}`]: { token } }),
    });
  });

  afterEach(async () => {
    await elsewhere.stop();
    await world.close();
  });

  const target = { stack: "network/prod" };
  const there = () => ({ kind: "pulumi-cloud", organization: "acme", url: elsewhere.url });

  it("is not looked for on the configured one, once the program has it", async () => {
    const made = await world.resource("RunnerPool", { controlPlane: there(), name: "builders" }).create();
    const assignment = world.resource("StackPoolAssignment", { pool: made.id, target });
    const says = `controlPlane: ${made.subject} has the pool at ${elsewhere.url}. The id of a pool does not tell the URL, so without controlPlane it would be looked for at ${world.emulator.url}: give the controlPlane of the RunnerPool here too`;
    await expect(assignment.create()).rejects.toThrow(says);
    const placed = world.resource("StackPoolAssignment", { controlPlane: there(), pool: made.id, target });
    expect((await placed.create()).state["poolId"]).toBe(made.state["poolId"]);
  });

  it("is known from state, too, where it did not change", async () => {
    const made = await world.resource("RunnerPool", { controlPlane: there(), name: "builders" }).create();
    const settings = {
      credentials: JSON.stringify({
        [`pulumi-cloud@${new URL(elsewhere.url).host}`]: {
          token: emulatorCredentials.pulumiCloudAccessToken,
        },
      }),
    };
    world.nextDeployment({ ...emulatorCredentials, ...settings });
    await made.declareHere();
    const inputs = { controlPlane: { ...there(), url: world.emulator.url }, pool: made.id };
    await expect(world.resource("AgentsOnline", inputs).create()).rejects.toThrow(
      `controlPlane: ${made.subject} has the pool at ${elsewhere.url}. controlPlane names ${world.emulator.url}: both must be the same`,
    );
  });
});

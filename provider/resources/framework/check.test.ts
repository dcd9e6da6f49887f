import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ResourceName } from "../index.ts";
import { check, envZero, expectRefusal, pulumi, type Refusal, terraform } from "../testing/check-inputs.ts";
import { checkInputs, withDefaults } from "./check.ts";
import type { Lifecycle, LifecycleContext } from "./lifecycle.ts";
import { containsUnknown, unknownValue } from "./unknown.ts";

describe("checkInputs", () => {
  it.each<Refusal>([
    [
      "an unknown kind",
      "RunnerPool",
      { controlPlane: { kind: "gitlab", organization: "acme" }, name: "x" },
      "controlPlane.kind",
      "must be one of pulumi-cloud, env-zero, hcp-terraform",
    ],
    [
      "no kind",
      "RunnerPool",
      { controlPlane: { organization: "acme" }, name: "x" },
      "controlPlane.kind",
      "must be one of pulumi-cloud, env-zero, hcp-terraform",
    ],
    ["no control plane", "RunnerPool", { name: "x" }, "controlPlane", "is required (object)"],
    [
      "an organization with a slash",
      "RunnerPool",
      { controlPlane: { kind: "env-zero", organization: "a/b" }, name: "x" },
      "controlPlane.organization",
      "must be the organization's name",
    ],
    [
      "a URL that is none",
      "RunnerPool",
      { controlPlane: { ...pulumi, url: "acme.test" }, name: "x" },
      "controlPlane.url",
      "must be an http or https URL",
    ],
    [
      "a URL with credentials",
      "RunnerPool",
      { controlPlane: { ...pulumi, url: "https://me:hunter2@acme.test" }, name: "x" },
      "controlPlane.url",
      "without credentials, path or query",
    ],
    [
      "a URL with a path",
      "RunnerPool",
      { controlPlane: { ...pulumi, url: "https://acme.test/api" }, name: "x" },
      "controlPlane.url",
      "without credentials, path or query",
    ],
    [
      "a misspelt property",
      "RunnerPool",
      { controlPlane: pulumi, name: "x", descripton: "y" },
      "descripton",
      "there is no such property",
    ],
    [
      "a misspelt nested property",
      "RunnerPool",
      { controlPlane: { ...pulumi, organisation: "acme" }, name: "x" },
      "controlPlane.organisation",
      "there is no such property",
    ],
    ["a wrong type", "RunnerPool", { controlPlane: pulumi, name: 7 }, "name", "must be of type string"],
    [
      "a line break in a name",
      "RunnerPool",
      { controlPlane: pulumi, name: "a\nb" },
      "name",
      "must not contain control characters",
    ],
    [
      "a default pool on env zero",
      "OrganizationDefaultPool",
      { controlPlane: envZero, pool: "1" },
      "controlPlane.kind",
      "cannot set an organization's default pool",
    ],
  ])("refuses %s", (...refusal) => expectRefusal(...refusal));

  it("names the variables where credentials are missing", () => {
    const controlPlane = { ...terraform, url: "https://tfe.acme.test" };
    const { violations } = check("RunnerPool", { controlPlane, name: "x" }, { credentials: {} });
    expect(violations).toEqual([
      {
        property: "controlPlane",
        reason: expect.stringContaining("TF_TOKEN_tfe_acme_test, or TFE_TOKEN and TFE_ADDRESS="),
      },
    ]);
  });

  it("takes values that are not known yet for right ones", () => {
    const unknowns: [ResourceName, Record<string, unknown>][] = [
      ["RunnerPool", { controlPlane: unknownValue, name: unknownValue }],
      [
        "RunnerPool",
        { controlPlane: { ...pulumi, organization: unknownValue }, name: "x", description: unknownValue },
      ],
      [
        "PoolToken",
        { controlPlane: pulumi, pool: unknownValue, description: "x", initialToken: unknownValue },
      ],
      ["StackPoolAssignment", { controlPlane: pulumi, pool: unknownValue, target: { stack: unknownValue } }],
      ["StackPoolAssignment", { controlPlane: pulumi, pool: "1", target: unknownValue }],
      ["StackPoolAssignments", { controlPlane: pulumi, pool: "1", targets: { stacks: [unknownValue] } }],
      ["StackPoolAssignment", { controlPlane: unknownValue, pool: "1", target: { stack: "a/b" } }],
    ];
    for (const [resource, inputs] of unknowns) expect(check(resource, inputs).violations).toEqual([]);
  });

  it("still finds what is wrong beside an unknown value", () => {
    const { violations } = check("RunnerPool", { controlPlane: unknownValue, name: "", description: 7 });
    expect(violations.map(({ property }) => property)).toEqual(["name", "description"]);
  });

  it("brings equal inputs to one form", () => {
    expect(
      check("StackPoolAssignment", {
        controlPlane: pulumi,
        pool: "1",
        target: { stack: "acme/network/prod" },
      }).inputs,
    ).toEqual({
      controlPlane: pulumi,
      pool: "pulumi-cloud/acme/1",
      target: { stack: "network/prod" },
      onDestroy: "inherit",
      overwrite: false,
      activeWorkTimeoutSeconds: 900,
    });
    expect(check("RunnerPool", { controlPlane: terraform, name: "x" }).inputs).toEqual({
      controlPlane: terraform,
      name: "x",
      scope: { mode: "assigned" },
      forceDestroy: false,
      generation: 1,
    });
  });
});

describe("what is filled in", () => {
  const { shape } = z.strictObject({
    size: z.number().default(1),
    name: z.string().optional().meta({ defaultsToResourceName: true, unlessGiven: "adopt" }),
    label: z.string().optional().meta({ defaultsToResourceName: true }),
    adopt: z.string().optional(),
    note: z.string().optional().meta({ defaultsToResourceName: false, unlessGiven: "other" }),
  });

  it.each([
    ["defaults", {}, undefined, undefined, { size: 1 }],
    ["the name of the resource", {}, "a", undefined, { size: 1, name: "a", label: "a" }],
    [
      "nothing in place of what is given",
      { size: 2, name: "b" },
      "a",
      undefined,
      { size: 2, name: "b", label: "a" },
    ],
    [
      "no name beside what stands for it",
      { adopt: "1" },
      "a",
      undefined,
      { size: 1, adopt: "1", label: "a" },
    ],
    ["no name that was left open before", {}, "a", { name: "a" }, { size: 1, name: "a" }],
    [
      "defaults for what is null or undefined",
      { size: null, adopt: undefined },
      undefined,
      undefined,
      { size: 1 },
    ],
    [
      "what there is no property for, less what is empty",
      { x: 1, y: null, z: undefined },
      undefined,
      undefined,
      { size: 1, x: 1 },
    ],
  ])("is %s", (_what, given, resourceName, previous, inputs) => {
    expect(withDefaults(shape, given, resourceName, previous)).toStrictEqual(inputs);
  });

  it("goes with a value that is not known yet", () => {
    expect(check("PoolToken", { controlPlane: pulumi, pool: unknownValue, description: "x" }).inputs).toEqual(
      {
        controlPlane: pulumi,
        pool: unknownValue,
        description: "x",
        generation: 1,
      },
    );
  });
});

it("what is not known yet is found at any depth, and null is known", () => {
  expect([unknownValue, { a: [{ b: unknownValue }] }].map(containsUnknown)).toEqual([true, true]);
  expect([null, undefined, "x", { a: null }].map(containsUnknown)).toEqual([false, false, false, false]);
});

describe("checkInputs of any resource", () => {
  const lifecycle = {
    definition: {
      inputs: z.strictObject({ controlPlane: z.any(), note: z.object({ text: z.string().nullable() }) }),
    },
    rules: () => [],
  } as unknown as Lifecycle;
  const contextWith = (connect: () => unknown) =>
    ({ connections: { connect } }) as unknown as LifecycleContext;
  const given = { controlPlane: pulumi, note: { text: null } };

  it("takes null for a value where a property allows it", () => {
    expect(
      checkInputs(
        lifecycle,
        given,
        contextWith(() => undefined),
      ),
    ).toEqual({ inputs: given, violations: [] });
  });

  it("throws what is no fault of the settings", () => {
    const context = contextWith(() => {
      throw new TypeError("a defect");
    });
    expect(() => checkInputs(lifecycle, given, context)).toThrow("a defect");
  });
});

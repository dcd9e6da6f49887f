import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import * as dynamicProviders from "../../provider/adapters/dynamic/index.ts";
import { resourceNameKey, resourcePathKey } from "../../provider/adapters/properties.ts";
import {
  metaOf,
  type ResourceDefinition,
  secretProperties,
} from "../../provider/resources/framework/definition.ts";
import { lifecycles } from "../../provider/resources/index.ts";
import * as sdk from "../index.ts";
import { dynamicType, providerReference } from "./resource.ts";

type ResourceClass = new (
  name: string,
  args: pulumi.Inputs,
  options?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

interface Registered {
  readonly type: string;
  readonly inputs: pulumi.Inputs;
}

const definitions: readonly ResourceDefinition[] = Object.values(lifecycles).map(
  ({ definition }) => definition,
);
const poolId = "hcp-terraform/acme/apool-1";
let registered: Registered[] = [];
/** What is read besides what a program passes. */
const world: { read: pulumi.Inputs } = { read: {} };
/** The last registration as the engine gets it. */
let request: RegistrationRequest;

interface RegistrationRequest {
  getAdditionalsecretoutputsList(): string[];
  getPropertydependenciesMap(): Map<string, { getUrnsList(): string[] }>;
  getObject(): { toJavaScript(): Record<string, unknown> };
}

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource({ type, inputs }) {
      registered.push({ type, inputs });
      return { id: poolId, state: { ...world.read, ...inputs } };
    },
  });
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("Pulumi's mocks started no monitor");
  const registerResource = monitor.registerResource.bind(monitor) as (...args: unknown[]) => never;
  // Pulumi's mocks see neither the names of the secret outputs nor whether a resource or its id was passed.
  vi.spyOn(monitor, "registerResource").mockImplementation((...args: unknown[]) => {
    request = args[0] as RegistrationRequest;
    return registerResource(...args);
  });
});

beforeEach(() => {
  registered = [];
  world.read = {};
});

function classOf(name: string): ResourceClass {
  return (sdk as unknown as Record<string, ResourceClass>)[name] as ResourceClass;
}

function propertiesOf({ inputs, outputs }: ResourceDefinition): string[] {
  return [...Object.keys(inputs.shape), ...Object.keys(outputs.shape)];
}

function inputsWith({ inputs }: ResourceDefinition, key: string, value: unknown): string[] {
  return Object.keys(inputs.shape).filter((name) => metaOf(inputs.shape[name] as z.ZodType)[key] === value);
}

/** What is registered last once everything that was passed is known. */
async function registration(resource: pulumi.CustomResource): Promise<Registered> {
  await new Promise((resolve) => resource.urn.apply(resolve));
  const last = registered.at(-1);
  if (!last) throw new Error("nothing was registered");
  return last;
}

describe.each(definitions)("class $name", (definition) => {
  const { name } = definition;

  it("is exported by the package, as is the provider that state refers to", () => {
    expect(classOf(name)).toBeTypeOf("function");
    expect(providerReference(name)).toContain(`.${name}()`);
    expect(dynamicProviders).toHaveProperty(name);
  });

  it("registers the resource with the secrets of its definition", async () => {
    const { type } = await registration(new (classOf(name))("thing", {}));
    expect(type).toBe(dynamicType(name));
    const { inputs, outputs } = definition;
    const secrets = [...secretProperties(inputs.shape), ...secretProperties(outputs.shape)];
    expect(request.getAdditionalsecretoutputsList().toSorted()).toEqual([...new Set(secrets)].sort());
  });

  it("has every property of its definition as an output at once", () => {
    const resource = new (classOf(name))("thing", {}) as unknown as Record<string, unknown>;
    const missing = propertiesOf(definition).filter((key) => !pulumi.Output.isInstance(resource[key]));
    expect(missing).toEqual([]);
  });

  it("tells the provider its own name, from which a check takes what defaults to it", async () => {
    const { inputs } = await registration(new (classOf(name))("thing", {}));
    const named = Object.entries(inputs).filter(([, value]) => value === "thing");
    expect(named.map(([key]) => key)).toEqual([resourceNameKey, resourcePathKey]);
  });

  const keys = inputsWith(definition, "reference", "RunnerPool");
  const url = "https://tfe.acme.example";
  const controlPlane = { kind: "hcp-terraform" as const, organization: "acme", url };
  const referring = (pool: unknown) => Object.fromEntries(keys.map((key) => [key, pool]));

  it.runIf(keys.length > 0)("passes the id and the control plane of a pool for the pool", async () => {
    const pool = new sdk.RunnerPool("pool", { controlPlane });
    await registration(new (classOf(name))("thing", referring(pool)));
    expect(request.getObject().toJavaScript()).toMatchObject({ ...referring(poolId), controlPlane });
    // A pool that is deleted before it is replaced takes along what has its control plane from it.
    const dependencies = request.getPropertydependenciesMap();
    expect(dependencies.get("pool")?.getUrnsList()).toHaveLength(1);
    expect(dependencies.get("controlPlane")?.getUrnsList() ?? []).toEqual([]);
  });

  it.runIf(keys.length > 0).each([
    ["a pool that is only read", () => sdk.RunnerPool.get("read", poolId)],
    ["what a function has found", () => ({ id: poolId, controlPlane })],
  ])("passes the id and the control plane of %s", async (_what, pool) => {
    world.read = { controlPlane };
    await registration(new (classOf(name))("thing", referring(pool())));
    expect(request.getObject().toJavaScript()).toMatchObject({ ...referring(poolId), controlPlane });
  });

  it.runIf(keys.length > 0)("leaves the control plane of an id to the provider", async () => {
    await registration(new (classOf(name))("thing", referring(poolId)));
    expect(request.getObject().toJavaScript()).toMatchObject(referring(poolId));
    expect(request.getObject().toJavaScript()).not.toHaveProperty("controlPlane");
  });

  it.runIf(keys.length > 0)("passes the control plane that is given", async () => {
    const other = { ...controlPlane, url: "https://other.example" };
    const pool = new sdk.RunnerPool("pool", { controlPlane });
    await registration(new (classOf(name))("thing", { controlPlane: other, ...referring(pool) }));
    expect(request.getObject().toJavaScript()).toMatchObject({ controlPlane: other });
  });
});

it("a rotating token where a pool has exactly one is refused in the words of the program", () => {
  const controlPlane = { kind: "pulumi-cloud", organization: "acme" } as const;
  const construct = () => new sdk.RotatingPoolToken("ci", { controlPlane, pool: "pool-1" });
  expect(construct).toThrow(pulumi.RunError);
  expect(construct).toThrow(
    'RotatingPoolToken "ci" cannot be made:\n  controlPlane.kind: pulumi-cloud has no rotating tokens',
  );
});

it("a single assignment takes one kind of target, and the compiler knows it", () => {
  const targets: sdk.AssignmentTargetArgs[] = [
    { stack: "network/prod" },
    { project: pulumi.output("network") },
    // @ts-expect-error: no target
    {},
    // @ts-expect-error: two targets
    { stack: "network/prod", project: "network" },
  ];
  expect(targets).toHaveLength(4);
});

const poolOptions = { import: "hcp-terraform/acme/apool-1" };

it("a pool with the option import is refused with the argument that takes one over", () => {
  expect(() => new sdk.RunnerPool("imported", {} as never, poolOptions)).toThrow(
    'RunnerPool "imported" cannot be imported in TypeScript. Use adopt: "apool-1", or import with the plugin (README, Adopting and importing).',
  );
  const vendorsId = { import: "apool-1" };
  expect(() => new sdk.RunnerPool("imported", {} as never, vendorsId)).toThrow('Use adopt: "apool-1", or');
});

it.each(definitions)(
  "$name with the option import is refused, with what to do, and without a stack",
  ({ name, importId }) => {
    const construct = () => new (classOf(name))("imported", {}, poolOptions);
    expect(construct).toThrow(pulumi.RunError);
    const advice =
      importId === undefined ? "There is nothing to import" : "or import with the plugin (README, ";
    expect(construct).toThrow(`${name} "imported" cannot be imported in TypeScript. `);
    expect(construct).toThrow(advice);
  },
);

const importable = definitions.filter(({ importId }) => importId !== undefined).map(({ name }) => name);

it.each(importable)("%s.get reads an existing one and asks for no change of it", async (name) => {
  const { get } = classOf(name) as unknown as typeof sdk.RunnerPool;
  const resource = get.call(classOf(name) as unknown as typeof sdk.RunnerPool, "thing", poolId);
  expect(resource).toBeInstanceOf(classOf(name));
  const { inputs } = await registration(resource);
  expect(Object.keys(inputs)).toEqual(["__provider", resourceNameKey, resourcePathKey]);
});

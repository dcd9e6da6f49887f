import { expect, it } from "vitest";
import { componentDefinitions } from "../provider/components/index.ts";
import { functionDefinitions } from "../provider/functions/definitions.ts";
import { resourceDefinitions } from "../provider/resources/index.ts";
import { packageSchema } from "./package-schema.ts";

interface Described {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  readonly inputProperties?: Readonly<Record<string, { readonly type?: string }>>;
  readonly enum?: readonly { readonly value: string }[];
}

const schema = packageSchema("1.2.3") as unknown as {
  readonly resources: Readonly<Record<string, Described>>;
  readonly types: Readonly<Record<string, Described>>;
  readonly functions: Readonly<Record<string, { readonly inputs: Described; readonly outputs: Described }>>;
};

/** Every property that a program sees, with the type that it has. */
const properties = [
  ...Object.entries(schema.resources),
  ...Object.entries(schema.types),
  ...Object.entries(schema.functions).flatMap(([token, { inputs, outputs }]) => [
    [token, inputs] as const,
    [token, outputs] as const,
  ]),
].flatMap(([token, { properties = {}, inputProperties = {} }]) =>
  Object.entries({ ...properties, ...inputProperties }).map(([name, { type }]) => ({ token, name, type })),
);

it("looks at every definition", () => {
  const definitions = [...resourceDefinitions, ...componentDefinitions, ...functionDefinitions];
  const seen = new Set(properties.map(({ token }) => token.split(":").at(-1)));
  expect(definitions.filter(({ name }) => !seen.has(name))).toEqual([]);
});

it("has durations as whole numbers, with the unit at the end of the name", () => {
  const durations = properties.filter(({ name }) =>
    /timeout|interval|expir|duration|delay|period|grace|seconds|minutes/i.test(name),
  );
  expect(durations.length).toBeGreaterThan(5);
  expect(durations.filter(({ name, type }) => !name.endsWith("Seconds") || type !== "integer")).toEqual([]);
});

it("has one word for each vendor", () => {
  const texts = JSON.stringify(packageSchema("1.2.3"))
    // Names of the vendors' own: environment variables, hosts, agents.
    .replaceAll(/TFE?_[A-Z_]+|ENV0_[A-Z_]+|TF_TOKEN|tfc-agent|tfe\.acme\.com/g, "");
  expect(texts.match(/\w*(?:tfc|tfe|env0)\w*/gi) ?? []).toEqual([]);
  const names = properties.map(({ name }) => name).filter((name) => /pulumi|terraform|zero/i.test(name));
  expect(names.filter((name) => !/^(pulumiCloud|hcpTerraform|envZero)/.test(name))).toEqual([]);
  const values = Object.entries(schema.types).flatMap(([, { enum: options = [] }]) =>
    options.map(({ value }) => value).filter((value) => /pulumi|terraform|zero/i.test(value)),
  );
  expect(new Set(values)).toEqual(new Set(["pulumi-cloud", "env-zero", "hcp-terraform"]));
});

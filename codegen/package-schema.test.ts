import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { settingKeys } from "../provider/control-planes/credentials/settings.ts";
import { functions } from "../provider/functions/index.ts";
import { lifecycles } from "../provider/resources/index.ts";
import { packageSchema } from "./package-schema.ts";

const metaschema = join(__dirname, "../../../shared/data/pulumi-package.metaschema.json");
const reason = existsSync(metaschema) ? "" : " (skipped: Pulumi's metaschema is not on this machine)";

interface Described {
  description?: string;
  properties: Record<string, Record<string, unknown>>;
  inputProperties: Record<string, Record<string, unknown>>;
  required: string[];
  requiredInputs: string[];
  aliases: { type: string }[];
}

const schema = packageSchema("1.2.3") as unknown as {
  resources: Record<string, Described>;
  functions: Record<string, unknown>;
  types: Record<string, Record<string, unknown>>;
  config: { variables: Record<string, Record<string, unknown>> };
  provider: Described;
};

const resource = (name: string) => schema.resources[`runner-pools:index:${name}`] as Described;

it.skipIf(reason !== "")(`is valid by Pulumi's metaschema${reason}`, () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(metaschema, "utf8")));
  validate(JSON.parse(JSON.stringify(schema)));
  expect(validate.errors ?? []).toEqual([]);
});

it("has every resource and function that the plugin serves", () => {
  for (const name of Object.keys(lifecycles)) expect(resource(name), name).toBeDefined();
  expect(Object.keys(schema.functions)).toEqual(
    Object.keys(functions).map((name) => `runner-pools:index:${name}`),
  );
});

it("describes every property", () => {
  const undescribed = Object.entries({ ...schema.resources, ...schema.types }).flatMap(([token, spec]) => {
    const properties = { ...(spec as Described).properties, ...(spec as Described).inputProperties };
    return Object.entries(properties)
      .filter(([, property]) => !property["description"])
      .map(([key]) => `${token}.${key}`);
  });
  expect(undescribed).toEqual([]);
});

it("uses no name that Pulumi's code generators keep for themselves", () => {
  const reserved = Object.entries({ ...schema.resources, ...schema.types }).flatMap(([token, spec]) => {
    const properties = { ...(spec as Described).properties, ...(spec as Described).inputProperties };
    const names = token in schema.resources ? ["id", "urn", "pulumi"] : ["pulumi"];
    return names.filter((name) => name in properties).map((name) => `${token}.${name}`);
  });
  expect(reserved).toEqual([]);
});

describe("a resource", () => {
  it("says what must be given, and what has a default", () => {
    expect(resource("PoolToken").requiredInputs).toEqual(["pool"]);
    expect(resource("PoolToken").inputProperties["generation"]).toMatchObject({
      type: "integer",
      default: 1,
    });
    expect(resource("PoolToken").required).toEqual(
      expect.arrayContaining(["generation", "description", "tokenId"]),
    );
  });

  it("marks secrets, and what makes a new resource", () => {
    expect(resource("RunnerPool").properties["initialToken"]).toMatchObject({ secret: true });
    expect(resource("PoolToken").inputProperties["initialToken"]).toMatchObject({ secret: true });
    for (const property of ["controlPlane", "pool", "generation"]) {
      expect(resource("PoolToken").inputProperties[property]).toMatchObject({ replaceOnChanges: true });
    }
    // Whether another name is another target is found out by its id, and a pool is changed in place.
    for (const property of ["target", "pool"]) {
      const described = resource("StackPoolAssignment").inputProperties[property];
      expect(described).not.toHaveProperty("replaceOnChanges");
    }
  });

  it("takes over the state of its dynamic form", () => {
    expect(resource("RunnerPool").aliases).toEqual([
      { type: "pulumi-nodejs:dynamic/runner-pools:RunnerPool" },
    ]);
  });

  it("names enumerations with their values", () => {
    expect(schema.types["runner-pools:index:ControlPlaneKind"]).toMatchObject({
      type: "string",
      enum: [
        { name: "PulumiCloud", value: "pulumi-cloud" },
        { name: "EnvZero", value: "env-zero" },
        { name: "HcpTerraform", value: "hcp-terraform" },
      ],
    });
  });
});

it("has every key of the configuration, with the secret ones marked, for stacks and for providers", () => {
  expect(Object.keys(schema.config.variables)).toEqual([...settingKeys]);
  const secrets = Object.entries(schema.config.variables).filter(([, { secret }]) => secret === true);
  expect(secrets.map(([key]) => key)).toEqual([
    "pulumiCloudAccessToken",
    "envZeroApiKey",
    "envZeroApiSecret",
    "hcpTerraformToken",
    "credentials",
  ]);
  expect(schema.provider.inputProperties).toEqual(schema.config.variables);
});

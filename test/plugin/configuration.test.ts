import errorMessages from "@pulumi/pulumi/proto/errors_pb.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emulatorCredentials } from "../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { type ListeningEngine, listenAsEngine } from "./listening-engine.ts";
import { type PluginProcess, startPlugin } from "./plugin-process.ts";
import { detailOf, Provider, secret, unknown } from "./provider.ts";

const controlPlane = { kind: "pulumi-cloud", organization: "acme" };

let emulator: Emulator;
let engine: ListeningEngine;
const plugins: PluginProcess[] = [];

beforeAll(async () => {
  emulator = await startEmulator();
  engine = await listenAsEngine();
});

afterAll(async () => {
  await Promise.all(plugins.map((plugin) => plugin.stop()));
  engine?.stop();
  await emulator?.stop();
});

/** A provider in a process of its own, without any credential in its environment. */
async function startProvider(): Promise<Provider> {
  const plugin = await startPlugin(engine.address);
  plugins.push(plugin);
  return new Provider(plugin.client);
}

it("reaches a control plane by configuration alone, and a provider without it does not", async () => {
  const [configured, bare] = await Promise.all([startProvider(), startProvider()]);
  await configured.configure({
    pulumiCloudUrl: emulator.url,
    pulumiCloudAccessToken: secret(emulatorCredentials.pulumiCloudAccessToken),
  });
  await bare.configure({});

  const { inputs, failures } = await configured.check("RunnerPool", "configured", { controlPlane });
  expect(failures).toEqual([]);
  const { id } = await configured.create("RunnerPool", "configured", inputs);
  expect(id).toMatch(/^pulumi-cloud\/acme\//);

  const refused = await bare.check("RunnerPool", "configured", { controlPlane });
  expect(refused.failures).toEqual([
    { property: "", reason: expect.stringMatching(/^controlPlane: .*runner-pools:pulumiCloudAccessToken/) },
  ]);
});

it("tells of wrong configuration by property, before anything is deployed", async () => {
  const provider = await startProvider();
  const { inputs, failures } = await provider.checkConfig({
    pulumiCloudUrl: "ftp://pulumi.example.com",
    tfeTokn: "x",
    envZeroApiSecret: "plain text",
    version: "0.1.0",
  });
  expect(failures).toEqual([
    { property: "", reason: "pulumiCloudUrl: must be an http or https URL" },
    { property: "", reason: expect.stringMatching(/^tfeTokn: there is no such property/) },
  ]);
  expect(inputs["envZeroApiSecret"]).toEqual(secret("plain text"));
});

it("refuses wrong configuration with the properties in the error's details", async () => {
  const provider = await startProvider();
  const error = await provider.configure({ hcpTerraformUrl: "nowhere" }).catch((thrown: unknown) => thrown);
  const detail = detailOf(error);
  expect(detail?.type).toBe("pulumirpc.InputPropertiesError");
  const [failure] = errorMessages.InputPropertiesError.deserializeBinary(
    detail?.bytes ?? new Uint8Array(),
  ).getErrorsList();
  expect(failure?.getPropertyPath()).toBe("hcpTerraformUrl");
});

it("replaces nothing when credentials or addresses change", async () => {
  const provider = await startProvider();
  const { replaces, detailed } = await provider.diffConfig(
    { hcpTerraformToken: secret("one"), version: "0.1.0" },
    { hcpTerraformToken: secret("two"), hcpTerraformUrl: "https://terraform.example.com", version: "0.2.0" },
  );
  expect(replaces).toEqual([]);
  expect(detailed).toEqual({ hcpTerraformToken: "UPDATE", hcpTerraformUrl: "ADD" });
});

const former = {
  pulumiUrl: "https://pulumi.example.com",
  pulumiAccessToken: "one",
  env0Url: "https://env0.example.com",
  env0ApiKey: "two",
  env0ApiSecret: "three",
  tfeUrl: "https://terraform.example.com",
  tfeToken: "four",
};
const current = {
  pulumiCloudUrl: former.pulumiUrl,
  pulumiCloudAccessToken: former.pulumiAccessToken,
  envZeroUrl: former.env0Url,
  envZeroApiKey: former.env0ApiKey,
  envZeroApiSecret: former.env0ApiSecret,
  hcpTerraformUrl: former.tfeUrl,
  hcpTerraformToken: former.tfeToken,
};

it("works with what the state of an earlier version says, and sees no change in the new names", async () => {
  const provider = await startProvider();
  await provider.configure({
    pulumiUrl: emulator.url,
    pulumiAccessToken: secret(emulatorCredentials.pulumiCloudAccessToken),
  });
  const { inputs } = await provider.check("RunnerPool", "former", { controlPlane });
  expect((await provider.create("RunnerPool", "former", inputs)).id).toMatch(/^pulumi-cloud/);
  expect(await provider.diffConfig(former, current)).toMatchObject({ replaces: [], detailed: {} });
});

it.each(Object.keys(former).map((name, index) => [name, Object.keys(current)[index]]))(
  "says of %s in a program or a stack that it is called %s now",
  async (name = "", now) => {
    const { failures } = await (await startProvider()).checkConfig({ [name]: "x" });
    expect(failures).toEqual([{ property: "", reason: `${name}: is called ${now} now` }]);
  },
);

it("previews while its configuration is not known yet, and asks no control plane", async () => {
  const provider = await startProvider();
  await provider.configure({ pulumiCloudAccessToken: unknown });
  const { failures } = await provider.check("RunnerPool", "early", { controlPlane });
  expect(failures).toEqual([]);
  await expect(provider.read("RunnerPool", "early", "pulumi-cloud/acme/1")).rejects.toThrow(
    /pulumiCloudAccessToken is not known yet/,
  );
});

it("says what it takes: secrets, resources, outputs and previews", async () => {
  const provider = await startProvider();
  expect((await provider.configure({})).toObject()).toMatchObject({
    acceptsecrets: true,
    acceptresources: true,
    acceptoutputs: true,
    supportspreview: true,
  });
});

import { status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Connection, configurationFailures, connect, refuseUnreachable } from "./connection.ts";
import { container } from "./container.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { differences, type Properties, unknownProperties } from "./shape.ts";
import { volume } from "./volume.ts";
import { partialFailure, plain, plainConfiguration, refusal, toStruct, unary } from "./wire.ts";

/** The version of the vendor's plugin whose properties these are. */
const VERSION = "5.2.0";

const kinds: Readonly<Record<string, ResourceKind>> = {
  "docker:index/container:Container": container,
  "docker:index/volume:Volume": volume,
};

type CheckRequest = InstanceType<typeof messages.CheckRequest>;
type DiffRequest = InstanceType<typeof messages.DiffRequest>;

/**
 * Stands in for the vendor's plugin `pulumi-resource-docker` where that cannot be had: the same protocol, property
 * names and decisions, on the real daemon, for exactly what the fleets use. What it does not know it refuses by name.
 */
export function dockerProvider(): UntypedServiceImplementation {
  let configuration: Properties = {};
  let connected: Promise<Connection> | undefined;

  function connection(): Promise<Connection> {
    connected ??= connect(configuration).catch((error) => {
      connected = undefined;
      throw error;
    });
    return connected;
  }

  const methods = {
    async getPluginInfo() {
      return new pluginMessages.PluginInfo().setVersion(VERSION);
    },

    async checkConfig(request: CheckRequest) {
      const news = plain(request.getNews());
      return checked(news, configurationFailures(news));
    },

    async diffConfig(request: DiffRequest) {
      const keys = changedKeys(plain(request.getOldInputs()), plain(request.getNews()));
      return diffed(keys, []);
    },

    async configure(request: InstanceType<typeof messages.ConfigureRequest>) {
      configuration = plainConfiguration(request.getArgs());
      await refuseUnreachable(configuration);
      return new messages.ConfigureResponse().setSupportspreview(true);
    },

    async check(request: CheckRequest) {
      const { shapes } = kindOf(request);
      const news = plain(request.getNews());
      const failures = unknownProperties(shapes, news).map((path): [string, string] => [
        path,
        `the stand-in of pulumi-resource-docker knows no property ${path} of ${typeOf(request)}`,
      ]);
      const olds = plain(request.getOlds());
      news["name"] ??= olds["name"] ?? autoName(request.getUrn(), request.getRandomseed_asU8());
      return checked(news, failures);
    },

    async diff(request: DiffRequest) {
      const { shapes, deleteBeforeReplace } = kindOf(request);
      const ignored = new Set(request.getIgnorechangesList());
      const keys = differences(shapes, plain(request.getOlds()), plain(request.getNews()));
      const changed = keys.filter((key) => !ignored.has(key));
      return diffed(
        changed,
        changed.filter((key) => shapes[key]?.replaces),
      ).setDeletebeforereplace(deleteBeforeReplace);
    },

    async create(request: InstanceType<typeof messages.CreateRequest>) {
      const kind = kindOf(request);
      const inputs = plain(request.getProperties());
      const response = new messages.CreateResponse();
      if (request.getPreview()) return response.setProperties(request.getProperties());
      const timeout = request.getTimeout() || kind.timeouts.create;
      const { id, failure } = await kind.create(await connection(), inputs, timeout);
      const state = (await kind.read(await connection(), id, inputs)) ?? inputs;
      if (failure !== undefined) throw partialFailure(id, state, inputs, failure);
      return response.setId(id).setProperties(toStruct(state));
    },

    async read(request: InstanceType<typeof messages.ReadRequest>) {
      const [id, inputs] = [request.getId(), plain(request.getInputs())];
      const kind = kindOf(request);
      const known = { ...plain(request.getProperties()), ...inputs };
      const state = await kind.read(await connection(), id, known);
      const response = new messages.ReadResponse();
      if (state === undefined) return response;
      const isImport = Object.keys(inputs).length === 0;
      const keys = Object.keys(isImport ? kind.shapes : inputs).filter((key) => state[key] !== undefined);
      const read = Object.fromEntries(keys.map((key) => [key, state[key] ?? null]));
      response.setId(id).setProperties(toStruct(state));
      return response.setInputs(toStruct(read));
    },

    async update(request: InstanceType<typeof messages.UpdateRequest>) {
      const [id, news] = [request.getId(), plain(request.getNews())];
      const kind = kindOf(request);
      const response = new messages.UpdateResponse();
      if (request.getPreview()) return response.setProperties(request.getNews());
      await kind.update(await connection(), id, plain(request.getOlds()), news);
      const state = (await kind.read(await connection(), id, news)) ?? news;
      return response.setProperties(toStruct(state));
    },

    async delete(request: InstanceType<typeof messages.DeleteRequest>) {
      const kind = kindOf(request);
      const timeout = request.getTimeout() || kind.timeouts.delete;
      await kind.delete(await connection(), request.getId(), plain(request.getProperties()), timeout);
      return new empty.Empty();
    },

    async cancel() {
      return new empty.Empty();
    },
  };
  const served = Object.entries(methods).map(([name, method]) => [name, unary(method as never)]);
  const missing = Object.keys(services.ResourceProviderService)
    .map((name) => name.charAt(0).toLowerCase() + name.slice(1))
    .filter((name) => !(name in methods))
    .map((name) => [name, unary(async () => Promise.reject(refusal(name, status.UNIMPLEMENTED)))]);
  return Object.fromEntries([...missing, ...served]);
}

function kindOf(request: { getUrn(): string }): ResourceKind {
  const kind = kinds[typeOf(request)];
  if (!kind) {
    throw new Error(
      `the stand-in of pulumi-resource-docker knows no type ${typeOf(request)}, only ${Object.keys(kinds).join(", ")}`,
    );
  }
  return kind;
}

function typeOf(request: { getUrn(): string }): string {
  return request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
}

/** The last part of the URN and seven random digits, as all the vendor's plugins name things. */
function autoName(urn: string, seed: Uint8Array): string {
  return `${urn.split("::").at(-1)}-${Buffer.from(seed).toString("hex").slice(0, 7)}`;
}

function changedKeys(olds: Properties, news: Properties): string[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
}

function checked(inputs: Properties, failures: readonly (readonly [string, string])[]) {
  const response = new messages.CheckResponse().setInputs(toStruct(inputs));
  for (const [property, reason] of failures)
    response.addFailures(new messages.CheckFailure().setProperty(property).setReason(reason));
  return response;
}

function diffed(changed: string[], replaces: string[]) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces);
}

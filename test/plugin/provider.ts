import type { ServiceError } from "@grpc/grpc-js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import struct, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { ask, type ProviderClient } from "./plugin-process.ts";

/** Properties in the form in which the wire has them, secrets and unknowns included. */
export type Wire = Record<string, unknown>;

/** What stands for a value that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret on the wire. */
export const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const kindNames = Object.fromEntries(
  Object.entries(providerMessages.PropertyDiff.Kind).map(([name, number]) => [number, name]),
);

/** The protocol as an engine speaks it, with plain values in place of messages. */
export class Provider {
  readonly client: ProviderClient;

  constructor(client: ProviderClient) {
    this.client = client;
  }

  async configure(settings: Wire): Promise<providerMessages.ConfigureResponse> {
    const request = new providerMessages.ConfigureRequest();
    request.setArgs(toStruct(settings));
    request.setAcceptsecrets(true);
    return ask<providerMessages.ConfigureResponse>((answer) => this.client.configure(request, answer));
  }

  async checkConfig(news: Wire) {
    const request = new providerMessages.CheckRequest();
    request.setNews(toStruct(news));
    return checked(
      await ask<providerMessages.CheckResponse>((answer) => this.client.checkConfig(request, answer)),
    );
  }

  async diffConfig(before: Wire, wanted: Wire) {
    const request = new providerMessages.DiffRequest();
    request.setOldInputs(toStruct(before));
    request.setNews(toStruct(wanted));
    return differences(
      await ask<providerMessages.DiffResponse>((answer) => this.client.diffConfig(request, answer)),
    );
  }

  async check(type: string, name: string, news: Wire, olds: Wire = {}) {
    const request = new providerMessages.CheckRequest();
    request.setUrn(urnOf(type, name));
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const response = await ask<providerMessages.CheckResponse>((answer) =>
      this.client.check(request, answer),
    );
    return checked(response);
  }

  async diff(type: string, name: string, versions: { state: Wire; before: Wire; wanted: Wire }) {
    const request = new providerMessages.DiffRequest();
    request.setUrn(urnOf(type, name));
    request.setId("an-id");
    request.setOlds(toStruct(versions.state));
    request.setOldInputs(toStruct(versions.before));
    request.setNews(toStruct(versions.wanted));
    const response = await ask<providerMessages.DiffResponse>((answer) => this.client.diff(request, answer));
    return differences(response);
  }

  async create(type: string, name: string, properties: Wire, options: { preview?: boolean } = {}) {
    const request = new providerMessages.CreateRequest();
    request.setUrn(urnOf(type, name));
    request.setProperties(toStruct(properties));
    request.setPreview(options.preview ?? false);
    const response = await ask<providerMessages.CreateResponse>((answer) =>
      this.client.create(request, answer),
    );
    return { id: response.getId(), state: fromStruct(response.getProperties()) };
  }

  async read(type: string, name: string, id: string, state?: Wire, inputs?: Wire) {
    const request = new providerMessages.ReadRequest();
    request.setUrn(urnOf(type, name));
    request.setId(id);
    if (state) request.setProperties(toStruct(state));
    if (inputs) request.setInputs(toStruct(inputs));
    const response = await ask<providerMessages.ReadResponse>((answer) => this.client.read(request, answer));
    return {
      id: response.getId(),
      state: fromStruct(response.getProperties()),
      inputs: fromStruct(response.getInputs()),
    };
  }

  async update(
    type: string,
    name: string,
    id: string,
    state: Wire,
    wanted: Wire,
    options: { preview?: boolean } = {},
  ) {
    const request = new providerMessages.UpdateRequest();
    request.setUrn(urnOf(type, name));
    request.setId(id);
    request.setOlds(toStruct(state));
    request.setNews(toStruct(wanted));
    request.setPreview(options.preview ?? false);
    return fromStruct(
      (
        await ask<providerMessages.UpdateResponse>((answer) => this.client.update(request, answer))
      ).getProperties(),
    );
  }

  async delete(type: string, name: string, id: string, state: Wire): Promise<void> {
    const request = new providerMessages.DeleteRequest();
    request.setUrn(urnOf(type, name));
    request.setId(id);
    request.setProperties(toStruct(state));
    await ask<unknown>((answer) => this.client.delete(request, answer));
  }

  async invoke(token: string, args: Wire) {
    const request = new providerMessages.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    const response = await ask<providerMessages.InvokeResponse>((answer) =>
      this.client.invoke(request, answer),
    );
    return { result: fromStruct(response.getReturn()), failures: response.toObject().failuresList };
  }
}

function checked(response: providerMessages.CheckResponse) {
  return { inputs: fromStruct(response.getInputs()), failures: response.toObject().failuresList };
}

function differences(response: providerMessages.DiffResponse) {
  const detailed: Record<string, string | undefined> = {};
  response.getDetaileddiffMap().forEach((difference, path) => {
    detailed[path] = kindNames[difference.getKind()];
  });
  return { changes: response.getChanges(), replaces: response.getReplacesList(), detailed };
}

/** @param type of this package by its name, or the token of another package's */
export function urnOf(type: string, name: string): string {
  const token = type.includes(":") ? type : `runner-pools:index:${type}`;
  return `urn:pulumi:dev::shop::${token}::${name}`;
}

/** The structured detail of a failed call: its type and its bytes. */
export function detailOf(error: unknown): { type: string; bytes: Uint8Array } | undefined {
  const [packed] = (error as ServiceError).metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(packed)) return undefined;
  const [detail] = statusMessages.Status.deserializeBinary(packed).getDetailsList();
  return detail && { type: detail.getTypeName(), bytes: detail.getValue_asU8() };
}

export function toStruct(values: Wire): struct.Struct {
  return struct.Struct.fromJavaScript(values as Record<string, JavaScriptValue>);
}

export function fromStruct(message: struct.Struct | undefined): Wire {
  return message?.toJavaScript() ?? {};
}

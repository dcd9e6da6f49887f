import type { MethodDefinition } from "@grpc/grpc-js";
import { bytes, flag, integer, list, map, struct, text } from "./wire/fields";
import { type Decode, decoder, type Encoder, encoder } from "./wire/message";

/**
 * Pulumi's provider protocol as far as the plugin uses it: messages with the fields that it reads or fills in, and the
 * methods that it has. Names and numbers are those of `proto/pulumi/*.proto` in Pulumi's repository; a test compares them
 * with Pulumi's SDK.
 */
export const requests = {
  Empty: decoder({}),
  PluginAttach: decoder({ address: text(1) }),
  GetSchemaRequest: decoder({ version: integer(1), subpackageName: text(2) }),
  ConfigureRequest: decoder({ args: struct(2) }),
  InvokeRequest: decoder({ tok: text(1), args: struct(2) }),
  CheckRequest: decoder({ urn: text(1), olds: struct(2), news: struct(3), name: text(6), type: text(7) }),
  DiffRequest: decoder({
    urn: text(2),
    olds: struct(3),
    news: struct(4),
    oldInputs: struct(6),
    name: text(7),
    type: text(8),
  }),
  CreateRequest: decoder({
    urn: text(1),
    properties: struct(2),
    preview: flag(4),
    name: text(5),
    type: text(6),
  }),
  ReadRequest: decoder({
    id: text(1),
    urn: text(2),
    properties: struct(3),
    inputs: struct(4),
    name: text(5),
    type: text(6),
  }),
  UpdateRequest: decoder({
    id: text(1),
    urn: text(2),
    olds: struct(3),
    news: struct(4),
    preview: flag(7),
    name: text(9),
    type: text(10),
  }),
  DeleteRequest: decoder({ id: text(1), urn: text(2), properties: struct(3), name: text(6), type: text(7) }),
};

/** A request as its handler gets it. */
export type Request<Name extends keyof typeof requests> = ReturnType<(typeof requests)[Name]>;

const checkFailure = encoder({ property: text(1), reason: text(2) });
const propertyDiff = encoder({ kind: integer(1), inputDiff: flag(2) });
const propertyError = encoder({ propertyPath: text(1), reason: text(2) });
const any = encoder({ typeUrl: text(1), value: bytes(2) });

/** What the plugin sends: answers, what it says to the engine, and the details of errors. */
export const responses = {
  Empty: encoder({}),
  ProviderHandshakeResponse: encoder({
    acceptSecrets: flag(1),
    acceptResources: flag(2),
    acceptOutputs: flag(3),
  }),
  PluginInfo: encoder({ version: text(1) }),
  GetSchemaResponse: encoder({ schema: text(1) }),
  ConfigureResponse: encoder({
    acceptSecrets: flag(1),
    supportsPreview: flag(2),
    acceptResources: flag(3),
    acceptOutputs: flag(4),
  }),
  InvokeResponse: encoder({ return: struct(1), failures: list(2, checkFailure) }),
  CheckResponse: encoder({ inputs: struct(1), failures: list(2, checkFailure) }),
  DiffResponse: encoder({
    replaces: list(1, text),
    stables: list(2, text),
    changes: integer(4),
    diffs: list(5, text),
    detailedDiff: map(6, propertyDiff),
    hasDetailedDiff: flag(7),
  }),
  CreateResponse: encoder({ id: text(1), properties: struct(2) }),
  ReadResponse: encoder({ id: text(1), properties: struct(2), inputs: struct(3) }),
  UpdateResponse: encoder({ properties: struct(1) }),
  LogRequest: encoder({ severity: integer(1), message: text(2), urn: text(3), ephemeral: flag(5) }),
  ErrorResourceInitFailed: encoder({ id: text(1), properties: struct(2), reasons: list(3, text) }),
  InputPropertiesError: encoder({ errors: list(1, propertyError) }),
  Status: encoder({ code: integer(1), message: text(2), details: list(3, any) }),
};

/** An answer as its handler gives it; what is left out has the zero value. */
export type Response<Name extends keyof typeof responses> = Parameters<(typeof responses)[Name]["encode"]>[0];

/** Values of enumerations. */
export const LogSeverity = { info: 1, warning: 2 } as const;
export const DiffChanges = { none: 1, some: 2 } as const;
export const DifferenceKind = {
  add: 0,
  addReplace: 1,
  delete: 2,
  deleteReplace: 3,
  update: 4,
  updateReplace: 5,
} as const;

const service = "/pulumirpc.ResourceProvider";

/** Paths of the methods of other services that the plugin calls: the engine, and the process of the components. */
export const paths = {
  log: "/pulumirpc.Engine/Log",
  construct: `${service}/Construct`,
  call: `${service}/Call`,
} as const;

/** The methods that the plugin has. Any other one is answered by the gRPC library: not implemented. */
export const providerMethods = {
  handshake: method("Handshake", requests.Empty, responses.ProviderHandshakeResponse),
  attach: method("Attach", requests.PluginAttach, responses.Empty),
  getPluginInfo: method("GetPluginInfo", requests.Empty, responses.PluginInfo),
  getSchema: method("GetSchema", requests.GetSchemaRequest, responses.GetSchemaResponse),
  checkConfig: method("CheckConfig", requests.CheckRequest, responses.CheckResponse),
  diffConfig: method("DiffConfig", requests.DiffRequest, responses.DiffResponse),
  configure: method("Configure", requests.ConfigureRequest, responses.ConfigureResponse),
  check: method("Check", requests.CheckRequest, responses.CheckResponse),
  diff: method("Diff", requests.DiffRequest, responses.DiffResponse),
  create: method("Create", requests.CreateRequest, responses.CreateResponse),
  read: method("Read", requests.ReadRequest, responses.ReadResponse),
  update: method("Update", requests.UpdateRequest, responses.UpdateResponse),
  delete: method("Delete", requests.DeleteRequest, responses.Empty),
  invoke: method("Invoke", requests.InvokeRequest, responses.InvokeResponse),
  construct: method("Construct", asItIs, { encode: asItIs }),
  call: method("Call", asItIs, { encode: asItIs }),
  cancel: method("Cancel", requests.Empty, responses.Empty),
};

/** A message that is passed on. */
export function asItIs(message: Buffer): Buffer {
  return message;
}

function method<Received, Sent>(
  name: string,
  decode: Decode<Received>,
  { encode }: Pick<Encoder<Sent>, "encode">,
): MethodDefinition<Received, Sent> {
  return {
    path: `${service}/${name}`,
    requestStream: false,
    responseStream: false,
    requestDeserialize: decode,
    responseSerialize: encode,
    requestSerialize: ofTheOtherSide,
    responseDeserialize: ofTheOtherSide,
  };
}

/** The library wants both directions of a method, and a server uses one. */
function ofTheOtherSide(): never {
  throw new Error("the plugin serves this method and calls it nowhere");
}

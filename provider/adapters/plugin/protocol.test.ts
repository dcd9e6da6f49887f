import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import errorMessages from "@pulumi/pulumi/proto/errors_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, it } from "vitest";
import {
  DiffChanges,
  DifferenceKind,
  LogSeverity,
  providerMethods,
  type Response,
  requests,
  responses,
} from "./protocol.ts";

/** A message of Pulumi's SDK, whose accessors are looked up by name. */
type SdkMessage = Record<string, (...values: unknown[]) => unknown> & { serializeBinary(): Uint8Array };
interface SdkType {
  new (): SdkMessage;
  deserializeBinary(bytes: Uint8Array): SdkMessage;
}

const sdkTypes = {
  ...engineMessages,
  ...errorMessages,
  ...pluginMessages,
  ...providerMessages,
  ...statusMessages,
  ...empty,
} as unknown as Record<string, SdkType>;

const values = {
  nothing: null,
  text: "Grüße, 世界 🚀",
  empty: "",
  yes: true,
  no: false,
  numbers: [0, -1.5, 1e300, 4_294_967_296],
  nested: { list: [{ deep: [[]] }, {}, null], "key with: signs": "x" },
};

/** The SDK writes some names without capitals. */
function accessor(message: SdkMessage, name: string): (...values: unknown[]) => unknown {
  const found = Object.getOwnPropertyNames(Object.getPrototypeOf(message)).find(
    (key) => key.toLowerCase() === name.toLowerCase(),
  );
  if (!found) throw new Error(`Pulumi's SDK has no ${name}`);
  return (...given) => message[found]?.(...given);
}

it.each(Object.keys(requests))("reads %s as Pulumi's SDK writes it", (name) => {
  const decode = requests[name as keyof typeof requests];
  const message = new (sdkTypes[name] as SdkType)();
  const samples = { string: `the ${name}`, number: -7, boolean: true };
  const expected = Object.entries(decode(Buffer.alloc(0))).map(([field, absent]) => {
    const sample = absent === undefined ? values : samples[typeof absent as keyof typeof samples];
    const written = absent === undefined ? structs.Struct.fromJavaScript(values) : sample;
    accessor(message, `set${field}`)(written);
    return [field, sample];
  });
  expect(decode(Buffer.from(message.serializeBinary()))).toEqual(Object.fromEntries(expected));
});

const failures = [
  { property: "name", reason: "is taken" },
  { property: "", reason: "" },
];
const any = { typeUrl: "type.googleapis.com/pulumirpc.X", value: Buffer.from([0, 255]) };

const samples: { [Name in keyof typeof responses]: Required<Response<Name>> } = {
  Empty: {},
  ProviderHandshakeResponse: { acceptSecrets: true, acceptResources: true, acceptOutputs: true },
  PluginInfo: { version: "1.2.3" },
  GetSchemaResponse: { schema: "{}" },
  ConfigureResponse: {
    acceptSecrets: true,
    supportsPreview: true,
    acceptResources: true,
    acceptOutputs: true,
  },
  InvokeResponse: { return: values, failures },
  CheckResponse: { inputs: values, failures },
  DiffResponse: {
    replaces: ["a"],
    stables: ["b", "c"],
    changes: DiffChanges.some,
    diffs: ["a", "d"],
    detailedDiff: { "a.b[0]": { kind: DifferenceKind.updateReplace, inputDiff: true } },
    hasDetailedDiff: true,
  },
  CreateResponse: { id: "x/y", properties: values },
  ReadResponse: { id: "x/y", properties: values, inputs: { other: "value" } },
  UpdateResponse: { properties: values },
  LogRequest: { severity: LogSeverity.warning, message: "said", urn: "urn:x", ephemeral: true },
  ErrorResourceInitFailed: { id: "x/y", properties: values, reasons: ["one", "two"] },
  InputPropertiesError: { errors: [{ propertyPath: "a[0]", reason: "is wrong" }] },
  Status: { code: 2, message: "broke", details: [any] },
};

/** A value of a message of Pulumi's SDK as the plugin has it. */
function plain(value: unknown): unknown {
  if (value instanceof structs.Struct) return value.toJavaScript();
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null && "toObject" in value
    ? lowerKeys((value as { toObject(): object }).toObject())
    : value;
}

function lowerKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]));
}

it.each(Object.keys(samples))("writes %s as Pulumi's SDK reads it", (name) => {
  const { encode } = responses[name as keyof typeof responses];
  const sample = samples[name as keyof typeof samples] as Record<string, unknown>;
  const message = (sdkTypes[name] as SdkType).deserializeBinary(encode(sample as never));
  for (const [field, value] of Object.entries(sample)) {
    if (field === "detailedDiff") {
      const [entry] = (accessor(message, "getDetaileddiffMap")() as { toArray(): unknown[][] }).toArray();
      expect(entry).toMatchObject(["a.b[0]", [DifferenceKind.updateReplace, true]]);
    } else if (field === "details") {
      const [detail] = accessor(message, "getDetailsList")() as SdkMessage[];
      expect(detail?.["getTypeUrl"]?.()).toBe(any.typeUrl);
      expect(Buffer.from(detail?.["getValue_asU8"]?.() as Uint8Array)).toEqual(any.value);
    } else {
      const read = accessor(message, `get${field}${Array.isArray(value) ? "List" : ""}`)();
      const isList = Array.isArray(value) && typeof value[0] === "object";
      expect(plain(read)).toEqual(isList ? value.map(lowerKeys) : value);
    }
  }
});

it("has the methods at the paths where Pulumi's SDK calls them", () => {
  for (const [name, { path }] of Object.entries(providerMethods)) {
    expect(path).toBe(Reflect.get(providerServices.ResourceProviderService, name).path);
  }
});

it("has the values of enumerations that Pulumi's SDK has", () => {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } =
    providerMessages.PropertyDiff.Kind;
  expect(Object.values(DifferenceKind)).toEqual([
    ADD,
    ADD_REPLACE,
    DELETE,
    DELETE_REPLACE,
    UPDATE,
    UPDATE_REPLACE,
  ]);
  const { DIFF_NONE, DIFF_SOME } = providerMessages.DiffResponse.DiffChanges;
  expect([DiffChanges.none, DiffChanges.some]).toEqual([DIFF_NONE, DIFF_SOME]);
  const { INFO, WARNING } = engineMessages.LogSeverity;
  expect([LogSeverity.info, LogSeverity.warning]).toEqual([INFO, WARNING]);
});

it("passes over fields that a later engine sends, of every encoding", () => {
  const later = [
    Buffer.from([...[0xf8, 0x07], 0x96, 0x01]),
    Buffer.from([...[0xf9, 0x07], 1, 2, 3, 4, 5, 6, 7, 8]),
    Buffer.from([...[0xfa, 0x07], 2, 1, 1]),
    Buffer.from([...[0xfd, 0x07], 1, 2, 3, 4]),
  ];
  const known = new pluginMessages.PluginAttach();
  known.setAddress("127.0.0.1:1");
  const message = Buffer.concat([...later, known.serializeBinary(), ...later]);
  expect(requests.PluginAttach(message)).toEqual({ address: "127.0.0.1:1" });
});

it("takes a property named __proto__ for a property", () => {
  const news = JSON.parse('{"__proto__": {"a": 1}, "b": 2}');
  const received = requests.CheckRequest(checkWith(news)).news;
  expect(JSON.stringify(received)).toBe('{"__proto__":{"a":1},"b":2}');
  expect(Object.getPrototypeOf(received)).toBe(Object.prototype);
});

it("sends a key that has half of a character: an engine takes no message that is not well-formed", () => {
  const sent = responses.UpdateResponse.encode({ properties: { "half \ud800": "value" } });
  const read = providerMessages.UpdateResponse.deserializeBinary(sent).getProperties()?.toJavaScript();
  expect(read).toEqual({ "half \ufffd": "value" });
});

it("refuses a value that has no form on the wire", () => {
  const encode = () => responses.UpdateResponse.encode({ properties: { at: undefined } });
  expect(encode).toThrow("a value of type undefined has no form in Pulumi's protocol");
});

/** A check request with these properties: field 3 of a request is a struct as field 1 of an answer is. */
function checkWith(news: Record<string, unknown>): Buffer {
  const content = Buffer.from(responses.UpdateResponse.encode({ properties: news }));
  content[0] = 3 * 8 + 2;
  return content;
}

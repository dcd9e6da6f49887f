import { type handleUnaryCall, Metadata, status } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties, Value } from "./shape.ts";

type Struct = InstanceType<typeof struct.Struct>;

/** Properties from the wire. The engine sends no secrets as such: the provider does not say that it takes them. */
export function plain(properties: Struct | undefined): Properties {
  return (properties?.toJavaScript() ?? {}) as Properties;
}

/** The same of a provider's configuration, in which the engine marks secrets whether or not the provider takes them. */
export function plainConfiguration(properties: Struct | undefined): Properties {
  const unmarked = ([key, value]: [string, Value]): [string, Value] => {
    const isMarked = typeof value === "object" && value !== null && !Array.isArray(value) && MARK in value;
    return [key, isMarked ? (value["value"] ?? null) : value];
  };
  return Object.fromEntries(Object.entries(plain(properties)).map(unmarked));
}

/** Pulumi's key of objects that stand for values of a special kind. */
const MARK = "4dabf18193072939515e22adb298388d";

/** Properties for the wire. */
export function toStruct(properties: Properties): Struct {
  return struct.Struct.fromJavaScript(properties);
}

/** An answer that is an error. */
export interface Refusal {
  readonly code: status;
  readonly message: string;
  readonly details: string;
  readonly metadata: Metadata;
}

/** An error in gRPC's form. */
export function refusal(message: string, code: status = status.UNKNOWN): Refusal {
  return { code, message, details: message, metadata: new Metadata() };
}

/** A resource that exists but is not as it should be: the engine keeps it in state, with the reason. */
export function partialFailure(id: string, state: Properties, inputs: Properties, reason: string): Refusal {
  const detail = new messages.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(toStruct(state))
    .setInputs(toStruct(inputs))
    .setReasonsList([reason]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const outcome = new statusMessages.Status();
  outcome.setCode(status.UNKNOWN);
  outcome.setMessage(reason);
  outcome.addDetails(packed);
  const refused = refusal(reason);
  refused.metadata.set("grpc-status-details-bin", Buffer.from(outcome.serializeBinary()));
  return refused;
}

/** Serves a method; what it throws becomes the answer. */
export function unary<Request, Response>(
  method: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, answer) => {
    method(request).then(
      (response) => answer(null, response),
      (error: unknown) => answer(isRefusal(error) ? error : refusal(messageOf(error))),
    );
  };
}

function isRefusal(error: unknown): error is Refusal {
  return typeof error === "object" && error !== null && "metadata" in error && "code" in error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

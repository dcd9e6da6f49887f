import type { ServiceError } from "@grpc/grpc-js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap, PropertyValue } from "../deployment.ts";

/** The protobuf form of properties. */
export type Struct = InstanceType<typeof struct.Struct>;

/** How much gRPC may carry in one message: as much as the CLI allows. */
export const GRPC_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

/** Properties for the wire. */
export function toStruct(properties: PropertyMap): Struct {
  return struct.Struct.fromJavaScript(properties);
}

/** Properties from the wire; none when the message has none. */
export function fromStruct(properties: Struct | undefined): PropertyMap | undefined {
  return properties?.toJavaScript() as PropertyMap | undefined;
}

/** One value from the wire. */
export function fromValue(value: InstanceType<typeof struct.Value>): PropertyValue {
  return value.toJavaScript() as PropertyValue;
}

/** How a gRPC call ends. */
export type Done<Response> = (error: ServiceError | null, response: Response) => void;

/** A gRPC call as a promise. */
export function unary<Response>(start: (done: Done<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) =>
    start((error, response) => (error ? reject(error) : resolve(response))),
  );
}

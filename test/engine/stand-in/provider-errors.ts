import { type ServiceError, status } from "@grpc/grpc-js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import type { PropertyMap } from "../deployment.ts";
import { fromStruct } from "./wire.ts";

const DETAILS_KEY = "grpc-status-details-bin";
const INIT_FAILED_TYPE = "pulumirpc.ErrorResourceInitFailed";

/** The resource is there, but not as it should be: it is kept, with the reasons. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs: PropertyMap | undefined;
  readonly reasons: string[];

  constructor(id: string, properties: PropertyMap, inputs: PropertyMap | undefined, reasons: string[]) {
    super(`${reasons.length} error occurred:\n${reasons.map((reason) => `    * ${reason}\n`).join("")}`);
    this.id = id;
    this.properties = properties;
    this.inputs = inputs;
    this.reasons = reasons;
  }
}

/** What a failed call to a provider means: a partial failure is in the details of its status. */
export function providerError(error: unknown): Error {
  const failure = error as ServiceError;
  const [encoded] = failure.metadata?.get(DETAILS_KEY) ?? [];
  if (encoded instanceof Buffer) {
    for (const detail of statusMessages.Status.deserializeBinary(encoded).getDetailsList()) {
      if (detail.getTypeName() === INIT_FAILED_TYPE) {
        return initializationError(detail.getValue_asU8());
      }
    }
  }
  return new Error(failure.details || failure.message);
}

/** Whether a provider does not have the method at all. */
export function isUnimplemented(error: unknown): boolean {
  return (error as ServiceError).code === status.UNIMPLEMENTED;
}

function initializationError(bytes: Uint8Array): InitializationError {
  const message = providerMessages.ErrorResourceInitFailed.deserializeBinary(bytes);
  return new InitializationError(
    message.getId(),
    fromStruct(message.getProperties()) ?? {},
    fromStruct(message.getInputs()),
    message.getReasonsList(),
  );
}

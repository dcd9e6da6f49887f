import { type ServiceError, status } from "@grpc/grpc-js";
import errorMessages from "@pulumi/pulumi/proto/errors_pb.js";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import type { PropertyMap } from "../deployment.ts";
import { fromStruct } from "./wire.ts";

const DETAILS_KEY = "grpc-status-details-bin";
const INIT_FAILED_TYPE = "pulumirpc.ErrorResourceInitFailed";
const INPUT_PROPERTIES_TYPE = "pulumirpc.InputPropertiesError";

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

/** What a failed call to a provider means: a partial failure, or which inputs are wrong, is in the details of its status. */
export function providerError(error: unknown): Error {
  const failure = error as ServiceError;
  const [encoded] = failure.metadata?.get(DETAILS_KEY) ?? [];
  if (encoded instanceof Buffer) {
    for (const detail of statusMessages.Status.deserializeBinary(encoded).getDetailsList()) {
      if (detail.getTypeName() === INIT_FAILED_TYPE) {
        return initializationError(detail.getValue_asU8());
      }
      if (detail.getTypeName() === INPUT_PROPERTIES_TYPE) {
        return inputPropertiesError(failure.details, detail.getValue_asU8());
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

function inputPropertiesError(message: string, bytes: Uint8Array): Error {
  const errors = errorMessages.InputPropertiesError.deserializeBinary(bytes).getErrorsList();
  const lines = errors.map(
    (error) => `\n\t\t- property ${error.getPropertyPath()} has a problem: ${error.getReason()}`,
  );
  return new Error(message + lines.join(""));
}

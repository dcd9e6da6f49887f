import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { messageOf } from "../../control-planes/http/error";
import { redact } from "../../control-planes/http/redact";
import { PartialFailure } from "../../resources/framework/lifecycle";
import type { Violation } from "../../resources/framework/violation";
import { struct } from "./messages";
import { ErrorResourceInitFailed, InputPropertiesError, Status } from "./protocol";
import type { SecretPath } from "./wire-properties";

/** A failed request: a gRPC status, its text, and the structured detail that the engine understands. */
export type Refusal = Pick<ServiceError, "code" | "details" | "metadata">;

/** The request is wrong and no other attempt will do: an unknown type, for example. */
export class InvalidRequest extends Error {
  override readonly name = "InvalidRequest";
}

/** The configuration of the provider, or the arguments of a call, are wrong. */
export class InvalidProperties extends Error {
  override readonly name = "InvalidProperties";
  readonly failures: readonly Violation[];

  constructor(message: string, failures: readonly Violation[]) {
    super(`${message}: ${failures.map(({ property, reason }) => `${property} ${reason}`).join("; ")}`);
    this.failures = failures;
  }
}

/**
 * Any error as the engine takes it, without secrets.
 * @param secrets what is secret in the state that a partial failure carries.
 */
export function refusalOf(error: unknown, secrets: readonly SecretPath[] = []): Refusal {
  const message = redact(messageOf(error));
  if (error instanceof PartialFailure) {
    const detail = new ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(struct(error.state, secrets));
    detail.setReasonsList(error.reasons.map(redact));
    return refusal(status.UNKNOWN, message, ["pulumirpc.ErrorResourceInitFailed", detail.serializeBinary()]);
  }
  if (error instanceof InvalidProperties) {
    const detail = new InputPropertiesError();
    for (const { property, reason } of error.failures) {
      const failure = new InputPropertiesError.PropertyError();
      failure.setPropertyPath(property);
      failure.setReason(redact(reason));
      detail.addErrors(failure);
    }
    const packed = ["pulumirpc.InputPropertiesError", detail.serializeBinary()] as const;
    return refusal(status.INVALID_ARGUMENT, message, packed);
  }
  if (error instanceof InvalidRequest) return refusal(status.INVALID_ARGUMENT, message);
  return refusal(status.UNKNOWN, message);
}

/** A method that this plugin does not have. The engine knows what to do without it. */
export function unimplemented(method: string): Refusal {
  return refusal(status.UNIMPLEMENTED, `the runner-pools plugin does not implement ${method}`);
}

function refusal(
  code: status,
  message: string,
  detail?: readonly [type: string, bytes: Uint8Array],
): Refusal {
  const metadata = new Metadata();
  if (detail) {
    const [type, bytes] = detail;
    const any = new Any();
    any.pack(bytes, type);
    const rich = new Status();
    rich.setCode(code);
    rich.setMessage(message);
    rich.addDetails(any);
    // gRPC's place for structured errors; the JavaScript library has no call of its own for it.
    metadata.add("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  }
  return { code, details: message, metadata };
}

import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { messageOf } from "../../control-planes/http/error";
import { redact } from "../../control-planes/http/redact";
import { PartialFailure } from "../../resources/framework/lifecycle";
import type { Violation } from "../../resources/framework/violation";
import { responses } from "./protocol";
import { propertyFailures, type SecretPath, send } from "./wire-properties";

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
    super(`${message}: ${failures.map(({ property, reason }) => `${property}: ${reason}`).join("; ")}`);
    this.failures = failures;
  }
}

/**
 * Any error as the engine takes it, without secrets.
 * @param secrets what is secret in the state that a partial failure carries.
 */
export function refusalOf(error: unknown, secrets: readonly SecretPath[] = []): Refusal {
  // Half of a character, as where a long answer was cut, has no form in gRPC, which would then send no message at all.
  const message = redact(messageOf(error)).toWellFormed();
  if (error instanceof PartialFailure) {
    const detail = responses.ErrorResourceInitFailed.encode({
      id: error.id,
      properties: send(error.state, secrets),
      reasons: error.reasons.map(redact),
    });
    return refusal(status.UNKNOWN, message, ["pulumirpc.ErrorResourceInitFailed", detail]);
  }
  if (error instanceof InvalidProperties) {
    const failures = propertyFailures(error.failures);
    const detail = responses.InputPropertiesError.encode({
      errors: failures.map(({ property, reason }) => ({ propertyPath: property, reason })),
    });
    return refusal(status.INVALID_ARGUMENT, message, ["pulumirpc.InputPropertiesError", detail]);
  }
  if (error instanceof InvalidRequest) return refusal(status.INVALID_ARGUMENT, message);
  return refusal(status.UNKNOWN, message);
}

function refusal(
  code: status,
  message: string,
  detail?: readonly [type: string, bytes: Uint8Array],
): Refusal {
  const metadata = new Metadata();
  if (detail) {
    const [type, value] = detail;
    const details = [{ typeUrl: `type.googleapis.com/${type}`, value }];
    // gRPC's place for structured errors; the JavaScript library has no call of its own for it.
    metadata.add("grpc-status-details-bin", responses.Status.encode({ code, message, details }));
  }
  return { code, details: message, metadata };
}

import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { redact } from "../../control-planes/http/redact";
import type { Properties } from "../../resources/framework/lifecycle";
import type { Violation } from "../../resources/framework/violation";
import { CheckFailure } from "./protocol";
import { type Received, receive, type SecretPath, send } from "./wire-properties";

/** Properties of a request. An absent message is an empty one. */
export function received(struct: Struct | undefined): Received {
  return receive((struct?.toJavaScript() ?? {}) as Properties);
}

/** Properties for an answer, with those secret that are named. */
export function struct(values: Properties, secrets: Iterable<SecretPath>): Struct {
  return Struct.fromJavaScript(send(values, secrets) as Record<string, JavaScriptValue>);
}

/** Failures of a check as the protocol has them. */
export function checkFailures(failures: readonly Violation[]): CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new CheckFailure();
    failure.setProperty(property);
    failure.setReason(redact(reason));
    return failure;
  });
}

import type { Connections, ControlPlaneAddress } from "../control-planes/connect";
import { MissingCredentialsError } from "../control-planes/credentials";
import { validate, withDefaults } from "../resources/check";
import type { Properties } from "../resources/lifecycle";
import type { Violation } from "../resources/violation";
import type { PoolFunction } from "./function";

/** What a call gave: a result, or what was wrong with its arguments. */
export interface CallResult {
  readonly result?: Properties;
  readonly failures: readonly Violation[];
}

/** Checks the arguments and calls the function. Never throws on bad arguments. */
export async function callFunction(
  { definition, rules, call }: PoolFunction,
  given: Properties,
  connections: Connections,
): Promise<CallResult> {
  const args = withDefaults(definition.inputs.shape, given);
  const failures = validate(definition.inputs, args);
  const broken = failures.length > 0 ? failures : (rules?.(args) ?? []);
  if (broken.length > 0) return { failures: broken };
  try {
    const plane = connections.connect(args["controlPlane"] as ControlPlaneAddress);
    return { result: await call(plane, args), failures: [] };
  } catch (error) {
    if (!(error instanceof MissingCredentialsError)) throw error;
    return { failures: [{ property: "controlPlane", reason: error.message }] };
  }
}

import type { Connections, ControlPlaneAddress } from "../control-planes/connect";
import { SettingsError } from "../control-planes/credentials/sources";
import { validate, withDefaults } from "../resources/framework/check";
import type { Properties } from "../resources/framework/lifecycle";
import type { Violation } from "../resources/framework/violation";
import type { PoolFunction } from "./function";

/** What a call gave: a result, or what was wrong with its arguments. */
export interface CallResult {
  readonly result?: Properties;
  readonly violations: readonly Violation[];
}

/** Checks the arguments and calls the function. Never throws on bad arguments, nor on settings that cannot be used. */
export async function callFunction(
  { definition, rules, call }: PoolFunction,
  given: Properties,
  connections: Connections,
): Promise<CallResult> {
  const args = withDefaults(definition.inputs.shape, given);
  const invalid = validate(definition.inputs, args);
  const violations = invalid.length > 0 ? invalid : (rules?.(args) ?? []);
  if (violations.length > 0) return { violations };
  try {
    const plane = connections.connect(args["controlPlane"] as ControlPlaneAddress);
    return { result: await call(plane, args), violations: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { violations: [{ property: "controlPlane", reason: error.message }] };
  }
}

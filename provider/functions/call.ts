import type { Connections, ControlPlaneAddress } from "../control-planes/connect";
import { SettingsError } from "../control-planes/credentials/sources";
import { withControlPlaneOfPool } from "../resources/control-plane-of-pool";
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
  const { shape } = definition.inputs;
  const args = withControlPlaneOfPool(shape, withDefaults(shape, given));
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

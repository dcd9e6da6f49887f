import * as pulumi from "@pulumi/pulumi";
import type { FunctionName } from "../../provider/functions";
import type { ControlPlaneArgs } from "../resources/generated/resources";
import { controlPlaneInput, type PoolInput, poolInput } from "../resources/pool-input";

/**
 * Calls a function in the program's own process, which needs no plugin. Credentials are those of resources: from the
 * stack's `runner-pools:*` configuration, else from the environment.
 * @throws pulumi.RunError, shown without a stack trace, that says which argument is wrong, or what the control plane answered.
 */
export async function call<Result>(name: FunctionName, args: object): Promise<Result> {
  // Loaded with the first call: most programs make none.
  const [{ functions }, { callFunction }, { Connections }, { settingKeys }, { messageOf }, { redact }] =
    await Promise.all([
      import("../../provider/functions/index.js"),
      import("../../provider/functions/call.js"),
      import("../../provider/control-planes/connect.js"),
      import("../../provider/control-planes/credentials/settings.js"),
      import("../../provider/control-planes/http/error.js"),
      import("../../provider/control-planes/http/redact.js"),
    ]);
  const settings = settingKeys.map((key) => [key, pulumi.runtime.getConfig(`runner-pools:${key}`)]);
  const connections = new Connections(Object.fromEntries(settings));
  const { result, violations } = await callFunction(functions[name], { ...args }, connections).catch(
    (error: unknown) => {
      throw new pulumi.RunError(`${name}: ${redact(messageOf(error))}`);
    },
  );
  if (violations.length === 0) return result as Result;
  const reasons = violations.map(({ property, reason }) => `${property}: ${reason}`);
  throw new pulumi.RunError(`${name}: ${reasons.join("; ")}`);
}

/** Calls a function once its arguments are known; a pool stands for its id and its control plane. */
export function callWithInputs<Result>(
  name: FunctionName,
  args: { readonly pool?: PoolInput; readonly controlPlane?: pulumi.Input<ControlPlaneArgs> },
): pulumi.Output<Result> {
  const { pool } = args;
  const inputs = {
    ...args,
    ...(pool !== undefined && { pool: poolInput(pool), controlPlane: controlPlaneInput(args) }),
  };
  return pulumi.output(inputs).apply((known) => call<Result>(name, known));
}

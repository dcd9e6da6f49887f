import type { ResourceState } from "../deployment.ts";
import { packageOf } from "../urn.ts";
import type { Operation } from "./operation.ts";
import type { Provider, ProviderResult } from "./provider.ts";
import { InitializationError } from "./provider-errors.ts";

/** Reads a resource by its import id, and fills its new state with what it is. */
export async function readImported(next: ResourceState, operation: Operation): Promise<void> {
  const id = next.importID ?? "";
  const provider = await operation.setup.providers.get(next.provider ?? "");
  const result = await readById(provider, next, id);
  if (result === undefined) {
    throw new Error(`resource '${id}' does not exist`);
  }
  if (result.inputs === undefined) {
    throw new Error(
      `provider does not support importing resources; please try updating the '${packageOf(next.type)}' plugin`,
    );
  }
  next.id = result.id;
  next.inputs = result.inputs;
  next.outputs = result.outputs;
  next.created = new Date().toISOString();
  next.modified = next.created;
}

/** Tells of inputs that the provider would not accept: the import is valid all the same. */
export async function warnOfInvalidInputs(next: ResourceState, operation: Operation): Promise<void> {
  const { providers, reporter } = operation.setup;
  const inputs = next.inputs ?? {};
  const { failures } = await (await providers.get(next.provider ?? "")).check(next.urn, inputs, inputs);
  for (const { property, reason } of failures) {
    const message = `the imported input "${property}" is not valid: ${reason}`;
    reporter.diagnostic({ severity: "warning", message, urn: next.urn });
  }
}

async function readById(
  provider: Provider,
  next: ResourceState,
  id: string,
): Promise<ProviderResult | undefined> {
  try {
    return await provider.read(next.urn, id, undefined, undefined);
  } catch (error) {
    if (!(error instanceof InitializationError)) {
      throw error;
    }
    next.initErrors = error.reasons;
    const result = { id: error.id, outputs: error.properties, refreshBeforeUpdate: false };
    return { ...result, ...(error.inputs && { inputs: error.inputs }) };
  }
}

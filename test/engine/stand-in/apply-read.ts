import type { ResourceState } from "../deployment.ts";
import { packageOf } from "../urn.ts";
import type { Operation } from "./operation.ts";
import type { Provider, ProviderResult } from "./provider.ts";
import { InitializationError } from "./provider-errors.ts";
import { nextOf, type Step } from "./step.ts";

/** Reads a resource that is managed elsewhere. */
export async function applyRead(step: Step, operation: Operation): Promise<void> {
  const { snapshot } = operation.setup;
  const next = nextOf(step);
  const begun = snapshot.begin("reading", next);
  const inputs = next.inputs ?? {};
  const id = next.id ?? "";
  const provider = await operation.providerOf(next);
  let result: ProviderResult | undefined;
  try {
    result = await provider.read(next.urn, id, inputs, inputs);
    if (result === undefined) {
      throw new Error(`resource '${id}' does not exist`);
    }
  } catch (error) {
    begun.failed();
    throw error;
  }
  next.outputs = result.outputs;
  next.id = result.id;
  if (step.old !== undefined && step.op === "read-replacement") {
    step.old.delete = true;
  }
  operation.record(next);
  begun.done();
  snapshot.put(next, step.op === "read" ? step.old : undefined);
}

/** Takes a resource under management that exists already. */
export async function applyImport(step: Step, operation: Operation): Promise<void> {
  const { snapshot } = operation.setup;
  const next = nextOf(step);
  const begun = snapshot.begin("importing", next);
  try {
    await readImported(next, operation);
    if (!step.registered) {
      next.importID = undefined;
      await warnOfInvalidInputs(next, operation);
    }
  } catch (error) {
    begun.failed();
    throw error;
  }
  if (step.old !== undefined) {
    step.old.delete = true;
  }
  operation.record(next);
  begun.done();
  snapshot.put(next);
}

/** Reads a resource by its import id, and fills its new state with what it is. */
async function readImported(next: ResourceState, operation: Operation): Promise<void> {
  const id = next.importID ?? "";
  const provider = await operation.providerOf(next);
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
async function warnOfInvalidInputs(next: ResourceState, operation: Operation): Promise<void> {
  const inputs = next.inputs ?? {};
  const { failures } = await (await operation.providerOf(next)).check(next.urn, inputs, inputs);
  for (const { property, reason } of failures) {
    const message = `the imported input "${property}" is not valid: ${reason}`;
    operation.setup.reporter.diagnostic({ severity: "warning", message, urn: next.urn });
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

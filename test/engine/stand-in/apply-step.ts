import type { ResourceState } from "../deployment.ts";
import { isProviderType } from "../urn.ts";
import { applyImport, applyRead } from "./apply-read.ts";
import { withoutInternal } from "./default-provider.ts";
import type { Operation } from "./operation.ts";
import { annotateSecrets } from "./property-values.ts";
import type { ProviderResult } from "./provider.ts";
import { InitializationError } from "./provider-errors.ts";
import type { BegunOperation } from "./snapshot.ts";
import { nextOf, oldOf, type Step } from "./step.ts";

/** A protected resource was to be deleted: unlike other failures it does not stop what goes on beside it. */
export class ProtectedError extends Error {
  override readonly name = "ProtectedError";
}

/**
 * Does one step and records it in the snapshot: first that it begins, then what came of it.
 * A resource that was made but did not initialise is recorded too, before its error is thrown.
 */
export async function applyStep(step: Step, operation: Operation): Promise<void> {
  switch (step.op) {
    case "same":
      return applySame(step, operation);
    case "create":
    case "create-replacement":
      return applyCreate(step, operation);
    case "update":
      return applyUpdate(step, operation);
    case "delete":
    case "delete-replaced":
    case "discard":
    case "discard-replaced":
      return applyDelete(step, operation);
    case "remove-pending-replace":
      return operation.setup.snapshot.remove(oldOf(step));
    case "read":
    case "read-replacement":
      return applyRead(step, operation);
    case "import":
    case "import-replacement":
      return applyImport(step, operation);
    case "replace":
      // Only a word to the user: what it consists of are steps of their own.
      return;
    default:
      throw new Error(`${step.op} is not a step of a deployment`);
  }
}

async function applySame(step: Step, operation: Operation): Promise<void> {
  const next = nextOf(step);
  if (step.skippedCreate) {
    operation.news.set(next.urn, next);
    return;
  }
  const old = oldOf(step);
  next.id = old.id;
  next.outputs = old.outputs;
  if (isProviderType(next.type) && !step.untargeted) {
    await operation.setup.providers.same({ ...next, inputs: old.inputs });
  }
  operation.record(next);
  operation.setup.snapshot.put(next, old);
}

async function applyCreate(step: Step, operation: Operation): Promise<void> {
  const { snapshot, dryRun } = operation.setup;
  const next = nextOf(step);
  const begun = snapshot.begin("creating", next);
  const failure = await partial(async () => finish(next, await create(next, operation)), next, begun);
  next.created = new Date().toISOString();
  next.modified = next.created;
  if (!dryRun && next.custom && next.id === "") {
    begun.failed();
    throw new Error("provider did not return an ID from Create");
  }
  if (step.old !== undefined && step.deletesOldLater) {
    step.old.delete = true;
  }
  operation.record(next);
  begun.done();
  snapshot.put(next, step.old?.pendingReplacement ? step.old : undefined);
  throwIfSet(failure);
}

async function create(next: ResourceState, operation: Operation): Promise<ProviderResult> {
  const { providers, dryRun } = operation.setup;
  const inputs = next.inputs ?? {};
  if (!next.custom) {
    return { id: "", outputs: {}, refreshBeforeUpdate: false };
  }
  if (isProviderType(next.type)) {
    const id = await providers.create(next.urn, inputs, dryRun);
    return { id, outputs: withoutInternal(inputs), refreshBeforeUpdate: false };
  }
  const provider = await operation.providerOf(next);
  return await provider.create(next.urn, inputs, dryRun, next.customTimeouts?.create);
}

async function applyUpdate(step: Step, operation: Operation): Promise<void> {
  const { snapshot } = operation.setup;
  const next = nextOf(step);
  const old = oldOf(step);
  next.id = old.id;
  next.created = old.created;
  next.modified = old.modified;
  const begun = snapshot.begin("updating", next);
  const failure = await partial(async () => finish(next, await update(step, operation)), next, begun);
  if (next.custom) {
    next.modified = new Date().toISOString();
  }
  operation.record(next);
  if (failure !== undefined) {
    // The new inputs have not become true: the old ones are kept, so that the next update sees the difference.
    next.inputs = old.inputs;
  }
  begun.done();
  snapshot.put(next, old);
  throwIfSet(failure);
}

async function update(step: Step, operation: Operation): Promise<ProviderResult> {
  const { providers, dryRun } = operation.setup;
  const next = nextOf(step);
  const old = oldOf(step);
  const inputs = next.inputs ?? {};
  const id = old.id ?? "";
  if (!next.custom) {
    return { id, outputs: {}, refreshBeforeUpdate: false };
  }
  if (isProviderType(next.type)) {
    await providers.update(old, inputs);
    return { id, outputs: withoutInternal(inputs), refreshBeforeUpdate: false };
  }
  const provider = await operation.providerOf(next);
  const request = { ...old, urn: next.urn };
  return await provider.update(
    request,
    inputs,
    step.ignoreChanges ?? [],
    dryRun,
    next.customTimeouts?.update,
  );
}

async function applyDelete(step: Step, operation: Operation): Promise<void> {
  const { snapshot, dryRun } = operation.setup;
  const old = oldOf(step);
  if (step.op === "delete" && old.protect) {
    throw new ProtectedError(
      `resource "${old.urn}" cannot be deleted\nbecause it is protected. Remove \`protect\` in the program and run an ` +
        `update, or run \`pulumi state unprotect '${old.urn}'\``,
    );
  }
  const begun = snapshot.begin("deleting", old);
  const goesWithAnother = old.deletedWith !== undefined && step.deletedUrns?.has(old.deletedWith);
  if (
    !dryRun &&
    old.custom &&
    !isProviderType(old.type) &&
    !old.external &&
    !old.retainOnDelete &&
    !goesWithAnother
  ) {
    try {
      await (await operation.providerOf(old)).delete(old);
    } catch (error) {
      begun.failed();
      throw error;
    }
  }
  begun.done();
  if (step.pendingReplacement) {
    old.pendingReplacement = true;
    snapshot.write();
  } else {
    snapshot.remove(old);
  }
}

/** Runs a call; a partial failure is answered, any other failure ends the step and is thrown. */
async function partial(
  call: () => Promise<void>,
  next: ResourceState,
  begun: BegunOperation,
): Promise<InitializationError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!(error instanceof InitializationError)) {
      begun.failed();
      throw error;
    }
    annotateSecrets(error.properties, next.inputs ?? {});
    next.id = error.id || next.id;
    next.outputs = error.properties;
    next.initErrors = error.reasons;
    return error;
  }
}

function finish(next: ResourceState, result: ProviderResult): void {
  next.id = result.id;
  next.outputs = result.outputs;
  next.refreshBeforeUpdate = result.refreshBeforeUpdate;
}

function throwIfSet(error: Error | undefined): void {
  if (error !== undefined) {
    throw error;
  }
}

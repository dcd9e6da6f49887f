import type { ResourceState } from "../deployment.ts";
import { isProviderType, parseProviderReference } from "../urn.ts";
import { requirementsOf } from "./dependency-graph.ts";
import { completeUnknownDiff, NO_DIFF } from "./diff.ts";
import type { Operation } from "./operation.ts";
import { annotateSecrets, asSecret, equalValues } from "./property-values.ts";
import type { ProviderResult } from "./provider.ts";
import { InitializationError } from "./provider-errors.ts";
import type { Step } from "./step.ts";

/** Reads the real state of everything, or of the targets, into the state; answers whether all of it could be read. */
export async function refreshResources(
  operation: Operation,
  parallel: number,
  isOnlyRefresh: boolean,
): Promise<boolean> {
  const resources = resourcesToRefresh(operation);
  const { reporter } = operation.setup;
  if (!(await providersAreReady(resources, operation))) {
    return false;
  }
  let succeeded = true;
  const queue = resources.values();
  // Unlike an update, a refresh goes on with the others after a failure: it changes nothing but the state.
  const work = async () => {
    for (const old of queue) {
      const step: Step = { op: "refresh", urn: old.urn, old };
      reporter.begin(step);
      try {
        reporter.done(step, await refreshResource(old, operation), isOnlyRefresh);
      } catch (error) {
        succeeded = false;
        reporter.failed(step, error as Error);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return succeeded;
}

/** Starts what the resources are read with; the first provider that refuses its configuration ends the refresh. */
async function providersAreReady(
  resources: readonly ResourceState[],
  operation: Operation,
): Promise<boolean> {
  const { providers, previous, reporter } = operation.setup;
  for (const { provider } of resources) {
    try {
      await providers.ensure(provider, previous);
    } catch (error) {
      const urn = provider && parseProviderReference(provider).urn;
      reporter.diagnostic({ severity: "error", message: (error as Error).message, ...(urn && { urn }) });
      return false;
    }
  }
  return true;
}

function resourcesToRefresh(operation: Operation): ResourceState[] {
  const { previous, options } = operation.setup;
  if (!operation.isTargeted) {
    return previous;
  }
  const targets = new Set(options.targets);
  return previous.filter((resource) => {
    const isDependent = options.targetDependents && requirementsOf(resource).some((urn) => targets.has(urn));
    if (isDependent) {
      targets.add(resource.urn);
    }
    return targets.has(resource.urn);
  });
}

async function refreshResource(
  old: ResourceState,
  operation: Operation,
): Promise<"same" | "update" | "delete"> {
  const { snapshot } = operation.setup;
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
    return "same";
  }
  const provider = await operation.providerOf(old);
  const { result, initErrors } = await readState(old, operation);
  if (result === undefined) {
    snapshot.refresh(old, undefined);
    return "delete";
  }
  const now = refreshedState(old, result, initErrors);
  const hasChanged = !equalValues(now.inputs, old.inputs) || !equalValues(now.outputs, old.outputs);
  if (hasChanged) {
    now.modified = new Date().toISOString();
  }
  snapshot.refresh(old, now);
  if (old.external) {
    return equalValues(now.outputs, old.outputs) ? "same" : "update";
  }
  // Whether it counts as a change is what an update back to the old inputs would have to do.
  const olds = { inputs: now.inputs ?? {}, outputs: now.outputs ?? {} };
  const wanted = old.inputs ?? {};
  const ignoreChanges = old.ignoreChanges ?? [];
  const raw = await provider.diff(old.urn, now.id ?? "", olds, wanted, ignoreChanges);
  const diff = completeUnknownDiff(raw, olds.inputs, wanted, ignoreChanges);
  return diff.changes === NO_DIFF.changes ? "same" : "update";
}

async function readState(
  old: ResourceState,
  operation: Operation,
): Promise<{ result: ProviderResult | undefined; initErrors?: string[] }> {
  const provider = await operation.providerOf(old);
  try {
    return { result: await provider.read(old.urn, old.id ?? "", old.inputs, old.outputs) };
  } catch (error) {
    if (!(error instanceof InitializationError)) {
      throw error;
    }
    const reasons = error.reasons.map((reason) => `\n* ${reason}`).join("");
    const message = `Refreshed resource is in an unhealthy state:${reasons}`;
    operation.setup.reporter.diagnostic({ severity: "warning", message, urn: old.urn });
    annotateSecrets(error.properties, old.outputs ?? {});
    const result = { id: error.id, outputs: error.properties, refreshBeforeUpdate: false };
    return {
      result: { ...result, ...(error.inputs && { inputs: error.inputs }) },
      initErrors: error.reasons,
    };
  }
}

function refreshedState(
  old: ResourceState,
  result: ProviderResult,
  initErrors: string[] | undefined,
): ResourceState {
  const outputs = { ...result.outputs };
  const inputs = result.inputs ?? old.inputs;
  for (const key of old.additionalSecretOutputs ?? []) {
    if (outputs[key] !== undefined) {
      outputs[key] = asSecret(outputs[key]);
    }
  }
  return {
    ...old,
    id: result.id,
    inputs,
    outputs,
    initErrors,
    refreshBeforeUpdate: result.refreshBeforeUpdate,
  };
}

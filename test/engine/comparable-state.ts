import type { Deployment, PropertyValue, ResourceState } from "./deployment.ts";
import { DEFAULT_PASSPHRASE } from "./environment.ts";
import { Secrets } from "./stand-in/secrets.ts";
import { decodeDeployment } from "./stand-in/state-file.ts";

/** Resources as they can be compared between engines: without times, positions and random ids, secrets decrypted. */
export function comparableState(
  deployment: Deployment,
  passphrase: string = DEFAULT_PASSPHRASE,
): ResourceState[] {
  const salt = deployment.deployment.secrets_providers?.state?.salt;
  if (salt === undefined) {
    return [];
  }
  const { resources, pendingOperations } = decodeDeployment(deployment, Secrets.open(passphrase, salt));
  if (pendingOperations.length > 0) {
    throw new Error(`a state with ${pendingOperations.length} pending operations is not one to compare`);
  }
  return resources.map(comparable).sort((one, other) => keyOf(one).localeCompare(keyOf(other)));
}

function comparable({
  created,
  modified,
  sourcePosition,
  stackTrace,
  ...resource
}: ResourceState): ResourceState {
  const isProvider = resource.type.startsWith("pulumi:providers:");
  const hasTimes = created !== undefined && modified !== undefined;
  return {
    ...(sorted(resource as unknown as PropertyValue) as object),
    ...(isProvider && { id: "<random>" }),
    ...(resource.provider && { provider: resource.provider.replace(/[^:]+$/, "<random>") }),
    ...(hasTimes && { created: "<time>", modified: created === modified ? "<same time>" : "<later>" }),
    ...(sourcePosition !== undefined && { sourcePosition: "<position>" }),
    ...(stackTrace !== undefined && { stackTrace: [] }),
  } as ResourceState;
}

/** Lists of URNs are sets. */
function sorted(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    const isUrns = value.every((item) => typeof item === "string" && item.startsWith("urn:"));
    return isUrns ? [...value].sort() : value.map(sorted);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item)]));
  }
  return value;
}

function keyOf({ urn, id, delete: isDeleted }: ResourceState): string {
  return `${urn} ${isDeleted ? "deleted" : ""} ${id ?? ""}`;
}

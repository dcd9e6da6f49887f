import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Deployment, PendingOperation, ResourceState } from "../deployment.ts";
import { NotSupportedError } from "../engine.ts";
import type { Secrets } from "./secrets.ts";

const VERSION = 3;
/** The version of a deployment that lists the features that it uses. */
const VERSION_WITH_FEATURES = 4;

/** What makes a deployment need a newer reader, by the name that it is listed with. */
const FEATURES: Record<string, (resource: ResourceState) => boolean> = {
  refreshBeforeUpdate: (resource) => resource.refreshBeforeUpdate === true,
  replaceWith: (resource) => (resource.replaceWith ?? []).length > 0,
};

/** The state of a stack as the engine works with it: secrets are plain values inside their marks. */
export interface State {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/** A deployment as `pulumi stack export` writes it, secrets encrypted. */
export function encodeDeployment(state: State, secrets: Secrets, engineVersion: string): Deployment {
  const resources = state.resources.map((resource) => encode(resource, secrets));
  const features = Object.keys(FEATURES).filter((feature) =>
    resources.some((resource) => FEATURES[feature]?.(resource)),
  );
  const operations = state.pendingOperations.map(({ resource, type }) => ({
    resource: encode(resource, secrets),
    type,
  }));
  return {
    version: features.length > 0 ? VERSION_WITH_FEATURES : VERSION,
    ...(features.length > 0 && { features }),
    deployment: {
      manifest: {
        time: new Date().toISOString(),
        magic: createHash("sha256").update(engineVersion).digest("hex"),
        version: engineVersion,
      },
      secrets_providers: { type: "passphrase", state: { salt: secrets.salt } },
      ...(resources.length > 0 && { resources }),
      ...(operations.length > 0 && { pending_operations: operations }),
      metadata: {},
    },
  };
}

/** Reads a deployment; refuses what the stand-in would lose. */
export function decodeDeployment(deployment: Deployment, secrets: Secrets): State {
  const { version, features = [], deployment: body } = deployment;
  if (version !== VERSION && version !== VERSION_WITH_FEATURES) {
    throw new NotSupportedError(
      `Reading state: version ${version} is not supported by the stand-in, only 3 and 4`,
    );
  }
  const unknown = features.filter((feature) => FEATURES[feature] === undefined);
  if (unknown.length > 0) {
    throw new NotSupportedError(
      `Reading state: the feature '${unknown.join("', '")}' is not supported by the stand-in`,
    );
  }
  const provider = body.secrets_providers?.type ?? "passphrase";
  if (provider !== "passphrase") {
    throw new NotSupportedError(
      `Reading state: the secrets provider '${provider}' is not supported by the stand-in`,
    );
  }
  return {
    resources: (body.resources ?? []).map((resource) => decode(resource, secrets)),
    pendingOperations: (body.pending_operations ?? []).map(({ resource, type }) => ({
      resource: decode(resource, secrets),
      type,
    })),
  };
}

/** Reads the state file; a stack that was never updated has none. */
export function readDeployment(file: string): Deployment | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Deployment) : undefined;
}

/** Replaces a file in one go, and only once it is on disk: whoever is killed leaves the old one or the new one. */
export function writeFileAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  const descriptor = openSync(temporary, "w", 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function encode(resource: ResourceState, secrets: Secrets): ResourceState {
  const encrypted = {
    ...resource,
    inputs: resource.inputs && secrets.encryptProperties(resource.inputs),
    outputs: resource.outputs && secrets.encryptProperties(resource.outputs),
  };
  // Like Go's omitempty: what says nothing is not written.
  const entries = Object.entries(encrypted).filter(([key, value]) => key === "custom" || !isEmpty(value));
  return Object.fromEntries(entries) as unknown as ResourceState;
}

function decode(resource: ResourceState, secrets: Secrets): ResourceState {
  return {
    ...resource,
    inputs: secrets.decryptProperties(resource.inputs ?? {}),
    outputs: secrets.decryptProperties(resource.outputs ?? {}),
  };
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return Object.keys(value).length === 0;
  }
  return value === undefined || value === null || value === false || value === "";
}

import { z } from "zod";
import { type Answer, isJsonObject, type JsonObject } from "../exchange";
import { mergePatch } from "./merge-patch";
import {
  bodyOf,
  ok,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
  stackOf,
  writableStackOf,
} from "./requests";
import { sealSecrets, showSecrets } from "./setting-secrets";
import type { PulumiOrganization, PulumiStack } from "./state";

const path = "/api/stacks/:orgName/:projectName/:stackName/deployments/settings";

/** Deployment settings of a stack: `GetDeploymentSettings` to `EncryptDeploymentSettingsSecret`. */
export const deploymentSettingsOperations: PulumiOperationEntry[] = [
  { id: "GetDeploymentSettings", method: "GET", path, handle: getSettings },
  { id: "PatchDeploymentSettings", method: "POST", path, handle: patchSettings },
  { id: "ReplaceDeploymentSettings", method: "PUT", path, handle: replaceSettings },
  { id: "DeleteDeploymentSettings", method: "DELETE", path, handle: deleteSettings },
  { id: "EncryptDeploymentSettingsSecret", method: "POST", path: `${path}/encrypt`, handle: encryptSecret },
];

const nullableObject = z.record(z.string(), z.json()).nullable().optional();

/** Top level of `DeploymentSettingsRequest`; what is inside the objects is taken as it comes. */
const settingsBody = z.looseObject({
  agentPoolID: z.string().nullable().optional(),
  tag: z.string().nullable().optional(),
  cacheOptions: nullableObject,
  executorContext: nullableObject,
  gitHub: nullableObject,
  operationContext: nullableObject,
  sourceContext: nullableObject,
  vcs: nullableObject,
});

/** Keys that the service sets itself. */
const readOnlyKeys = ["source", "version"];

function getSettings(request: PulumiRequest): Answer {
  const { stack } = stackOf(request);
  if (stack.settings === undefined) {
    throw pulumiRefusal(404, "Not Found: Deployment settings not found");
  }
  return settingsAnswer(request, stack.settings);
}

function patchSettings(request: PulumiRequest): Answer {
  const { organization, stack } = writableStackOf(request);
  const patch = bodyOf(request, settingsBody) as JsonObject;
  // `vcs` is replaced whole by the service even here (pulumi/pulumi issue 24179).
  return writeSettings(request, organization, stack, mergePatch(stack.settings ?? {}, patch, ["vcs"]));
}

function replaceSettings(request: PulumiRequest): Answer {
  const { organization, stack } = writableStackOf(request);
  const body = bodyOf(request, settingsBody) as JsonObject;
  return writeSettings(request, organization, stack, mergePatch({}, body));
}

function writeSettings(
  request: PulumiRequest,
  organization: PulumiOrganization,
  stack: PulumiStack,
  document: JsonObject,
): Answer {
  for (const key of readOnlyKeys) delete document[key];
  // GUESS: "" means no pool, as null does; users report the two as interchangeable (pulumi-pulumiservice issue 268).
  if (document["agentPoolID"] === "") delete document["agentPoolID"];
  const poolId = document["agentPoolID"];
  if (poolId !== undefined && !organization.agentPools.some((pool) => pool.id === poolId)) {
    throw pulumiRefusal(400, `Bad Request: Invalid agent pool id '${poolId}'`);
  }
  const sealed = sealSecrets(document);
  stack.settingsVersion++;
  stack.settings = {
    ...(isJsonObject(sealed) ? sealed : {}),
    source: request.headers["x-pulumi-source"] === "provider" ? "provider" : "api",
    version: stack.settingsVersion,
  };
  delete stack.lingeringAgentPoolId;
  return settingsAnswer(request, stack.settings);
}

function deleteSettings(request: PulumiRequest): Answer {
  const { stack } = writableStackOf(request);
  const poolId = stack.settings?.["agentPoolID"];
  if (typeof poolId === "string" && request.state.deletedSettingsKeepPoolInUse) {
    stack.lingeringAgentPoolId = poolId;
  }
  delete stack.settings;
  return ok(true);
}

function encryptSecret(request: PulumiRequest): Answer {
  writableStackOf(request);
  const { secret } = bodyOf(request, z.looseObject({ secret: z.string() }));
  if (secret === "") throw pulumiRefusal(400, "Bad Request: Invalid empty value");
  return ok(showSecrets(sealSecrets({ secret }), "application/vnd.pulumi+8"));
}

function settingsAnswer(request: PulumiRequest, settings: JsonObject): Answer {
  const accept = request.headers["accept"];
  return ok(showSecrets(settings, typeof accept === "string" ? accept : undefined));
}

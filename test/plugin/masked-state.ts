import { comparableState } from "../engine/comparable-state.ts";
import type { Deployment, PropertyMap, ResourceState } from "../engine/deployment.ts";
import { containsSecrets, isSecret, mapValues } from "../engine/stand-in/property-values.ts";
import { isProviderType, STACK_TYPE } from "../engine/urn.ts";

/**
 * A state without what no two runs have the same: ids, tokens and times that the emulator made up, and its address. Nor what YAML has
 * otherwise: it asks for no version of the plugin, and an output of the stack with a secret in it is a secret as a whole.
 */
export function maskedState(deployment: Deployment): unknown {
  const resources = comparableState(deployment).map(withoutLanguage);
  const text = JSON.stringify(resources, (_key, item) => (isSecret(item) ? "<secret>" : item));
  return JSON.parse(
    text
      .replace(/(?!e0e0e0e0)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "<id>")
      .replace(/"serviceUrl":"[^"]*"/g, '"serviceUrl":"<url>"')
      .replace(/\b(apool|at|ws|prj)-\w+/g, "<id>")
      .replace(/::default_0_1_0\b/g, "::default")
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"),
  );
}

function withoutLanguage({ inputs = {}, outputs = {}, ...resource }: ResourceState): ResourceState {
  if (isProviderType(resource.type)) {
    return { ...resource, inputs: withoutVersion(inputs), outputs: withoutVersion(outputs) };
  }
  const hidden = mapValues(outputs, (value) => (containsSecrets(value) ? "<secret>" : value));
  return { ...resource, inputs, outputs: resource.type === STACK_TYPE ? hidden : outputs };
}

function withoutVersion({ version: _, __internal: __, ...settings }: PropertyMap): PropertyMap {
  return settings;
}

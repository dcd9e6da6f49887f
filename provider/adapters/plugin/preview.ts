import type { z } from "zod";
import { metaOf, type ResourceDefinition } from "../../resources/framework/definition";
import type { Properties } from "../../resources/framework/lifecycle";
import { unknownValue } from "../../resources/framework/unknown";

/**
 * State as far as a preview can tell it, without asking a control plane: the inputs, outputs that no update changes, and
 * the rest as not known yet.
 * @param state of the resource, where it exists.
 */
export function previewedState(
  { outputs }: ResourceDefinition,
  inputs: Properties,
  state?: Properties,
): Properties {
  const stable = new Set(stableOutputs(outputs));
  const previewed = Object.keys(outputs.shape).map((key) => [
    key,
    state && stable.has(key) ? state[key] : unknownValue,
  ]);
  return { ...inputs, ...Object.fromEntries(previewed) };
}

/** Names of the outputs that keep their value for as long as the resource exists. */
export function stableOutputs({ shape }: z.ZodObject): string[] {
  return Object.keys(shape).filter((key) => metaOf(shape[key] as z.ZodType)["stable"] === true);
}

import type { PropertyMap } from "../deployment.ts";
import { providerType } from "../urn.ts";
import { type Goal, plainGoal } from "./goal.ts";
import type { StackConfig } from "./stack-config.ts";

/** The engine's own settings of a provider: kept in state, never given to the provider. */
const INTERNAL_KEY = "__internal";

/** The provider of a package's resources that have none: one per version, configured by the stack's configuration. */
export function defaultProvider(packageName: string, version: string, config: StackConfig): Goal {
  const inputs = config.forProvider(packageName);
  if (version === "") {
    return plainGoal(providerType(packageName), "default", true, inputs);
  }
  const name = `default_${version.replace(/[^0-9A-Za-z]/g, "_")}`;
  // Empty as it is, it tells the CLI that no other setting of the provider is the engine's.
  return plainGoal(providerType(packageName), name, true, { ...inputs, version, [INTERNAL_KEY]: {} });
}

/** The settings of a provider as it gets them itself. */
export function withoutInternal({ [INTERNAL_KEY]: _, ...settings }: PropertyMap): PropertyMap {
  return settings;
}

/** What a provider's check made of its settings, with those that are the engine's as they were. */
export function keepInternal(
  checked: PropertyMap,
  { version, [INTERNAL_KEY]: internal }: PropertyMap,
): PropertyMap {
  return {
    ...(version !== undefined && { version }),
    ...checked,
    ...(internal !== undefined && { [INTERNAL_KEY]: internal }),
  };
}

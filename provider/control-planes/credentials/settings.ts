import { z } from "zod";
import type { PlaneDescriptor } from "../descriptor";
import { planes } from "../planes";
import { credentialsDescription, credentialsSetting, parseCredentialList } from "./credential-list";
import { SettingsError } from "./sources";

const ofPlanes: PlaneDescriptor["settings"] = Object.assign({}, ...planes.map(({ settings }) => settings));

/** Several credentials. What is wrong is named by its key: no message shows a value. */
const credentials = z
  .string()
  .superRefine((content, context) => {
    try {
      parseCredentialList(content, credentialsSetting, planes);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
    }
  })
  .optional()
  .describe(credentialsDescription)
  .meta({ secret: true });

/**
 * Configuration of a provider, in stack configuration as `runner-pools:<key>`: what each control plane reads, and
 * `credentials`. Environment variables are looked up by the provider itself and named in no schema: an SDK would copy
 * their values into state.
 */
export const providerConfiguration = z.strictObject({ ...ofPlanes, credentials });

/** The keys of {@link providerConfiguration}. */
export const settingKeys: readonly string[] = Object.keys(providerConfiguration.shape);

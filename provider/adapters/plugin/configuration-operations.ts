import { changesBetween, topOf } from "../../resources/framework/changes";
import { checkFailures } from "../check-failures";
import type { Configuration } from "./configuration";
import { checkConfiguration, ownSettings, secretConfiguration } from "./configuration";
import { withCurrentNames } from "./former-settings";
import { DiffChanges, type Request, type Response } from "./protocol";
import { detailedDiff } from "./resource-diff";
import { received, send, withSecretKeys } from "./wire-properties";

/** The configuration of a provider resource as methods of the provider protocol. */
export class ConfigurationOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async checkConfig(request: Request<"CheckRequest">): Promise<Response<"CheckResponse">> {
    const { values, secrets } = received(request.news);
    return {
      inputs: send(values, withSecretKeys(secrets, secretConfiguration)),
      failures: checkFailures(checkConfiguration(values)),
    };
  }

  /** Other credentials or another address reach the same resources, so no change of them replaces anything. */
  async diffConfig(request: Request<"DiffRequest">): Promise<Response<"DiffResponse">> {
    const before = received(request.oldInputs ?? request.olds).values;
    const changes = changesBetween(
      ownSettings(withCurrentNames(before)),
      ownSettings(received(request.news).values),
    );
    return {
      changes: changes.length > 0 ? DiffChanges.some : DiffChanges.none,
      diffs: changes.map(({ path }) => topOf(path)),
      hasDetailedDiff: true,
      detailedDiff: detailedDiff(changes.map((change) => ({ ...change, replaces: false }))),
    };
  }

  async configure(request: Request<"ConfigureRequest">): Promise<Response<"ConfigureResponse">> {
    this.configuration.configure(received(request.args).values);
    return { acceptSecrets: true, acceptResources: true, acceptOutputs: true, supportsPreview: true };
  }
}

import { changesBetween, topOf } from "../../resources/framework/changes";
import type { Configuration } from "./configuration";
import { checkConfiguration, ownSettings, secretConfiguration } from "./configuration";
import { withCurrentNames } from "./former-settings";
import { checkFailures, received, struct } from "./messages";
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type DiffRequest,
  DiffResponse,
} from "./protocol";
import { propertyDiff } from "./resource-diff";
import { withSecretKeys } from "./wire-properties";

/** The configuration of a provider resource as methods of the provider protocol. */
export class ConfigurationOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async checkConfig(request: CheckRequest): Promise<CheckResponse> {
    const { values, secrets } = received(request.getNews());
    const response = new CheckResponse();
    response.setInputs(struct(values, withSecretKeys(secrets, secretConfiguration)));
    response.setFailuresList(checkFailures(checkConfiguration(values)));
    return response;
  }

  /** Other credentials or another address reach the same resources, so no change of them replaces anything. */
  async diffConfig(request: DiffRequest): Promise<DiffResponse> {
    const before = received(request.hasOldInputs() ? request.getOldInputs() : request.getOlds()).values;
    const changes = changesBetween(
      ownSettings(withCurrentNames(before)),
      ownSettings(received(request.getNews()).values),
    );
    const response = new DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
    response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changes.map(({ path }) => topOf(path)));
    response.setHasdetaileddiff(true);
    for (const change of changes) {
      response.getDetaileddiffMap().set(change.path, propertyDiff({ ...change, replaces: false }));
    }
    return response;
  }

  async configure(request: ConfigureRequest): Promise<ConfigureResponse> {
    this.configuration.configure(received(request.getArgs()).values);
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setAcceptresources(true);
    response.setAcceptoutputs(true);
    response.setSupportspreview(true);
    return response;
  }
}

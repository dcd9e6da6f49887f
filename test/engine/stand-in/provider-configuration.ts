import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { PropertyMap, ResourceState } from "../deployment.ts";
import { urnType } from "../urn.ts";
import { withoutInternal } from "./default-provider.ts";
import type { DiffResult } from "./diff.ts";
import { containsUnknowns, withoutSecrets } from "./property-values.ts";
import type { CheckResponse, CheckResult } from "./provider-check.ts";
import { about, type ProviderConnection } from "./provider-connection.ts";
import { type DiffResponse, decodeDiff } from "./provider-diff.ts";
import { isUnimplemented, providerError } from "./provider-errors.ts";
import { toStruct, unary } from "./wire.ts";

/**
 * The settings of one provider. It need neither check nor compare them itself: what it does not check counts as right,
 * and what it does not compare the engine has to.
 */
export class ProviderConfiguration {
  private readonly connection: ProviderConnection;
  private given: "none" | "known" | "unknown" = "none";

  constructor(connection: ProviderConnection) {
    this.connection = connection;
  }

  /** Whether the provider has its settings. */
  get isKnown(): boolean {
    return this.given === "known";
  }

  /** Whether this is a preview in which the settings are not known yet. */
  get isUnknown(): boolean {
    return this.given === "unknown";
  }

  /** Gives the provider its configuration. With an unknown in it the provider is not asked for anything in this preview. */
  async give(urn: string, id: string, inputs: PropertyMap): Promise<void> {
    if (containsUnknowns(inputs)) {
      this.given = "unknown";
      return;
    }
    const request = about(urn, new providerMessages.ConfigureRequest())
      .setId(id)
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSendsOldInputs(true)
      .setSendsOldInputsToDelete(true)
      .setArgs(toStruct(inputs));
    const variables = request.getVariablesMap();
    const packageName = urnType(urn).split(":")[2];
    for (const [key, value] of Object.entries(inputs).filter(([key]) => key !== "version")) {
      const plain = withoutSecrets(value);
      variables.set(
        `${packageName}:config:${key}`,
        typeof plain === "string" ? plain : JSON.stringify(plain),
      );
    }
    const response = await this.connection.call<InstanceType<typeof providerMessages.ConfigureResponse>>(
      (client, done) => client.configure(request, done),
    );
    this.connection.learnFrom(response);
    this.given = "known";
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const { connection } = this;
    const request = about(urn, new providerMessages.CheckRequest())
      .setOlds(connection.marshal(olds))
      .setNews(toStruct(news));
    try {
      const response = await unary<CheckResponse>((done) => connection.client.checkConfig(request, done));
      return connection.checked(response, news);
    } catch (error) {
      if (isUnimplemented(error)) {
        return { inputs: news, failures: [] };
      }
      throw providerError(error);
    }
  }

  async diff(urn: string, old: ResourceState, news: PropertyMap): Promise<DiffResult> {
    const request = about(urn, new providerMessages.DiffRequest())
      .setOldInputs(toStruct(withoutInternal(old.inputs ?? {})))
      .setOlds(toStruct(old.outputs ?? {}))
      .setNews(toStruct(withoutInternal(news)));
    try {
      return decodeDiff(
        await unary<DiffResponse>((done) => this.connection.client.diffConfig(request, done)),
      );
    } catch (error) {
      if (isUnimplemented(error)) {
        return { changes: "unknown", replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
      }
      throw providerError(error);
    }
  }
}

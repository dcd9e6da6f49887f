import { randomBytes } from "node:crypto";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { PropertyMap, ResourceState } from "../deployment.ts";
import type { DiffResult } from "./diff.ts";
import { asSecret, containsSecrets, mapValues, withoutOutputValues } from "./property-values.ts";
import { type CheckFailure, type CheckResponse, type CheckResult, decodeFailures } from "./provider-check.ts";
import { ProviderConfiguration } from "./provider-configuration.ts";
import { about, ProviderConnection } from "./provider-connection.ts";
import { type DiffResponse, decodeDiff } from "./provider-diff.ts";
import type { ProviderProcess } from "./provider-process.ts";
import { fromStruct } from "./wire.ts";

/** What a provider made, or read. */
export interface ProviderResult {
  id: string;
  outputs: PropertyMap;
  inputs?: PropertyMap;
  refreshBeforeUpdate: boolean;
}

/** What a provider's function gave back. */
export interface InvokeResult {
  result: PropertyMap;
  failures: CheckFailure[];
}

/** A component that a provider made. */
export interface Constructed {
  urn: string;
  outputs: PropertyMap;
  /** URNs by output. */
  dependencies: Record<string, string[]>;
}

/** A provider of resources, functions and components. Before it is asked for any it is given its configuration. */
export class Provider {
  readonly connection: ProviderConnection;
  readonly configuration: ProviderConfiguration;

  constructor(process: ProviderProcess) {
    this.connection = new ProviderConnection(process);
    this.configuration = new ProviderConfiguration(this.connection);
  }

  /** @param olds inputs of before; empty for a new resource */
  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    if (this.configuration.isUnknown) {
      return { inputs: news, failures: [] };
    }
    const request = about(urn, new providerMessages.CheckRequest())
      .setOlds(this.connection.marshal(olds))
      .setNews(this.connection.marshal(news))
      .setRandomseed(randomBytes(32));
    const response = await this.connection.call<CheckResponse>((client, done) => client.check(request, done));
    return this.connection.checked(response, news);
  }

  async diff(
    urn: string,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
    ignoreChanges: readonly string[],
  ): Promise<DiffResult> {
    if (this.configuration.isUnknown) {
      return { changes: "some", replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
    }
    const request = about(urn, new providerMessages.DiffRequest())
      .setId(id)
      .setOldInputs(this.connection.marshal(olds.inputs))
      .setOlds(this.connection.marshal(olds.outputs))
      .setNews(this.connection.marshal(news))
      .setIgnorechangesList([...ignoreChanges]);
    return decodeDiff(await this.connection.call<DiffResponse>((client, done) => client.diff(request, done)));
  }

  /** In a preview only a provider that has previews is asked; for any other the outputs are the inputs. */
  async create(urn: string, inputs: PropertyMap, preview: boolean, timeout = 0): Promise<ProviderResult> {
    if (preview && this.configuration.isUnknown) {
      return { id: "", outputs: {}, refreshBeforeUpdate: false };
    }
    if (preview && !this.connection.protocol.supportsPreview) {
      return { id: "", outputs: { ...inputs }, refreshBeforeUpdate: false };
    }
    const request = about(urn, new providerMessages.CreateRequest())
      .setProperties(this.connection.marshal(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
    const response = await this.connection.call<InstanceType<typeof providerMessages.CreateResponse>>(
      (client, done) => client.create(request, done),
    );
    const id = response.getId();
    if (id === "" && !preview) {
      throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
    }
    const outputs = this.connection.marked(fromStruct(response.getProperties()) ?? {}, inputs);
    return { id, outputs, refreshBeforeUpdate: response.getRefreshBeforeUpdate() };
  }

  async update(
    old: ResourceState,
    news: PropertyMap,
    ignoreChanges: readonly string[],
    preview: boolean,
    timeout = 0,
  ): Promise<ProviderResult> {
    const { urn, id = "" } = old;
    if (preview && this.configuration.isUnknown) {
      return { id, outputs: {}, refreshBeforeUpdate: false };
    }
    if (preview && !this.connection.protocol.supportsPreview) {
      return { id, outputs: { ...news }, refreshBeforeUpdate: false };
    }
    const request = about(urn, new providerMessages.UpdateRequest())
      .setId(id)
      .setOldInputs(this.connection.marshal(old.inputs ?? {}))
      .setOlds(this.connection.marshal(old.outputs ?? {}))
      .setNews(this.connection.marshal(news))
      .setIgnorechangesList([...ignoreChanges])
      .setPreview(preview)
      .setTimeout(timeout);
    const response = await this.connection.call<InstanceType<typeof providerMessages.UpdateResponse>>(
      (client, done) => client.update(request, done),
    );
    const outputs = this.connection.marked(fromStruct(response.getProperties()) ?? {}, news);
    return { id, outputs, refreshBeforeUpdate: response.getRefreshBeforeUpdate() };
  }

  /** Answers undefined for a resource that is not there. An import gives neither inputs nor state. */
  async read(
    urn: string,
    id: string,
    inputs: PropertyMap | undefined,
    state: PropertyMap | undefined,
  ): Promise<ProviderResult | undefined> {
    const request = about(urn, new providerMessages.ReadRequest())
      .setId(id)
      .setInputs(inputs && this.connection.marshal(inputs))
      .setProperties(state && this.connection.marshal(state));
    const response = await this.connection.call<InstanceType<typeof providerMessages.ReadResponse>>(
      (client, done) => client.read(request, done),
    );
    const outputs = fromStruct(response.getProperties());
    if (response.getId() === "" || outputs === undefined) {
      return undefined;
    }
    const readInputs = fromStruct(response.getInputs());
    return {
      id: response.getId(),
      outputs: this.connection.marked(outputs, state ?? {}),
      ...(readInputs && { inputs: this.connection.marked(readInputs, inputs ?? {}) }),
      refreshBeforeUpdate: response.getRefreshBeforeUpdate(),
    };
  }

  async delete(old: ResourceState): Promise<void> {
    const { urn, id = "" } = old;
    const request = about(urn, new providerMessages.DeleteRequest())
      .setId(id)
      .setOldInputs(this.connection.marshal(old.inputs ?? {}))
      .setProperties(this.connection.marshal(old.outputs ?? {}))
      .setTimeout(old.customTimeouts?.delete ?? 0);
    await this.connection.call((client, done) => client.delete(request, done));
  }

  /** Calls a function; without a configuration there is nothing it could answer. */
  async invoke(token: string, args: PropertyMap, preview: boolean): Promise<InvokeResult> {
    if (!this.configuration.isKnown) {
      return { result: {}, failures: [] };
    }
    const { protocol } = this.connection;
    const request = new providerMessages.InvokeRequest()
      .setTok(token)
      .setArgs(this.connection.marshal(args))
      .setPreview(preview);
    const response = await this.connection.call<InstanceType<typeof providerMessages.InvokeResponse>>(
      (client, done) => client.invoke(request, done),
    );
    const result = fromStruct(response.getReturn()) ?? {};
    const hidesSecrets = !protocol.acceptSecrets && containsSecrets(args);
    return {
      result: hidesSecrets ? mapValues(result, asSecret) : result,
      failures: decodeFailures(response.getFailuresList()),
    };
  }

  /** Makes a component, which registers itself and its children meanwhile. */
  async construct(
    request: InstanceType<typeof providerMessages.ConstructRequest>,
    inputs: PropertyMap,
  ): Promise<Constructed> {
    const { protocol } = this.connection;
    if (!protocol.acceptSecrets) {
      throw new Error("plugins that can construct components must support secrets");
    }
    const understood = protocol.acceptOutputs ? inputs : mapValues(inputs, withoutOutputValues);
    request.setInputs(this.connection.marshal(understood));
    const response = await this.connection.call<InstanceType<typeof providerMessages.ConstructResponse>>(
      (client, done) => client.construct(request, done),
    );
    const dependencies = [...response.getStatedependenciesMap().entries()];
    return {
      urn: response.getUrn(),
      outputs: fromStruct(response.getState()) ?? {},
      dependencies: Object.fromEntries(dependencies.map(([key, message]) => [key, message.getUrnsList()])),
    };
  }
}

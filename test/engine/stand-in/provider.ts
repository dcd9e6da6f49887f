import { randomBytes } from "node:crypto";
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyMap, ResourceState } from "../deployment.ts";
import { urnName, urnType } from "../urn.ts";
import { withoutInternal } from "./default-provider.ts";
import type { DiffResult } from "./diff.ts";
import {
  annotateSecrets,
  asSecret,
  containsSecrets,
  containsUnknowns,
  mapValues,
  withoutOutputValues,
  withoutReferences,
  withoutSecrets,
} from "./property-values.ts";
import { type DiffResponse, decodeDiff } from "./provider-diff.ts";
import { isUnimplemented, providerError } from "./provider-errors.ts";
import type { ProviderClient, ProviderProcess } from "./provider-process.ts";
import { fromStruct, toStruct, unary } from "./wire.ts";

/** What a check found. */
export interface CheckResult {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

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
  failures: CheckResult["failures"];
}

/** A component that a provider made. */
export interface Constructed {
  urn: string;
  outputs: PropertyMap;
  /** URNs by output. */
  dependencies: Record<string, string[]>;
}

interface Protocol {
  acceptSecrets: boolean;
  acceptResources: boolean;
  acceptOutputs: boolean;
  supportsPreview: boolean;
}

/** A configured provider. It gets what it said that it understands, and what it gives back is marked as the engine keeps it. */
export class Provider {
  readonly process: ProviderProcess;
  private readonly client: ProviderClient;
  private protocol: Protocol = {
    acceptSecrets: false,
    acceptResources: false,
    acceptOutputs: false,
    supportsPreview: false,
  };
  private handshaken = false;
  private configuration: "none" | "known" | "unknown" = "none";

  constructor(process: ProviderProcess) {
    this.process = process;
    this.client = process.client;
  }

  /** Exchanges what both sides can do; a provider without a handshake says it when it is configured. */
  async handshake(engineAddress: string, folder: string | undefined): Promise<void> {
    const request = new providerMessages.ProviderHandshakeRequest();
    request.setEngineAddress(engineAddress).setConfigureWithUrn(true).setInvokeWithPreview(true);
    if (folder !== undefined) {
      request.setRootDirectory(folder).setProgramDirectory(folder);
    }
    try {
      const response = await unary<InstanceType<typeof providerMessages.ProviderHandshakeResponse>>((done) =>
        this.client.handshake(request, done),
      );
      this.handshaken = true;
      this.protocol = {
        acceptSecrets: response.getAcceptSecrets(),
        acceptResources: response.getAcceptResources(),
        acceptOutputs: response.getAcceptOutputs(),
        supportsPreview: true,
      };
    } catch (error) {
      if (!isUnimplemented(error)) {
        throw providerError(error);
      }
    }
  }

  /** Gives the provider its configuration. With an unknown in it the provider is not asked for anything in this preview. */
  async configure(urn: string, id: string, inputs: PropertyMap): Promise<void> {
    if (containsUnknowns(inputs)) {
      this.configuration = "unknown";
      return;
    }
    const request = new providerMessages.ConfigureRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn))
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
    const response = await this.call<InstanceType<typeof providerMessages.ConfigureResponse>>((done) =>
      this.client.configure(request, done),
    );
    if (!this.handshaken) {
      this.protocol = {
        acceptSecrets: response.getAcceptsecrets(),
        acceptResources: response.getAcceptresources(),
        acceptOutputs: response.getAcceptoutputs(),
        supportsPreview: response.getSupportspreview(),
      };
    }
    this.configuration = "known";
  }

  async checkConfig(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const request = new providerMessages.CheckRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn));
    request.setOlds(this.marshal(olds)).setNews(toStruct(news));
    try {
      return this.checked(await unary<CheckResponse>((done) => this.client.checkConfig(request, done)), news);
    } catch (error) {
      if (isUnimplemented(error)) {
        return { inputs: news, failures: [] };
      }
      throw providerError(error);
    }
  }

  async diffConfig(urn: string, old: ResourceState, news: PropertyMap): Promise<DiffResult> {
    const request = new providerMessages.DiffRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn));
    request
      .setOldInputs(toStruct(withoutInternal(old.inputs ?? {})))
      .setOlds(toStruct(old.outputs ?? {}))
      .setNews(toStruct(withoutInternal(news)));
    try {
      return decodeDiff(await unary<DiffResponse>((done) => this.client.diffConfig(request, done)));
    } catch (error) {
      if (isUnimplemented(error)) {
        return { changes: "unknown", replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
      }
      throw providerError(error);
    }
  }

  /** @param olds inputs of before; empty for a new resource */
  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    if (this.configuration === "unknown") {
      return { inputs: news, failures: [] };
    }
    const request = new providerMessages.CheckRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn));
    request.setOlds(this.marshal(olds)).setNews(this.marshal(news)).setRandomseed(randomBytes(32));
    return this.checked(await this.call<CheckResponse>((done) => this.client.check(request, done)), news);
  }

  async diff(
    urn: string,
    id: string,
    olds: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
    ignoreChanges: readonly string[],
  ): Promise<DiffResult> {
    if (this.configuration === "unknown") {
      return { changes: "some", replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };
    }
    const request = new providerMessages.DiffRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn))
      .setId(id);
    request
      .setOldInputs(this.marshal(olds.inputs))
      .setOlds(this.marshal(olds.outputs))
      .setNews(this.marshal(news));
    request.setIgnorechangesList([...ignoreChanges]);
    return decodeDiff(await this.call<DiffResponse>((done) => this.client.diff(request, done)));
  }

  /** In a preview only a provider that has previews is asked; for any other the outputs are the inputs. */
  async create(urn: string, inputs: PropertyMap, preview: boolean, timeout = 0): Promise<ProviderResult> {
    if (preview && this.configuration === "unknown") {
      return { id: "", outputs: {}, refreshBeforeUpdate: false };
    }
    if (preview && !this.protocol.supportsPreview) {
      return { id: "", outputs: { ...inputs }, refreshBeforeUpdate: false };
    }
    const request = new providerMessages.CreateRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn));
    request.setProperties(this.marshal(inputs)).setPreview(preview).setTimeout(timeout);
    const response = await this.call<InstanceType<typeof providerMessages.CreateResponse>>((done) =>
      this.client.create(request, done),
    );
    const id = response.getId();
    if (id === "" && !preview) {
      throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
    }
    const outputs = this.marked(fromStruct(response.getProperties()) ?? {}, inputs);
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
    if (preview && this.configuration === "unknown") {
      return { id, outputs: {}, refreshBeforeUpdate: false };
    }
    if (preview && !this.protocol.supportsPreview) {
      return { id, outputs: { ...news }, refreshBeforeUpdate: false };
    }
    const request = new providerMessages.UpdateRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn))
      .setId(id);
    request.setOldInputs(this.marshal(old.inputs ?? {})).setOlds(this.marshal(old.outputs ?? {}));
    request
      .setNews(this.marshal(news))
      .setIgnorechangesList([...ignoreChanges])
      .setPreview(preview)
      .setTimeout(timeout);
    const response = await this.call<InstanceType<typeof providerMessages.UpdateResponse>>((done) =>
      this.client.update(request, done),
    );
    const outputs = this.marked(fromStruct(response.getProperties()) ?? {}, news);
    return { id, outputs, refreshBeforeUpdate: response.getRefreshBeforeUpdate() };
  }

  /** Answers undefined for a resource that is not there. An import gives neither inputs nor state. */
  async read(
    urn: string,
    id: string,
    inputs: PropertyMap | undefined,
    state: PropertyMap | undefined,
  ): Promise<ProviderResult | undefined> {
    const request = new providerMessages.ReadRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn))
      .setId(id);
    request.setInputs(inputs && this.marshal(inputs)).setProperties(state && this.marshal(state));
    const response = await this.call<InstanceType<typeof providerMessages.ReadResponse>>((done) =>
      this.client.read(request, done),
    );
    const outputs = fromStruct(response.getProperties());
    if (response.getId() === "" || outputs === undefined) {
      return undefined;
    }
    const readInputs = fromStruct(response.getInputs());
    return {
      id: response.getId(),
      outputs: this.marked(outputs, state ?? {}),
      ...(readInputs && { inputs: this.marked(readInputs, inputs ?? {}) }),
      refreshBeforeUpdate: response.getRefreshBeforeUpdate(),
    };
  }

  async delete(old: ResourceState): Promise<void> {
    const { urn, id = "" } = old;
    const request = new providerMessages.DeleteRequest()
      .setUrn(urn)
      .setName(urnName(urn))
      .setType(urnType(urn))
      .setId(id);
    request.setOldInputs(this.marshal(old.inputs ?? {})).setProperties(this.marshal(old.outputs ?? {}));
    request.setTimeout(old.customTimeouts?.delete ?? 0);
    await this.call((done) => this.client.delete(request, done));
  }

  /** Whether it can be asked for anything: not in a preview in which its configuration is not known. */
  get isConfigured(): boolean {
    return this.configuration === "known";
  }

  /** Calls a function; without a configuration there is nothing it could answer. */
  async invoke(token: string, args: PropertyMap, preview: boolean): Promise<InvokeResult> {
    if (!this.isConfigured) {
      return { result: {}, failures: [] };
    }
    const request = new providerMessages.InvokeRequest().setTok(token).setArgs(this.marshal(args));
    const response = await this.call<InstanceType<typeof providerMessages.InvokeResponse>>((done) =>
      this.client.invoke(request.setPreview(preview), done),
    );
    const result = fromStruct(response.getReturn()) ?? {};
    const hidesSecrets = !this.protocol.acceptSecrets && containsSecrets(args);
    return {
      result: hidesSecrets ? mapValues(result, asSecret) : result,
      failures: response
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  /** Makes a component, which registers itself and its children meanwhile. */
  async construct(
    request: InstanceType<typeof providerMessages.ConstructRequest>,
    inputs: PropertyMap,
  ): Promise<Constructed> {
    const { acceptSecrets, acceptResources, acceptOutputs } = this.protocol;
    if (!acceptSecrets) {
      throw new Error("plugins that can construct components must support secrets");
    }
    const understood = acceptOutputs ? inputs : mapValues(inputs, withoutOutputValues);
    request.setInputs(toStruct(acceptResources ? understood : mapValues(understood, withoutReferences)));
    const response = await this.call<InstanceType<typeof providerMessages.ConstructResponse>>((done) =>
      this.client.construct(request, done),
    );
    const dependencies = [...response.getStatedependenciesMap().entries()];
    return {
      urn: response.getUrn(),
      outputs: fromStruct(response.getState()) ?? {},
      dependencies: Object.fromEntries(dependencies.map(([key, message]) => [key, message.getUrnsList()])),
    };
  }

  /** Asks the provider to give up what it is doing. */
  async cancel(): Promise<void> {
    await unary((done) => this.client.cancel(new empty.Empty(), done)).catch(() => {});
  }

  private async call<Response>(start: Parameters<typeof unary<Response>>[0]): Promise<Response> {
    try {
      return await unary(start);
    } catch (error) {
      throw providerError(error);
    }
  }

  private marshal(properties: PropertyMap): ReturnType<typeof toStruct> {
    const plain = this.protocol.acceptSecrets ? properties : mapValues(properties, withoutSecrets);
    return toStruct(this.protocol.acceptResources ? plain : mapValues(plain, withoutReferences));
  }

  private marked(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
    if (!this.protocol.acceptSecrets) {
      annotateSecrets(outputs, inputs);
    }
    return outputs;
  }

  private checked(response: CheckResponse, news: PropertyMap): CheckResult {
    const failures = response.getFailuresList().map((failure) => ({
      property: failure.getProperty(),
      reason: failure.getReason(),
    }));
    return { inputs: this.marked(fromStruct(response.getInputs()) ?? {}, news), failures };
  }
}

type CheckResponse = InstanceType<typeof providerMessages.CheckResponse>;

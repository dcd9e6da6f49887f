import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyMap } from "../deployment.ts";
import { urnName, urnType } from "../urn.ts";
import { annotateSecrets, mapValues, withoutReferences, withoutSecrets } from "./property-values.ts";
import { type CheckResponse, type CheckResult, decodeFailures } from "./provider-check.ts";
import { isUnimplemented, providerError } from "./provider-errors.ts";
import type { ProviderClient, ProviderProcess } from "./provider-process.ts";
import { type Done, fromStruct, type Struct, toStruct, unary } from "./wire.ts";

/** What a provider says that it understands. */
export interface Protocol {
  readonly acceptSecrets: boolean;
  readonly acceptResources: boolean;
  readonly acceptOutputs: boolean;
  readonly supportsPreview: boolean;
}

/** A started provider. It gets what it said that it understands, and what it gives back is marked as the engine keeps it. */
export class ProviderConnection {
  readonly process: ProviderProcess;
  readonly client: ProviderClient;
  private understood: Protocol = {
    acceptSecrets: false,
    acceptResources: false,
    acceptOutputs: false,
    supportsPreview: false,
  };
  private handshaken = false;

  constructor(process: ProviderProcess) {
    this.process = process;
    this.client = process.client;
  }

  /** As far as it is known yet: nothing, before the provider said anything. */
  get protocol(): Protocol {
    return this.understood;
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
      this.understood = {
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

  /** Takes what the provider says when it is configured; what it said in a handshake goes before that. */
  learnFrom(response: InstanceType<typeof providerMessages.ConfigureResponse>): void {
    if (!this.handshaken) {
      this.understood = {
        acceptSecrets: response.getAcceptsecrets(),
        acceptResources: response.getAcceptresources(),
        acceptOutputs: response.getAcceptoutputs(),
        supportsPreview: response.getSupportspreview(),
      };
    }
  }

  /** Calls the provider; a failure is thrown as what it means. */
  async call<Response>(start: (client: ProviderClient, done: Done<Response>) => void): Promise<Response> {
    try {
      return await unary<Response>((done) => start(this.client, done));
    } catch (error) {
      throw providerError(error);
    }
  }

  /** Properties for the provider. */
  marshal(properties: PropertyMap): Struct {
    const plain = this.protocol.acceptSecrets ? properties : mapValues(properties, withoutSecrets);
    return toStruct(this.protocol.acceptResources ? plain : mapValues(plain, withoutReferences));
  }

  /** Properties from the provider: secret where it got a secret and does not know of secrets. */
  marked(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
    if (!this.protocol.acceptSecrets) {
      annotateSecrets(outputs, inputs);
    }
    return outputs;
  }

  /** The answer to a check of new inputs. */
  checked(response: CheckResponse, news: PropertyMap): CheckResult {
    const inputs = this.marked(fromStruct(response.getInputs()) ?? {}, news);
    return { inputs, failures: decodeFailures(response.getFailuresList()) };
  }

  /** Asks the provider to give up what it is doing. */
  async cancel(): Promise<void> {
    await unary((done) => this.client.cancel(new empty.Empty(), done)).catch(() => {});
  }
}

interface ResourceRequest<Request> {
  setUrn(urn: string): Request;
  setName(name: string): Request;
  setType(type: string): Request;
}

/** Says which resource a request is about; providers may look at the whole URN or at its parts. */
export function about<Request extends ResourceRequest<Request>>(urn: string, request: Request): Request {
  return request.setUrn(urn).setName(urnName(urn)).setType(urnType(urn));
}

import { type handleUnaryCall, status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { packageSchema, packageVersion } from "../../package-root";
import type { ComponentProcess } from "./component-process";
import { Configuration } from "./configuration";
import { ConfigurationOperations } from "./configuration-operations";
import type { Engine } from "./engine";
import { InvalidRequest, type Refusal, refusalOf, unimplemented } from "./errors";
import { FunctionOperations } from "./function-operations";
import {
  type GetSchemaRequest,
  GetSchemaResponse,
  type IResourceProviderServer,
  PluginInfo,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "./protocol";
import { ResourceOperations } from "./resource-operations";

/** The version of the schema format that the protocol has so far. */
const schemaFormat = 0;

/** Every method of the provider protocol, each handed to the part of the plugin that it concerns. */
export function providerService(engine: Engine, components: ComponentProcess): IResourceProviderServer {
  const unary = unaryFor(engine);
  const configuration = new Configuration(engine);
  const settings = new ConfigurationOperations(configuration);
  const resources = new ResourceOperations(configuration);
  const functions = new FunctionOperations(configuration);
  return {
    handshake: unary(handshake),
    attach: unary(async (request) => {
      engine.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(async () => {
      const info = new PluginInfo();
      info.setVersion(packageVersion());
      return info;
    }),
    getSchema: unary(getSchema),
    checkConfig: unary((request) => settings.checkConfig(request)),
    diffConfig: unary((request) => settings.diffConfig(request)),
    configure: unary((request) => settings.configure(request)),
    check: unary((request) => resources.check(request)),
    diff: unary((request) => resources.diff(request)),
    create: unary((request) => resources.create(request)),
    read: unary((request) => resources.read(request)),
    update: unary((request) => resources.update(request)),
    delete: unary(async (request) => {
      await resources.delete(request);
      return new Empty();
    }),
    invoke: unary((request) => functions.invoke(request)),
    construct: unary((request) => components.construct(request)),
    call: unary((request) => components.call(request)),
    cancel: unary(async () => {
      configuration.cancel();
      return new Empty();
    }),
    parameterize: missing("Parameterize"),
    getMapping: missing("GetMapping"),
    getMappings: missing("GetMappings"),
    list: (call) => call.emit("error", unimplemented("List")),
  };
}

/** Answers with what the handler gives, or refuses in the protocol's form with what it throws. */
type Unary = <Request, Response>(
  handler: (request: Request) => Promise<Response>,
) => handleUnaryCall<Request, Response>;

/** @param engine hears everything that the handler has said before it gets the answer. */
function unaryFor(engine: Engine): Unary {
  return (handler) =>
    ({ request }, answer) => {
      handler(request)
        .finally(() => engine.hasHeard())
        .then(
          (response) => answer(null, response),
          (error: unknown) => answer(isRefusal(error) ? error : refusalOf(error)),
        );
    };
}

function missing<Request, Response>(method: string): handleUnaryCall<Request, Response> {
  return (_call, answer) => answer(unimplemented(method));
}

async function handshake(_request: ProviderHandshakeRequest): Promise<ProviderHandshakeResponse> {
  const response = new ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setAcceptResources(true);
  response.setAcceptOutputs(true);
  return response;
}

async function getSchema(request: GetSchemaRequest): Promise<GetSchemaResponse> {
  if (request.getVersion() !== schemaFormat) {
    throw new InvalidRequest(
      `there is no package schema in format ${request.getVersion()}: the runner-pools plugin has format ${schemaFormat}.`,
    );
  }
  if (request.getSubpackageName()) {
    throw new InvalidRequest(
      `there is no package ${request.getSubpackageName()}: runner-pools takes no parameters.`,
    );
  }
  const response = new GetSchemaResponse();
  response.setSchema(packageSchema());
  return response;
}

/** Errors of the component process come in gRPC's form already, and so do partial failures. */
function isRefusal(error: unknown): error is Refusal {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "number" &&
    error.code in status &&
    "metadata" in error
  );
}

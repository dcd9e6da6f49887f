import { type handleUnaryCall, type MethodDefinition, type Server, status } from "@grpc/grpc-js";
import { packageSchema, packageVersion } from "../../package-root";
import type { ComponentProcess } from "./component-process";
import { Configuration } from "./configuration";
import { ConfigurationOperations } from "./configuration-operations";
import type { Engine } from "./engine";
import { InvalidRequest, type Refusal, refusalOf } from "./errors";
import { FunctionOperations } from "./function-operations";
import { providerMethods, type Request, type Response } from "./protocol";
import { ResourceOperations } from "./resource-operations";

/** The version of the schema format that the protocol has so far. */
const schemaFormat = 0;

type Service = {
  [Name in keyof typeof providerMethods]: (typeof providerMethods)[Name] extends MethodDefinition<
    infer Received,
    infer Sent
  >
    ? handleUnaryCall<Received, Sent>
    : never;
};

/** Lets a server answer the methods of the provider protocol, each by the part of the plugin that it concerns. */
export function addProviderService(server: Server, engine: Engine, components: ComponentProcess): void {
  const unary = unaryFor(engine);
  const configuration = new Configuration(engine);
  const settings = new ConfigurationOperations(configuration);
  const resources = new ResourceOperations(configuration);
  const functions = new FunctionOperations(configuration);
  const service: Service = {
    handshake: unary(async () => ({ acceptSecrets: true, acceptResources: true, acceptOutputs: true })),
    attach: unary(async (request) => {
      engine.attach(request.address);
      return {};
    }),
    getPluginInfo: unary(async () => ({ version: packageVersion() })),
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
      return {};
    }),
    invoke: unary((request) => functions.invoke(request)),
    construct: unary((request) => components.pass("construct", request)),
    call: unary((request) => components.pass("call", request)),
    cancel: unary(async () => {
      configuration.cancel();
      return {};
    }),
  };
  server.addService(providerMethods, service);
}

/** Answers with what the handler gives, or refuses in the protocol's form with what it throws. */
type Unary = <Received, Sent>(
  handler: (request: Received) => Promise<Sent>,
) => handleUnaryCall<Received, Sent>;

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

async function getSchema({
  version,
  subpackageName,
}: Request<"GetSchemaRequest">): Promise<Response<"GetSchemaResponse">> {
  if (version !== schemaFormat) {
    throw new InvalidRequest(
      `there is no package schema in format ${version}: the runner-pools plugin has format ${schemaFormat}.`,
    );
  }
  if (subpackageName) {
    throw new InvalidRequest(`there is no package ${subpackageName}: runner-pools takes no parameters.`);
  }
  return { schema: packageSchema() };
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

import { type handleUnaryCall, type MethodDefinition, type Server, status } from "@grpc/grpc-js";
import { packageVersion } from "../../package-root";
import type { ComponentProcess } from "./component-process";
import type { Engine } from "./engine";
import type { Refusal } from "./errors";
import type { Operations } from "./operations";
import { providerMethods } from "./protocol";

/** What handles requests. An engine first asks who is there, which is answered before resources and planes are loaded. */
const load = () => import("./operations.js");

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
  let loaded: Promise<Operations> | undefined;
  const operations = () => {
    loaded ??= load().then(({ Operations }) => new Operations(engine));
    return loaded;
  };
  const service: Service = {
    handshake: unary(async () => ({ acceptSecrets: true, acceptResources: true, acceptOutputs: true })),
    attach: unary(async (request) => {
      engine.attach(request.address);
      return {};
    }),
    getPluginInfo: unary(async () => ({ version: packageVersion() })),
    getSchema: unary(async (request) => (await load()).getSchema(request)),
    checkConfig: unary(async (request) => (await operations()).settings.checkConfig(request)),
    diffConfig: unary(async (request) => (await operations()).settings.diffConfig(request)),
    configure: unary(async (request) => (await operations()).settings.configure(request)),
    check: unary(async (request) => (await operations()).resources.check(request)),
    diff: unary(async (request) => (await operations()).resources.diff(request)),
    create: unary(async (request) => (await operations()).resources.create(request)),
    read: unary(async (request) => (await operations()).resources.read(request)),
    update: unary(async (request) => (await operations()).resources.update(request)),
    delete: unary(async (request) => {
      await (await operations()).resources.delete(request);
      return {};
    }),
    invoke: unary(async (request) => (await operations()).functions.invoke(request)),
    construct: unary((request) => components.pass("construct", request)),
    call: unary((request) => components.pass("call", request)),
    cancel: unary(async () => {
      (await operations()).cancel();
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
          async (error: unknown) => answer(isRefusal(error) ? error : (await load()).refusalOf(error)),
        );
    };
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

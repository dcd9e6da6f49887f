import { type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyMap } from "../deployment.ts";
import { type LocalServer, startServer } from "./engine-service.ts";
import { goalFromRequest, plainGoal, readPosition } from "./goal.ts";
import {
  containsUnknowns,
  mapValues,
  mapWithoutSecrets,
  withoutOutputValues,
  withoutReferences,
} from "./property-values.ts";
import type { Registrar } from "./registrar.ts";
import { fromStruct, toStruct } from "./wire.ts";

/** What the stand-in does of what a program may ask for. */
const FEATURES: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
]);

/** What the monitor serves. */
export interface MonitorOptions {
  registrar: Registrar;
  projectRoot: string;
  /** Something went wrong that ends the operation. */
  onError: (error: Error) => void;
  /** The program has registered everything; settles when the operation has ended. */
  onShutdown: () => Promise<void>;
}

type Handler<Request, Response> = (request: Request) => Promise<Response>;

/** The service that programs register resources with. */
export async function startMonitor(options: MonitorOptions): Promise<LocalServer> {
  const { registrar, projectRoot, onError, onShutdown } = options;

  /** An error is the operation's, not only the program's: it is reported, and the program sees the monitor go away. */
  function handle<Request, Response>(handler: Handler<Request, Response>) {
    return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
      handler(call.request).then(
        (response) => done(null, response),
        (error: Error) => {
          onError(error);
          done({ code: status.UNAVAILABLE, details: "resource monitor shut down" });
        },
      );
    };
  }

  function refuse(feature: string) {
    return handle<unknown, never>(async () => {
      throw new Error(
        `${feature} is not supported by the stand-in engine; run this program with the Pulumi CLI`,
      );
    });
  }

  const service: IResourceMonitorServer = {
    getDeploymentInfo(_call, done) {
      // Newer SDKs ask for everything at once, and feature by feature where this is not implemented.
      done({ code: status.UNIMPLEMENTED, details: "the stand-in engine answers SupportsFeature" });
    },
    supportsFeature: handle(async (request) =>
      new resourceMessages.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    ),
    registerResource: handle(async (request) => {
      const goal = goalFromRequest(request, projectRoot);
      goal.provider = request.getProvider() || undefined;
      const providers = new Map(request.getProvidersMap().entries());
      const { state, isUnknown } = await registrar.register(goal, providers, request.getVersion());
      const outputs = goal.custom ? (state.outputs ?? {}) : {};
      const response = new resourceMessages.RegisterResourceResponse()
        .setUrn(state.urn)
        .setId(state.id ?? "");
      response.setObject(toStruct(forProgram(outputs, request)));
      return response.setUnknown(isUnknown);
    }),
    registerResourceOutputs: handle(async (request) => {
      const outputs = fromStruct(request.getOutputs()) ?? {};
      registrar.registerOutputs(request.getUrn(), mapValues(outputs, withoutOutputValues));
      return new empty.Empty();
    }),
    readResource: handle(async (request) => {
      const properties = mapValues(fromStruct(request.getProperties()) ?? {}, withoutOutputValues);
      const goal = {
        ...plainGoal(request.getType(), request.getName(), true, properties),
        parent: request.getParent() || undefined,
        provider: request.getProvider() || undefined,
        dependencies: request.getDependenciesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        ...readPosition(request, projectRoot),
      };
      const state = await registrar.read(goal, request.getId(), request.getVersion());
      const outputs = forProgram(state.outputs ?? {}, {
        ...flagsOf(request),
        getSupportspartialvalues: () => true,
      });
      return new resourceMessages.ReadResourceResponse().setUrn(state.urn).setProperties(toStruct(outputs));
    }),
    signalAndWaitForShutdown: handle(async () => {
      await onShutdown();
      return new empty.Empty();
    }),
    invoke: refuse("calling a provider's function"),
    existsResource: refuse("asking whether a resource exists"),
    call: refuse("calling a component's method"),
    registerStackTransform: refuse("a stack transform"),
    registerStackInvokeTransform: refuse("a stack invoke transform"),
    registerResourceHook: refuse("a resource hook"),
    registerErrorHook: refuse("an error hook"),
    registerPackage: refuse("a parameterized package"),
  };
  return await startServer((server) => server.addService(resourceServices.ResourceMonitorService, service));
}

interface ProgramFlags {
  getAcceptsecrets: () => boolean;
  getAcceptresources: () => boolean;
  getSupportspartialvalues: () => boolean;
}

function flagsOf(
  request: Pick<ProgramFlags, "getAcceptsecrets" | "getAcceptresources">,
): Omit<ProgramFlags, "getSupportspartialvalues"> {
  return {
    getAcceptsecrets: () => request.getAcceptsecrets(),
    getAcceptresources: () => request.getAcceptresources(),
  };
}

/** Outputs as the program said that it understands them. */
function forProgram(outputs: PropertyMap, flags: ProgramFlags): PropertyMap {
  const known = flags.getSupportspartialvalues()
    ? outputs
    : Object.fromEntries(Object.entries(outputs).filter(([, value]) => !containsUnknowns(value)));
  const plain = flags.getAcceptsecrets() ? known : mapWithoutSecrets(known);
  return flags.getAcceptresources() ? plain : mapValues(plain, withoutReferences);
}

import { type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyMap } from "../deployment.ts";
import { type LocalServer, startServer } from "./engine-service.ts";
import { goalFromRequest, plainGoal, type RegisterRequest, readPosition } from "./goal.ts";
import { invokeFunction } from "./invocation.ts";
import type { Operation } from "./operation.ts";
import { PackageReferences } from "./package-references.ts";
import {
  containsUnknowns,
  mapValues,
  mapWithoutSecrets,
  withoutOutputValues,
  withoutReferences,
} from "./property-values.ts";
import type { Registrar } from "./registrar.ts";
import { constructComponent, setDependencies } from "./remote-component.ts";
import type { RunProgramOptions } from "./run-program.ts";
import { fromStruct, toStruct } from "./wire.ts";

/**
 * What the stand-in does of what a program may ask for. `parameterization` stands for references to packages as well:
 * a package with parameters is refused when it is registered.
 */
const FEATURES: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "parameterization",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
]);

/** What the monitor serves. */
export interface MonitorOptions {
  operation: Operation;
  registrar: Registrar;
  program: RunProgramOptions;
  /** Something went wrong that ends the operation. */
  onError: (error: Error) => void;
  /** The program has registered everything; settles when the operation has ended. */
  onShutdown: () => Promise<void>;
}

type Handler<Request, Response> = (request: Request) => Promise<Response>;

/** The service that programs register resources with. */
export async function startMonitor(options: MonitorOptions): Promise<LocalServer> {
  const { operation, registrar, program, onError, onShutdown } = options;
  const { stack, dryRun, providers: running } = operation.setup;
  const projectRoot = program.project.rootFolder;
  const packages = new PackageReferences();
  const shared = { registrar, packages, dryRun, providerOf: (reference: string) => running.get(reference) };
  let monitorAddress = "";

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

  async function constructRemote(request: RegisterRequest) {
    const component = await constructComponent(request, { ...shared, program, stack, monitorAddress });
    const response = new resourceMessages.RegisterResourceResponse().setUrn(component.urn);
    setDependencies(response, component.dependencies);
    return response.setObject(toStruct(forProgram(component.outputs, request)));
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
      if (request.getRemote()) {
        return await constructRemote(request);
      }
      const goal = goalFromRequest(request, projectRoot);
      goal.provider = request.getProvider() || undefined;
      const providers = new Map(request.getProvidersMap().entries());
      const { state, isUnknown } = await registrar.register(
        goal,
        providers,
        packages.find(goal.type, request),
      );
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
      const state = await registrar.read(goal, request.getId(), packages.find(goal.type, request));
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
    invoke: (call, done) => {
      invokeFunction(call.request, shared).then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message }),
      );
    },
    existsResource: refuse("asking whether a resource exists"),
    call: refuse("calling a component's method"),
    registerStackTransform: refuse("a stack transform"),
    registerStackInvokeTransform: refuse("a stack invoke transform"),
    registerResourceHook: refuse("a resource hook"),
    registerErrorHook: refuse("an error hook"),
    registerPackage: handle(async (request) =>
      new resourceMessages.RegisterPackageResponse().setRef(packages.register(request)),
    ),
  };
  const monitor = await startServer((server) =>
    server.addService(resourceServices.ResourceMonitorService, service),
  );
  monitorAddress = monitor.address;
  return monitor;
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

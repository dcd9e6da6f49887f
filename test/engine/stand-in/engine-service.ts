import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Diagnostic } from "../engine.ts";
import { GRPC_OPTIONS } from "./wire.ts";

/** In the order of the protocol's numbers. */
const SEVERITIES: Diagnostic["severity"][] = ["info", "info", "warning", "error"];

/** A gRPC server on loopback. */
export interface LocalServer {
  server: Server;
  /** `127.0.0.1:<port>` */
  address: string;
}

/** Starts a gRPC server on a free port. */
export async function startServer(add: (server: Server) => void): Promise<LocalServer> {
  const server = new Server(GRPC_OPTIONS);
  add(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { server, address: `127.0.0.1:${port}` };
}

/** The service that programs and providers log to. */
export async function startEngineService(
  onDiagnostic: (diagnostic: Diagnostic) => void,
): Promise<LocalServer> {
  let rootResource = "";
  const service: IEngineServer = {
    log(call, done) {
      const request = call.request;
      // Debug messages have secrets in them in plain, and the CLI does not show them either.
      if (!request.getEphemeral() && request.getSeverity() !== engineMessages.LogSeverity.DEBUG) {
        const urn = request.getUrn();
        const severity = SEVERITIES[request.getSeverity()] ?? "info";
        onDiagnostic({ severity, message: request.getMessage(), ...(urn && { urn }) });
      }
      done(null, new empty.Empty());
    },
    getRootResource(_call, done) {
      done(null, new engineMessages.GetRootResourceResponse().setUrn(rootResource));
    },
    setRootResource(call, done) {
      rootResource = call.request.getUrn();
      done(null, new engineMessages.SetRootResourceResponse());
    },
    startDebugging(_call, done) {
      done({ code: status.UNIMPLEMENTED, details: "debugging is not supported by the stand-in engine" });
    },
    requirePulumiVersion(_call, done) {
      done(null, new engineMessages.RequirePulumiVersionResponse());
    },
  };
  return await startServer((server) => server.addService(engineServices.EngineService, service));
}

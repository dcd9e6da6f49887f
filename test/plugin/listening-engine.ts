import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/** The one side of an engine that plugins see: somewhere to log to. */
export interface ListeningEngine {
  readonly address: string;
  readonly messages: { readonly text: string; readonly urn: string }[];
  stop(): void;
}

/** Starts an engine that keeps what it is told. */
export async function listenAsEngine(): Promise<ListeningEngine> {
  const messages: ListeningEngine["messages"] = [];
  const server = new Server();
  server.addService(engineServices.EngineService, {
    log: (call, answer) => {
      messages.push({ text: call.request.getMessage(), urn: call.request.getUrn() });
      answer(null, new empty.Empty());
    },
  } satisfies Pick<IEngineServer, "log">);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, messages, stop: () => server.forceShutdown() };
}

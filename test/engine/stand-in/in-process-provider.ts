import { credentials, type Server } from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { startServer } from "./engine-service.ts";
import type { ProviderProcess } from "./provider-process.ts";
import { GRPC_OPTIONS } from "./wire.ts";

/** Lets a server be a provider; called anew for each provider of each operation, as a process would be started. */
export type InProcessProvider = (server: Server, engineAddress: string) => void;

/** Serves a provider from this process. It is spoken to as one in a process of its own is: over gRPC on loopback. */
export async function startInProcessProvider(
  provider: InProcessProvider,
  engineAddress: string,
): Promise<ProviderProcess> {
  const { server, address } = await startServer((added) => provider(added, engineAddress));
  const client = new providerServices.ResourceProviderClient(
    address,
    credentials.createInsecure(),
    // A port may soon belong to another provider: no connection is shared with that one.
    { ...GRPC_OPTIONS, "grpc.use_local_subchannel_pool": 1 },
  );
  return {
    client,
    kill: async () => {
      client.close();
      server.forceShutdown();
    },
  };
}

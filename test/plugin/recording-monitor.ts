import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, toStruct, type Wire } from "./provider.ts";

/** The side of an engine that programs and components register resources with. It makes none. */
export interface RecordingMonitor {
  readonly address: string;
  readonly registered: { readonly type: string; readonly name: string; readonly inputs: Wire }[];
  stop(): void;
}

/** Starts a monitor that answers each registration with the resource's own inputs. */
export async function startMonitor(): Promise<RecordingMonitor> {
  const registered: RecordingMonitor["registered"] = [];
  const server = new Server();
  server.addService(resourceServices.ResourceMonitorService, {
    supportsFeature: (call, answer) => {
      const response = new resourceMessages.SupportsFeatureResponse();
      const id = call.request.getId();
      response.setHassupport(["secrets", "resourceReferences", "outputValues"].includes(id));
      answer(null, response);
    },
    registerResource: (call, answer) => {
      const [type, name] = [call.request.getType(), call.request.getName()];
      registered.push({ type, name, inputs: fromStruct(call.request.getObject()) });
      const response = new resourceMessages.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:dev::shop::${type}::${name}`);
      response.setId(call.request.getCustom() ? `id-of-${name}` : "");
      response.setObject(toStruct({ ...fromStruct(call.request.getObject()), tokenId: "1", value: "v" }));
      answer(null, response);
    },
    registerResourceOutputs: (_call, answer) => answer(null, new empty.Empty()),
  } satisfies Partial<IResourceMonitorServer>);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, registered, stop: () => server.forceShutdown() };
}

/** The messages of Pulumi's provider protocol that the plugin uses, each under its own name. */
export { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
export { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
export { InputPropertiesError } from "@pulumi/pulumi/proto/errors_pb";
export { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
export {
  type IResourceProviderServer,
  ResourceProviderClient,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
export {
  type CallRequest,
  type CallResponse,
  CheckFailure,
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type ConstructRequest,
  type ConstructResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  type GetSchemaRequest,
  GetSchemaResponse,
  type InvokeRequest,
  InvokeResponse,
  PropertyDiff,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
export { Status } from "@pulumi/pulumi/proto/status_pb";

import { Server } from "@grpc/grpc-js";

/** Path of the request by which an engine cancels what a provider does. */
const cancelPath = "/pulumirpc.ResourceProvider/Cancel";

/**
 * Calls `cancel` when the engine cancels the deployment. The dynamic host answers that request by itself and tells no
 * provider of it, so the one place where it can be heard is the server that looks up the handler of each request. That
 * is no public interface of the library: where it is not there any more, waits last until their own time is up.
 */
export function onCancel(cancel: () => void): void {
  const server = Server.prototype as unknown as { _retrieveHandler?: (path: string) => unknown };
  const retrieve = server._retrieveHandler;
  if (typeof retrieve !== "function") return;
  server._retrieveHandler = function (path) {
    if (path === cancelPath) cancel();
    return retrieve.call(this, path);
  };
}
